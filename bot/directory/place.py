"""Place: one row of the directory as a value; whether it may be shown as a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody or some place that helps; texts are empty where nothing is known."""

    code: str
    name: str
    kind: str
    level: str
    area: str
    street: str = ""
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    phones: str = ""
    hours: str = ""
    booking: str = ""
    fee: str = ""
    services: str = ""
    topics: str = ""
    audience: str = ""
    ages: str = ""
    languages: str = ""
    accessibility: str = ""
    operator: str = ""
    note: str = ""
    source_url: str = ""
    verified_by: str = ""
    verified_at: date | None = None
    valid_until: date | None = None
    status: str = "unverified"

    def is_sure(self, today: date) -> bool:
        """Say whether its facts hold today; otherwise parents are told to call first."""
        in_time = self.valid_until is None or today <= self.valid_until
        return self.status == "active" and in_time

    def to_row(self) -> dict[str, Any]:
        """Return the columns of its row."""
        return {name: getattr(self, name) for name in FIELDS}

    @classmethod
    def from_row(cls, row: Any) -> Place:
        """Read a row of the table."""
        return cls(**{name: getattr(row, name) for name in FIELDS})

    def to_json(self) -> dict[str, Any]:
        """Return it for a run that waits to be taken in."""
        row = self.to_row()
        return row | {k: row[k].isoformat() if row[k] else None for k in _DAYS}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Place:
        """Read what `to_json` returned."""
        days = {k: date.fromisoformat(data[k]) if data[k] else None for k in _DAYS}
        return cls(**data | days)


_DAYS = ("verified_at", "valid_until")
FIELDS = tuple(Place.__dataclass_fields__)
