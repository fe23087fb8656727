"""The one source of time: aware UTC instants, a monotonic clock, and the day in Guangzhou."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

GUANGZHOU = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What the service asks of time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def timestamp(self) -> float:
        """Return seconds since 1970."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back; only differences mean anything."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)  # noqa: TID251 - the one place

    def timestamp(self) -> float:
        """Return seconds since 1970."""
        return time.time()  # noqa: TID251 - the one place

    def monotonic(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()


class HandClock:
    """A clock that tests turn by hand; `monotonic` moves with it."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)
        self._start = self._at

    def turn(self, **by: float) -> None:
        """Move forward by `timedelta(**by)`; negative values go back."""
        self._at += timedelta(**by)

    def now(self) -> datetime:
        """Return the instant the hands show."""
        return self._at

    def timestamp(self) -> float:
        """Return seconds since 1970."""
        return self._at.timestamp()

    def monotonic(self) -> float:
        """Return seconds since this clock was made."""
        return (self._at - self._start).total_seconds()


def day(instant: datetime) -> date:
    """Return the calendar day in Guangzhou, the day of quotas and publicity weeks."""
    return instant.astimezone(GUANGZHOU).date()
