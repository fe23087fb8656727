"""The sandbox's own clock: it runs with the machine, moves by hand, and can stand still."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


class Clock:
    """Seconds since 1970 with an offset; `monotonic` never moves by hand."""

    def __init__(self, frozen_at: float = 0.0) -> None:
        self._offset_s = 0.0
        self._frozen_at: float | None = frozen_at or None

    @property
    def is_frozen(self) -> bool:
        """Whether the hands stand still."""
        return self._frozen_at is not None

    def now(self) -> float:
        """Return seconds since 1970 as the hands show them."""
        if self._frozen_at is not None:
            return self._frozen_at
        return time.time() + self._offset_s  # noqa: TID251 - this clock is its own source

    def move(self, seconds: float) -> None:
        """Move the hands forward; a negative number moves them back."""
        if self._frozen_at is None:
            self._offset_s += seconds
        else:
            self._frozen_at += seconds

    def freeze(self, at: float | None = None) -> None:
        """Stop the hands, at this instant or where they are."""
        self._frozen_at = self.now() if at is None else at

    def thaw(self) -> None:
        """Let the hands run on from where they stand."""
        if self._frozen_at is not None:
            self._offset_s = self._frozen_at - time.time()  # noqa: TID251 - as in `now`
            self._frozen_at = None

    def day(self) -> str:
        """Return the day in Beijing, the day of every quota."""
        return datetime.fromtimestamp(self.now(), UTC).astimezone(BEIJING).date().isoformat()

    @staticmethod
    def monotonic() -> float:
        """Return seconds for measuring how long something took."""
        return time.perf_counter()
