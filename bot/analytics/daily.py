"""Days into facts: what the records of answers and the alerts of one day amount to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import NamedTuple

from sqlalchemy import ColumnElement, CursorResult, delete, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analytics.cells import LEAST, Cell, Kind, lots
from bot.analytics.tables import ALL, counted, facts
from bot.clock import GUANGZHOU
from bot.handoff.tables import alerts
from bot.library.tables import decisions

_CHUNK = 2000


class Event(NamedTuple):
    """One thing that is counted."""

    area: str
    stage: str
    topic: str
    kind: str
    asker: str


class Place(NamedTuple):
    """Where a fact counts; `ALL` in a field: everywhere."""

    area: str
    stage: str
    topic: str
    kind: str


Seen = tuple[ColumnElement[bool], ColumnElement[bool]]
_EVERYTHING: Seen = (true(), true())


#: An answer the account brought later: nobody asked at that moment.
_TOLD = "told"


async def events(tx: AsyncConnection, day: date, seen: Seen = _EVERYTHING) -> list[Event]:
    """Return what happened on a day; `seen` are conditions on decisions and on alerts."""
    first, last = bounds(day)
    table = decisions
    rows = await tx.execute(
        select(
            table.c.area, table.c.stage, table.c.topic, table.c.band, table.c.rule,
            table.c.feedback, table.c.asker,
        ).where(table.c.at >= first, table.c.at < last, table.c.rule != _TOLD, seen[0])
    )  # fmt: skip
    found = []
    for area, stage, topic, band, rule, feedback, asker in rows:
        kind = Kind.CHOICE if rule == "choice" else band
        found.append(Event(area, stage, topic, kind, asker))
        if feedback:
            vote = Kind.HELPFUL if feedback > 0 else Kind.UNHELPFUL
            found.append(Event(area, stage, topic, vote, asker))
    return found + await _crises(tx, first, last, seen[1])


async def _crises(
    tx: AsyncConnection, first: datetime, last: datetime, seen: ColumnElement[bool]
) -> list[Event]:
    """Return the crises; the row that only keeps the answer to our question is none."""
    rows = await tx.execute(
        select(alerts.c.area, alerts.c.stage, alerts.c.asker).where(
            alerts.c.at >= first,
            alerts.c.at < last,
            alerts.c.kind == "crisis",
            alerts.c.choice.is_(None),
            seen,
        )
    )
    return [Event(area, stage, "", Kind.CRISIS, asker) for area, stage, asker in rows]


def count(found: Iterable[Event]) -> Mapping[Place, Cell]:
    """Return the cells of one day's events, each dimension also taken together."""
    people: dict[Place, list[str]] = {}
    for area, stage, topic, kind, asker in found:
        for place in product(_areas(area), (stage, ALL), (topic, ALL)):
            people.setdefault(Place(*place, kind), []).append(asker)
    return {place: cell(askers) for place, askers in people.items()}


def _areas(area: str) -> tuple[str, ...]:
    city = area.partition("/")[0]
    return (area, f"{city}/{ALL}", ALL) if city else (area, ALL)


def cell(askers: list[str]) -> Cell:
    """Return the cell of what these people did, one of them for each time."""
    different = set(askers)
    # one day with enough people is enough: nobody needs to know which lots they fall on
    bits = lots(different) if len(different) < LEAST else 0
    return Cell(len(askers), len(different), bits)


async def keep(tx: AsyncConnection, day: date, cells: Mapping[Place, Cell], now: datetime) -> None:
    """Put a day's facts in the place of those it may have already."""
    known: CursorResult[tuple[()]] = await tx.execute(delete(counted).where(counted.c.day == day))
    if known.rowcount:
        await tx.execute(delete(facts).where(facts.c.day == day))
    rows = list(_rows(day, cells))
    for start in range(0, len(rows), _CHUNK):
        await tx.execute(insert(facts), rows[start : start + _CHUNK])
    await tx.execute(insert(counted).values(day=day, counted_at=now))


def _rows(day: date, cells: Mapping[Place, Cell]) -> Iterator[dict[str, object]]:
    for place, cell in cells.items():
        yield {
            **place._asdict(),
            "day": day,
            "count": cell.count,
            "askers": cell.day_askers,
            "lots": cell.lots,
        }


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return the instants a day in Guangzhou begins and ends at."""
    first = datetime.combine(day, time(), GUANGZHOU)
    return first, first + timedelta(days=1)
