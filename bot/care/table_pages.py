"""The duty table: who is called first, at which hours, for which place and how grave a matter."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.care import roster
from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import NotFound
from bot.org import tree
from bot.people.holders import holders
from bot.safety.tables import slots

EDIT = "duty.edit"
_PLACES = 20
_SEVERITIES = (1, 2, 3)
_DAYS = range(8)


async def show(visit: Visit) -> web.Response:
    """Show the table, who is on duty now, and the form for one more slot."""
    return await _page(visit, visit.blank(begins="09:00", ends="18:00", place="1", severity="1"))


async def add(visit: Visit) -> web.Response:
    """Add a slot."""
    form = await visit.form()
    begins = roster.minutes(form.text("begins", most=5))
    ends = roster.minutes(form.text("ends", most=5))
    for name, value in (("begins", begins), ("ends", ends)):
        if value is None:
            form.wrong(name, "duty.time")
    row = {"begins": begins, "ends": ends, "severity": form.whole("severity", 1, 3)}
    row |= {"weekday": form.whole("weekday", 0, 7), "place": form.whole("place", 1, _PLACES)}
    area, who = form.values.get("area", ""), form.whole("staff", 1, 99_999_999)
    async with visit.rt.db.write() as tx:
        if area not in {path for path, _ in await _places(visit, tx)}:
            form.wrong("area", "form.choose")
        if form and who not in await holders(tx, roster.ANSWER, area):
            form.wrong("staff", "duty.cannot")
        if form:
            await tx.execute(insert(slots).values(**row, area=area, staff=who))
            await audit.note(visit.rt, tx, visit.actor, "duty.slot_added", f"staff:{who}", slot=row)
    if not form:
        return await _page(visit, form)
    return visit.redirect("/duty/table", done="duty.slot_done")


async def remove(visit: Visit) -> web.Response:
    """Take a slot out."""
    number = visit.number("slot")
    async with visit.rt.db.write() as tx:
        row = (await tx.execute(select(slots).where(slots.c.id == number))).first()
        if row is None:
            raise NotFound
        await tx.execute(delete(slots).where(slots.c.id == number))
        await audit.note(visit.rt, tx, visit.actor, "duty.slot_removed", f"staff:{row.staff}")
    return visit.redirect("/duty/table", done="duty.slot_gone")


async def _page(visit: Visit, form: Form) -> web.Response:
    async with visit.rt.db.read() as tx:
        rows = roster.order((await tx.execute(select(slots))).all())
        people = await holders(tx, roster.ANSWER, None)
        places = await _places(visit, tx)
        first, everybody = await roster.on_duty(tx, "", 3, visit.now)
    names = dict(places)
    return visit.render(
        "care/table.html",
        status=HTTPStatus.OK if form else HTTPStatus.UNPROCESSABLE_ENTITY,
        rows=[
            {
                "id": row.id,
                "day": visit.text(f"duty.day_{row.weekday}"),
                "time": f"{roster.spelt(row.begins)}-{roster.spelt(row.ends)}",
                "who": people.get(row.staff, ""),
                "area": names.get(row.area, row.area),
                "severity": visit.text(f"duty.least_{row.severity}"),
                "place": row.place,
                "is_now": roster.covers(row, visit.now),
            }
            for row in rows
        ],
        form=form,
        first=[people.get(number, "") for number in first],
        all=[people.get(number, "") for number in everybody],
        people=[(str(number), name) for number, name in people.items()],
        places=places,
        days=[(str(n), visit.text(f"duty.day_{n}")) for n in _DAYS],
        severities=[(str(n), visit.text(f"duty.least_{n}")) for n in _SEVERITIES],
    )


async def _places(visit: Visit, tx: AsyncConnection) -> list[tuple[str, str]]:
    """Return the city as a whole, and its districts."""
    districts = [(unit.path, unit.name) for unit in await tree.districts(tx)]
    return [("", visit.text("duty.city")), *districts]


PAGES: tuple[Page, ...] = (
    get("/duty/table", EDIT, show),
    post("/duty/table", EDIT, add),
    post("/duty/table/{slot}/remove", EDIT, remove),
)
