"""What time does to surges."""

from __future__ import annotations

from datetime import timedelta

from bot.pinned import surge_actions
from bot.runtime import Runtime


async def forget_surges(rt: Runtime) -> int:
    """Delete surges with the days of the decisions they speak of; returns how many."""
    before = rt.clock.now() - timedelta(days=rt.settings.decision_days)
    async with rt.db.write() as tx:
        return await surge_actions.forget(tx, before)
