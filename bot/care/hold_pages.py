"""Legal holds: which records are kept against deletion, until when, and the end of one by hand."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web
from sqlalchemy import select, update

from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.people import holding
from bot.people.families import holds
from bot.people.tables import staff

READ, LIFT = "holds.read", "holds.lift"
_SHOWN = 200
_REASON_LEAST, _REASON_MOST = 6, 200


async def show(visit: Visit) -> web.Response:
    """Show the holds, those that stand first."""
    return await _page(visit, visit.blank(), 0)


async def lift(visit: Visit) -> web.Response:
    """End a hold before its day, with a reason; a wished deletion is done within minutes."""
    number, form = visit.number("hold"), await visit.form()
    reason = form.text("reason", most=_REASON_MOST)
    if reason and len(reason) < _REASON_LEAST:
        form.wrong("reason", "holds.reason", least=_REASON_LEAST)
    if not form:
        return await _page(visit, form, number)
    async with visit.rt.db.write() as tx:
        done = await tx.execute(
            update(holds)
            .where(holds.c.id == number, holding.stands(visit.now))
            .values(lifted_at=visit.now, lifted_by=visit.actor.id)
        )
        if done.rowcount != 1:
            raise InvalidInput("holds.over")
        await audit.note(visit.rt, tx, visit.actor, "holds.lifted", f"hold:{number}", why=reason)
    return visit.redirect("/holds", done="holds.done")


async def _page(visit: Visit, form: Form, failed: int) -> web.Response:
    ends = (holds.c.lifted_at.is_not(None), holds.c.id.desc())
    wanted = (
        select(holds, staff.c.name.label("lifter"))
        .outerjoin(staff, staff.c.id == holds.c.lifted_by)
        .order_by(*ends)
        .limit(_SHOWN)
    )
    async with visit.rt.db.read() as tx:
        rows = (await tx.execute(wanted)).all()
    return visit.render(
        "care/holds.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK,
        rows=[(row, row.lifted_at is None and row.until > visit.now) for row in rows],
        form=form,
        failed=failed,
        least=_REASON_LEAST,
    )


PAGES: tuple[Page, ...] = (
    get("/holds", READ, show),
    post("/holds/{hold}/lift", LIFT, lift),
)
