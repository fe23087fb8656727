"""What this process has done, counted in memory: bot/ops/metrics.py shows it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

#: Upper bounds of the latency histogram in seconds; the last counts end at the platform's 5 s.
BOUNDS_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.5)


class Tally:
    """Plain counters: an update costs less than a microsecond (docs/performance.md).

    Threads may write while another reads; a count read may be one behind.
    """

    __slots__ = ("buckets", "late", "messages", "refused", "seconds")

    def __init__(self) -> None:
        #: By kind of message, intent and band; each is a word of our own code.
        self.messages: Counter[tuple[str, str, str]] = Counter()
        #: Pushes turned away, by HTTP status.
        self.refused: Counter[int] = Counter()
        #: Late answers, by outcome.
        self.late: Counter[str] = Counter()
        #: Answered pushes by time taken; one more than there are bounds.
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.seconds = 0.0

    def took(self, seconds: float) -> None:
        """Count one answered push."""
        self.buckets[bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds += seconds
