"""The funnel is counted once a day: figures that move by the hour could be subtracted."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select

from bot.analytics import funnel_counting
from bot.analytics.tables import funnel
from bot.clock import day
from bot.logs import log
from bot.runtime import Runtime

_CHUNK = 2000


async def count_funnel(rt: Runtime) -> int:
    """Count the funnel, if nobody has today; returns how many figures there are, else 0.

    Only what may be shown is kept, and yesterday's figures go with the same transaction.
    """
    now = rt.clock.now()
    async with rt.db.read() as tx:
        last = await tx.scalar(select(func.max(funnel.c.counted_at)))
        if last is not None and day(last) == day(now):
            return 0
        made = await funnel_counting.count(tx, rt.settings.wechat_account_id)
    if made is None:
        return 0
    rows = [
        {**key._asdict(), "count": count, "counted_at": now}
        for key, count in made.figures().items()
    ]
    async with rt.db.write() as tx:
        await tx.execute(delete(funnel))
        for start in range(0, len(rows), _CHUNK):
            await tx.execute(insert(funnel), rows[start : start + _CHUNK])
    log.info("funnel_counted", figures=len(rows))
    return len(rows)
