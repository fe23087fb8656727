"""How long parents wait: a histogram in memory, added to the database once a minute."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from bot.clock import day
from bot.db.upsert import upsert
from bot.dialogue.tables import latency
from bot.runtime import Runtime

#: Upper bounds in milliseconds; beyond the last one an answer is late.
BOUNDS_MS = (5, 10, 20, 50, 100, 250, 500, 1000, 2500, 4500)
_BEYOND = 0


class Timing:
    """Counts since the last `save`; a note costs less than a microsecond."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS_MS) + 1)

    def note(self, seconds: float) -> None:
        """Count one message from its arrival to its commit."""
        self._counts[bisect_left(BOUNDS_MS, seconds * 1000)] += 1

    async def save(self, rt: Runtime) -> None:
        """Add what was counted to today's rows and begin anew.

        Raises:
            StoreAway: the database does not take it; the counts are kept for the next time.
        """
        counts, today = list(self._counts), day(rt.clock.now())
        bounds = (*BOUNDS_MS, _BEYOND)
        rows = [
            {"day": today, "within_ms": bound, "count": count}
            for bound, count in zip(bounds, counts, strict=True)
            if count
        ]
        if not rows:
            return
        add = upsert(
            latency, ("day", "within_ms"), ("count",), is_sqlite=rt.db.is_sqlite, adds=True
        )
        async with rt.db.write() as tx:
            await tx.execute(add, rows)
        for n, count in enumerate(counts):
            self._counts[n] -= count


def percentile(counts: Counter[int], share: float) -> int | None:
    """Return the bound that this share of the messages kept; None: they took longer than all."""
    wanted, kept = share * counts.total(), 0
    for bound in BOUNDS_MS:
        kept += counts[bound]
        if kept >= wanted:
            return bound
    return None
