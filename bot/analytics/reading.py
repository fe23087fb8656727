"""Facts and today's records put together, below the rule on small cells: for queries.py alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analytics import daily
from bot.analytics.cells import Cell
from bot.analytics.daily import Event
from bot.analytics.tables import ALL, counted, facts
from bot.handoff.tables import alerts
from bot.library.tables import decisions
from bot.people.actor import Actor
from knowledge.entry import AGES

READ = "dashboard.read"
#: Days that are not counted yet and are read from the records themselves: today and the night.
_LIVE_DAYS = 2


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: days, both included; one district or all in sight; one age band or all."""

    first: date
    last: date
    district: str = ""
    stage: str = ""

    @property
    def days(self) -> int:
        """Return how many days are looked at."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> date:
        """Return the first day of the period before, which is as long."""
        return self.first - timedelta(days=self.days)


#: Cells of the period and of the period before, by what they were grouped by.
Pair = tuple[dict[tuple[Any, str], Cell], dict[tuple[Any, str], Cell]]


@dataclass(slots=True)
class Reader:
    """Reads what one person may see of one view."""

    tx: AsyncConnection
    actor: Actor
    view: View
    #: What is not counted yet, by day.
    live: dict[date, list[Event]] = field(default_factory=dict)
    #: Days of the view nobody has counted: the worker stands still.
    missing: int = 0
    #: The period before is known from its first day on.
    has_before: bool = False

    @classmethod
    async def open(cls, tx: AsyncConnection, actor: Actor, view: View, today: date) -> Reader:
        """Return a reader that has read the days that are not counted yet."""
        made = cls(tx, actor, view)
        rows = await tx.execute(select(counted.c.day).where(counted.c.day >= view.before))
        known = {row.day for row in rows}
        begun = await tx.scalar(select(func.min(counted.c.day))) or today
        made.has_before = begun <= view.before
        for n in range((min(view.last, today) - view.before).days + 1):
            day = view.before + timedelta(days=n)
            if day in known:
                continue
            if day > today - timedelta(days=_LIVE_DAYS):
                made.live[day] = await daily.events(tx, day, made._records())
            elif day >= max(begun, view.first):
                made.missing += 1
        return made

    @property
    def sees_all(self) -> bool:
        """Say whether the person sees the whole city in every topic."""
        return any(not g.area and not g.topic for g in self.actor.giving(READ))

    @property
    def is_part(self) -> bool:
        """Say whether the view is a part of the whole city."""
        return bool(self.view.district or self.view.stage) or not self.sees_all

    async def by(
        self, name: str, *, where: ColumnElement[bool] | None = None, late: bool = False
    ) -> Pair:
        """Return the cells by a column of `daily_fact` and by kind.

        `where` narrows the facts; today's records are grouped by what is in sight, so the caller
        asks the cells for what it wants. `late`: the period before is not needed.
        """
        found: Pair = ({}, {})
        for value, kind, is_now, count, day_askers, lots in await self.tx.execute(
            self._select(name, where, late=late)
        ):
            cells = found[0] if is_now else found[1]
            cells.setdefault((value, kind), Cell()).add(count, day_askers, _merged(lots))
        for day, events in self.live.items():
            if late and day < self.view.first:
                continue
            cells = found[0] if day >= self.view.first else found[1]
            for key, cell in _counted(events, day, name):
                cells.setdefault(key, Cell()).add(cell.count, cell.day_askers, cell.lots)
        return found

    def _select(self, name: str, where: ColumnElement[bool] | None, *, late: bool) -> Select[Any]:
        columns = [facts.c[name], facts.c.kind, self._is_now]
        by_topic = name == "topic" or not self._all_topics
        stages = AGES if name == "stage" else (self.view.stage or ALL,)
        first = self.view.first if late else self.view.before
        made = select(
            *columns,
            func.sum(facts.c.count),
            func.max(facts.c.askers),
            self._merge(facts.c.lots),
        )
        return made.where(
            _within(first, self.view.last, one_by_one=not by_topic),
            self._area(by_area=name == "area"),
            facts.c.stage.in_(stages),
            facts.c.topic != ALL if by_topic else facts.c.topic == ALL,
            self.actor.sees(READ, facts.c.area, facts.c.topic),
            true() if where is None else where,
        ).group_by(*columns)

    @property
    def _is_now(self) -> ColumnElement[int]:
        return case((facts.c.day >= self.view.first, 1), else_=0)

    @property
    def _all_topics(self) -> bool:
        return all(not g.topic for g in self.actor.giving(READ))

    def _merge(self, column: ColumnElement[int]) -> ColumnElement[Any]:
        """Return the bits of all rows: SQLite has no such function, so it lists them."""
        if self.tx.dialect.name == "sqlite":
            return func.group_concat(column)
        return func.bit_or(column)

    def _area(self, *, by_area: bool) -> ColumnElement[bool]:
        """Return which rows of facts make up what is in sight; each question is in one of them."""
        if self.view.district:
            return facts.c.area == self.view.district
        areas = self.actor.areas(READ)
        if not by_area and (self.sees_all or areas == ("",)):
            return facts.c.area == ALL
        if not by_area and len(areas) == 1 and "/" not in areas[0]:
            return facts.c.area == f"{areas[0]}/{ALL}"
        return ~facts.c.area.endswith(ALL, autoescape=True)

    def _records(self) -> daily.Seen:
        return self._of(decisions, decisions.c.topic), self._of(alerts, None)

    def _of(self, table: Any, topic: ColumnElement[str] | None) -> ColumnElement[bool]:
        seen = self.actor.sees(READ, table.c.area, topic)
        if topic is None and not self._all_topics:
            seen = false()  # a crisis has no topic: who sees some topics alone does not see it
        if self.view.district:
            seen = seen & (table.c.area == self.view.district)
        if self.view.stage:
            seen = seen & (table.c.stage == self.view.stage)
        return seen


def _within(first: date, last: date, *, one_by_one: bool) -> ColumnElement[bool]:
    """Return that a day lies between two; `one_by_one` finds few rows of each day by the key."""
    if not one_by_one:
        return facts.c.day.between(first, last)
    return facts.c.day.in_([first + timedelta(days=n) for n in range((last - first).days + 1)])


def _merged(lots: Any) -> int:
    if not isinstance(lots, str):
        return int(lots)
    found = 0
    for bits in lots.split(","):
        found |= int(bits)
    return found


def _counted(events: list[Event], day: date, name: str) -> Iterator[tuple[tuple[Any, str], Cell]]:
    """Yield the cells of one day's events by one field and kind."""
    people: dict[Any, list[str]] = defaultdict(list)
    kind = Event._fields.index("kind")
    key = itemgetter(kind if name == "day" else Event._fields.index(name), kind)
    for event in events:
        people[key(event)].append(event[-1])
    for (value, of_kind), askers in people.items():
        yield (day if name == "day" else value, of_kind), daily.cell(askers)
