"""False alarms: which rule called, how often, and how often the parent said it was a slip."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web
from sqlalchemy import case, func, select

from bot.console.page import Page, get
from bot.console.visit import Visit
from bot.safety.tables import alarms
from bot.safety.words import SLIP

TUNE = "crisis.tune"
_DAYS = 90
_LEAST = 1


async def listed(visit: Visit) -> web.Response:
    """Show the rules with slips within the last months; never a word of a parent."""
    is_slip = (alarms.c.choice == SLIP) | (alarms.c.outcome == "slip")
    slips = func.sum(case((is_slip, 1), else_=0))
    since = visit.now - timedelta(days=_DAYS)
    wanted = (
        select(
            alarms.c.rule,
            alarms.c.category,
            func.count().label("alarms"),
            slips.label("slips"),
            func.max(alarms.c.raised_at).label("last"),
        )
        .where(alarms.c.raised_at >= since)
        .group_by(alarms.c.rule, alarms.c.category)
        .having(slips >= _LEAST)
        .order_by(slips.desc(), alarms.c.rule)
    )
    async with visit.rt.db.read() as tx:
        rows = (await tx.execute(wanted)).all()
    return visit.render("care/slips.html", rows=rows, days=_DAYS)


PAGES: tuple[Page, ...] = (get("/duty/slips", TUNE, listed),)
