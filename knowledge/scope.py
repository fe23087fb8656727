"""For whom an answer is looked for: only entries that speak for this parent are scored."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Scope(NamedTuple):
    """What limits the entries of a search; what is None limits nothing.

    `day` leaves out entries past their last valid day, `age` (of `entry.AGES`) those written for
    other ages alone, `area` (a path of the organisation, `gz/tianhe`) those of other areas.
    """

    day: date | None = None
    age: str | None = None
    area: str | None = None

    def is_within(self, area: str) -> bool:
        """Say whether an entry of this area speaks for the scope's area: its own or one above."""
        return not area or self.area is None or f"{self.area}/".startswith(f"{area}/")


EVERYWHERE = Scope()
