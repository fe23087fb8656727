"""Who did what: the log with its filters, the check of its chain, and its export."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from bot.admin import records
from bot.console import audit, sheets
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit

_FILTERS = ("who", "action", "target", "since", "until")


async def listed(visit: Visit, *, verdict: audit.Verdict | None = None) -> web.Response:
    """Show the rows that fit."""
    wanted = _wanted(visit)
    async with visit.rt.db.read() as tx:
        page = Pager.of(visit, await records.count(tx, visit.actor, wanted))
        rows = await records.listed(tx, visit.actor, wanted, offset=page.offset, limit=page.size)
    form = visit.blank(
        None, **{n: visit.query(n) for n in ("who", "action", "target", "since", "until")}
    )
    return visit.render(
        "admin/audit.html", rows=rows, page=page, form=form, verdict=verdict,
        can_verify=visit.may(records.READ, "", ""), actions=visit.renderer.actions,
    )  # fmt: skip


def _wanted(visit: Visit) -> records.Wanted:
    action = visit.query("action")
    return records.Wanted(
        who=visit.query("who"),
        actions=[action] if action else None,
        target=visit.query("target"),
        since=_day(visit.query("since")),
        until=_day(visit.query("until")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def verify(visit: Visit) -> web.Response:
    """Walk the whole chain and say whether it is whole.

    Raises:
        NotAllowed: the person sees only a part of it.
    """
    visit.actor.require(records.READ, "", "")
    verdict = await audit.verify(visit.rt)
    async with visit.rt.db.write() as tx:
        await audit.note(
            visit.rt, tx, visit.actor, "audit.verified", rows=verdict.rows, broken=verdict.broken
        )
    return await listed(visit, verdict=verdict)


async def export(visit: Visit) -> web.Response:
    """Return the rows that fit as CSV; the export itself is noted first."""
    wanted = _wanted(visit)
    area = next(iter(visit.actor.areas(records.READ)), "")
    async with visit.rt.db.write() as tx:
        rows = await records.listed(tx, visit.actor, wanted)
        await audit.note(visit.rt, tx, visit.actor, "audit.exported", area=area, rows=len(rows))
    head = [visit.text(f"audit.column.{n}") for n in
            ("number", "at", "login", "action", "target", "area", "detail")]  # fmt: skip
    cells = (
        (r.number, r.at.isoformat(), r.login, visit.renderer.actions.get(r.action, r.action),
         r.target, r.area, r.detail)
        for r in rows
    )  # fmt: skip
    content = sheets.as_csv(head, cells)
    return visit.download(f"audit-{visit.today.isoformat()}.csv", content, "text/csv")


PAGES: tuple[Page, ...] = (
    get("/audit", records.READ, listed),
    post("/audit/verify", records.READ, verify),
    post("/audit/export", records.READ, export),
)
