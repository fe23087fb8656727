"""The calendar's rows: read, listed by month, added, changed, taken away."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calendar.days import Calendar, Entry, Kind
from bot.calendar.tables import calendar_days
from bot.errors import InvalidInput, NotFound

SEED_FILE = Path(__file__).with_name("seed.yaml")
#: Days a row may hold: a term has about 140, no holiday has more.
DAYS_MAX = 200
_rows = calendar_days.c


@dataclass(frozen=True, slots=True)
class Kept:
    """One row: an entry, where it is from and when somebody read that, and how often it changed."""

    kind: Kind
    first: date
    last: date
    name: str
    source: str
    reviewed_on: date
    id: int = 0
    revision: int = 1

    @property
    def days(self) -> int:
        """Return how many days it holds."""
        return (self.last - self.first).days + 1


async def load(tx: AsyncConnection) -> Calendar:
    """Return the calendar as it stands."""
    found = await tx.execute(select(_rows.kind, _rows.first, _rows.last, _rows.name))
    return Calendar(Entry(Kind(r.kind), r.first, r.last, r.name) for r in found)


async def listed(tx: AsyncConnection, first: date, last: date) -> list[Kept]:
    """Return the rows that touch these days, by their first."""
    wanted = _all().where(_rows.first <= last, _rows.last >= first)
    found = await tx.execute(wanted.order_by(_rows.first, _rows.last, _rows.id))
    return [_kept(row) for row in found]


async def get(tx: AsyncConnection, number: int) -> Kept:
    """Return one row.

    Raises:
        NotFound: there is none of this number.
    """
    row = (await tx.execute(_all().where(_rows.id == number))).first()
    if row is None:
        raise NotFound
    return _kept(row)


async def add(tx: AsyncConnection, entry: Kept, now: datetime, by: int | None) -> int:
    """Add a row; returns its number.

    Raises:
        InvalidInput: a key of the reason.
    """
    await _check(tx, entry)
    values = _values(entry) | {"revision": 1, "changed_at": now, "changed_by": by}
    made = await tx.execute(insert(calendar_days).values(values).returning(_rows.id))
    return int(made.scalar_one())


async def change(tx: AsyncConnection, entry: Kept, now: datetime, by: int) -> None:
    """Change a row that still stands at the revision given.

    Raises:
        InvalidInput: a key of the reason; `calendar.changed_meanwhile` when somebody was faster.
    """
    await _check(tx, entry)
    mine = (_rows.id == entry.id, _rows.revision == entry.revision)
    values = _values(entry) | {"changed_at": now, "changed_by": by}
    done = await tx.execute(
        update(calendar_days).where(*mine).values(values | {"revision": entry.revision + 1})
    )
    if done.rowcount != 1:
        raise InvalidInput("calendar.changed_meanwhile")


async def remove(tx: AsyncConnection, number: int) -> None:
    """Take a row away."""
    await tx.execute(delete(calendar_days).where(_rows.id == number))


async def seed(tx: AsyncConnection, now: datetime) -> int:
    """Fill an empty calendar with seed.yaml; returns how many rows were added."""
    if await tx.scalar(select(func.count()).select_from(calendar_days)):
        return 0
    days = yaml.safe_load(SEED_FILE.read_text(encoding="utf-8"))["days"]
    for row in days:
        await add(tx, Kept(**row | {"kind": Kind(row["kind"])}), now, None)
    return len(days)


async def _check(tx: AsyncConnection, entry: Kept) -> None:
    if entry.last < entry.first:
        raise InvalidInput("calendar.backwards")
    if entry.days > DAYS_MAX:
        raise InvalidInput("calendar.too_long")
    same = select(_rows.id).where(
        _rows.kind == entry.kind, _rows.first <= entry.last, _rows.last >= entry.first,
        _rows.id != entry.id,
    )  # fmt: skip
    if (await tx.execute(same.limit(1))).first() is not None:
        raise InvalidInput("calendar.overlaps")


def _all() -> Select[Any]:
    return select(*(_rows[name] for name in Kept.__dataclass_fields__))


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        Kind(row.kind), row.first, row.last, row.name, row.source, row.reviewed_on,
        row.id, row.revision,
    )  # fmt: skip


def _values(entry: Kept) -> dict[str, Any]:
    kept = asdict(entry)
    return {name: kept[name] for name in ("kind", "first", "last", "name", "source", "reviewed_on")}
