"""Call counters per API path: by day in Beijing, by minute, and the right to clear them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.config import SandboxConfig


# Mass sends of all kinds share a day's and a minute's quota.
# Source: API call limits page, developers.weixin.qq.com/doc/service, read 2026-10.
TOGETHER = ("/cgi-bin/message/mass/send", "/cgi-bin/message/mass/sendall")


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
        if path in config.daily_limits and self.used_by(path) >= config.daily_limits[path]:
            raise ApiError(45009)
        if path in config.minute_limits and self._in_minute(path) >= config.minute_limits[path]:
            raise ApiError(45011)
        self.used[path] += 1
        self.used_minute[path] += 1

    def used_by(self, path: str) -> int:
        """Return the day's calls of a path and of those that share its quota."""
        return sum(self.used[other] for other in _sharing(path))

    def _in_minute(self, path: str) -> int:
        return sum(self.used_minute[other] for other in _sharing(path))

    def turn(self, day: str, now: float) -> None:
        """Drop the counts of a day or a minute that is over."""
        if day != self.day:
            self.day, self.used = day, Counter()
        if int(now // 60) != self.minute:
            self.minute, self.used_minute = int(now // 60), Counter()

    def clear_path(self, config: SandboxConfig, path: str, day: str) -> None:
        """Set one path's counter to zero.

        Raises:
            ApiError: 48006 after the month's allowance.

        Source: openapi/quota/clear page: 50 a month, developers.weixin.qq.com, read 2026-10.

        """
        month = f"path:{day[:7]}"
        if self.cleared[month] >= config.clear_path_max:
            raise ApiError(48006)
        self.cleared[month] += 1
        self.used.pop(path, None)

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


def _sharing(path: str) -> tuple[str, ...]:
    return TOGETHER if path in TOGETHER else (path,)
