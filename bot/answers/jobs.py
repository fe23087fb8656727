"""What time does to answers: records go after their days."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CursorResult, delete

from bot.library.tables import decisions
from bot.logs import log
from bot.runtime import Runtime


async def forget_old(rt: Runtime) -> int:
    """Delete answer records past `decision_days`; returns how many."""
    limit = rt.clock.now() - timedelta(days=rt.settings.decision_days)
    async with rt.db.write() as tx:
        gone: CursorResult[tuple[()]] = await tx.execute(
            delete(decisions).where(decisions.c.at < limit)
        )
    log.info("decisions_forgotten", rows=gone.rowcount)
    return gone.rowcount
