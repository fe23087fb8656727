"""Alarms: who must act now, on every page of the console and on one of their own."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.care import alarms as told
from bot.care.roster import ANSWER
from bot.console import live
from bot.console.live import State
from bot.console.page import Page, get, post
from bot.console.start_pages import Card
from bot.console.visit import PREFIX, Visit
from bot.org import tree
from bot.people.actor import Actor
from bot.people.tables import staff
from bot.safety.rules import rules
from bot.safety.tables import alarms

TABS = ("open", "closed")
_BANNER = 3


async def listed(visit: Visit) -> web.Response:
    """Show the alarms of a tab with their steps, what waits first."""
    tab = visit.query("tab") if visit.query("tab") in TABS else TABS[0]
    async with visit.rt.db.read() as tx:
        rows = await told.listed(tx, visit.actor, is_open=tab == "open")
        shown = await _shown(tx, rows)
    name = "duty_rows" if visit.is_partial else "duty"
    return visit.render(
        f"care/{name}.html", shown=shown, tab=tab, tabs=TABS, outcomes=_outcomes(visit)
    )


async def _shown(tx: AsyncConnection, rows: Any) -> list[dict[str, Any]]:
    story = await told.history(tx, [row.code for row in rows])
    places = await tree.named(tx, [row.area for row in rows])
    numbers = {s.staff for one in story.values() for s in one if s.staff is not None}
    found = await tx.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(numbers)))
    names = {row.id: row.name for row in found}
    return [
        {
            "row": row,
            "place": places[row.area].name if row.area in places else "",
            "steps": [(s, names.get(s.staff or 0, "")) for s in story.get(row.code, ())],
        }
        for row in rows
    ]


def _outcomes(visit: Visit) -> list[tuple[str, str]]:
    return [(name, visit.text(f"duty.outcome_{name}")) for name in rules().outcomes]


async def banner(visit: Visit) -> web.Response:
    """Show the alarms that call this person, for the top of every page."""
    async with visit.rt.db.read() as tx:
        rows = await told.calling(tx, visit.actor, visit.now)
    return visit.render("care/duty_banner.html", rows=rows[:_BANNER], more=len(rows) - _BANNER)


async def take(visit: Visit) -> web.Response:
    """Take an alarm up: nobody else is called any more."""
    async with visit.rt.db.write() as tx:
        await told.take(visit.rt, tx, visit.actor, visit.number("alarm"))
    return visit.redirect("/duty", done="duty.taken_done")


async def close(visit: Visit) -> web.Response:
    """Close an alarm with what came of it."""
    async with visit.rt.db.read() as tx:
        await told.get(tx, visit.actor, visit.number("alarm"))
    form = await visit.form()
    outcome = form.one_of("outcome", rules().outcomes)
    if not form:
        return visit.redirect("/duty", done="duty.outcome_warning")
    async with visit.rt.db.write() as tx:
        await told.close(visit.rt, tx, visit.actor, visit.number("alarm"), outcome)
    return visit.redirect("/duty", done="duty.closed_done")


async def _whole(tx: AsyncConnection) -> State:
    return tuple((await tx.execute(select(func.max(alarms.c.changed_at), func.count()))).one())


async def _mine(tx: AsyncConnection, actor: Actor) -> State:
    changed = await tx.scalar(select(func.max(alarms.c.changed_at)).where(told.seen(actor)))
    waiting, open_ones = await told.counts(tx, actor)
    if changed is None:
        return None, 0, waiting, open_ones
    mine = await told.calling(tx, actor, changed)
    return changed, len(mine), waiting, open_ones


THEME = live.Theme(
    "duty", ANSWER, _whole, _mine, said=lambda s: {"mine": s[1], "waiting": s[2], "open": s[3]}
)


async def events(visit: Visit) -> web.StreamResponse:
    """Tell every page of somebody who may answer when an alarm changed."""
    return await live.stream(visit, THEME)


async def badge(visit: Visit) -> int | None:
    """Return how many alarms nobody has taken up."""
    async with visit.rt.db.read() as tx:
        return (await told.counts(tx, visit.actor))[0] or None


async def cards(visit: Visit) -> list[Card]:
    """Return the card of the first page, while alarms are open."""
    if not visit.may(ANSWER):
        return []
    async with visit.rt.db.read() as tx:
        waiting, open_ones = await told.counts(tx, visit.actor)
    if not open_ones:
        return []
    kind = "danger" if waiting else "warning"
    text = visit.text("duty.card_text", n=waiting)
    return [Card(visit.text("duty.title"), str(open_ones), text, f"{PREFIX}/duty", "urgent", kind)]


PAGES: tuple[Page, ...] = (
    get("/duty", ANSWER, listed),
    get("/duty/events", ANSWER, events),
    get("/duty/banner", ANSWER, banner),
    post("/duty/{alarm}/take", ANSWER, take),
    post("/duty/{alarm}/close", ANSWER, close),
)
