"""Call counters per API path: by day in Beijing, by minute, and the right to clear them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.config import SandboxConfig


@dataclass
class Quotas:
    """What has been used; counts of another day or minute are dropped when the next call comes."""

    day: str = ""
    used: Counter[str] = field(default_factory=Counter)
    minute: int = 0
    used_minute: Counter[str] = field(default_factory=Counter)
    cleared: Counter[str] = field(default_factory=Counter)

    def count(self, config: SandboxConfig, path: str, day: str, now: float) -> None:
        """Count one call.

        Raises:
            ApiError: 45009 when the day's quota is used up, 45011 for the minute's.

        """
        self.turn(day, now)
        if self.used[path] >= config.daily_limits.get(path, self.used[path] + 1):
            raise ApiError(45009)
        if self.used_minute[path] >= config.minute_limits.get(path, self.used_minute[path] + 1):
            raise ApiError(45011)
        self.used[path] += 1
        self.used_minute[path] += 1

    def turn(self, day: str, now: float) -> None:
        """Drop the counts of a day or a minute that is over."""
        if day != self.day:
            self.day, self.used = day, Counter()
        if int(now // 60) != self.minute:
            self.minute, self.used_minute = int(now // 60), Counter()

    def clear(self, config: SandboxConfig, day: str) -> None:
        """Set the day's counters to zero.

        Raises:
            ApiError: 48006 after the month's allowance.

        Source: clear_quota page: 10 a month together with its second version.

        """
        month = day[:7]
        if self.cleared[month] >= config.clear_quota_max:
            raise ApiError(48006)
        self.cleared[month] += 1
        self.used.clear()
