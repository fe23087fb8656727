"""What time does to figures: days that are over are counted before their records are deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from bot.analytics import daily
from bot.analytics.tables import counted
from bot.clock import day
from bot.handoff.tables import alerts
from bot.library.tables import decisions
from bot.logs import log
from bot.runtime import Runtime

#: Votes may come so long after the day of the question; then the day is counted once more.
SETTLES = timedelta(days=2)


async def count_days(rt: Runtime) -> int:
    """Count the days that are over and not counted, or were before their votes were in.

    Only days whose records are all still there: to count one again after some were deleted would
    lose what is known. Returns how many days were counted; to run it again is safe.
    """
    due = await _due(rt)
    for one in due:
        async with rt.db.read() as tx:
            cells = daily.count(await daily.events(tx, one))
        async with rt.db.write() as tx:
            await daily.keep(tx, one, cells, rt.clock.now())
    if due:
        log.info("days_counted", days=len(due))
    return len(due)


async def _due(rt: Runtime) -> list[date]:
    now = rt.clock.now()
    first = day(now - timedelta(days=rt.settings.decision_days)) + timedelta(days=1)
    async with rt.db.read() as tx:
        starts = [await tx.scalar(select(func.min(t.c.at))) for t in (decisions, alerts)]
        known = {row.day: row.counted_at for row in await tx.execute(select(counted))}
    begun = [day(at) for at in starts if at is not None]
    first = max(first, min(begun, default=day(now)))
    over = (first + timedelta(days=n) for n in range((day(now) - first).days))
    return [d for d in over if d not in known or _is_early(d, known[d], now)]


def _is_early(one: date, counted_at: datetime, now: datetime) -> bool:
    settled = daily.bounds(one)[1] + SETTLES
    return counted_at < settled <= now
