"""Facts and today's records put together, below the rule on small cells: for queries.py alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
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
Pair = tuple[dict[Any, Cell], dict[Any, Cell]]


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
        self, names: Sequence[str], *, where: ColumnElement[bool] | None = None, late: bool = False
    ) -> Pair:
        """Return the cells grouped by these columns of `daily_fact`; one name: no tuple.

        `where` narrows the facts; today's records are grouped by what is in sight, so the caller
        asks the cells for what it wants. `late`: the period before is not needed.
        """
        found: Pair = ({}, {})
        key = _key(names)
        for row in await self.tx.execute(self._select(names, where, late=late)):
            *values, is_now, count, day_askers, lots = row
            bits = _merged(lots)
            cells = found[0] if is_now else found[1]
            cells.setdefault(key(values), Cell()).add(count, day_askers, bits)
        for day, events in self.live.items():
            if late and day < self.view.first:
                continue
            cells = found[0] if day >= self.view.first else found[1]
            for named, cell in _counted(events, day, names).items():
                cells.setdefault(key(named), Cell()).add(cell.count, cell.day_askers, cell.lots)
        return found

    def _select(
        self, names: Sequence[str], where: ColumnElement[bool] | None, *, late: bool
    ) -> Select[Any]:
        columns = [facts.c[name] for name in names]
        is_now = case((facts.c.day >= self.view.first, 1), else_=0)
        first = self.view.first if late else self.view.before
        stages = AGES if "stage" in names else (self.view.stage or ALL,)
        by_topic = "topic" in names or not self._all_topics
        conditions = [
            facts.c.day.between(first, self.view.last),
            self._area(by_area="area" in names),
            facts.c.stage.in_(stages),
            facts.c.topic != ALL if by_topic else facts.c.topic == ALL,
            self.actor.sees(READ, facts.c.area, facts.c.topic),
        ]
        made = select(
            *columns,
            is_now,
            func.sum(facts.c.count),
            func.max(facts.c.askers),
            self._merge(facts.c.lots),
        )
        return made.where(*conditions, true() if where is None else where).group_by(
            *columns, is_now
        )

    @property
    def _all_topics(self) -> bool:
        return all(not g.topic for g in self.actor.giving(READ))

    def _merge(self, column: ColumnElement[int]) -> ColumnElement[Any]:
        """Return the bits of all rows: SQLite has no such function, so it lists them."""
        if self.tx.dialect.name == "sqlite":
            return func.group_concat(column)
        return func.bit_or(column)

    def _area(self, *, by_area: bool) -> ColumnElement[bool]:
        if self.view.district:
            return facts.c.area == self.view.district
        if self.sees_all and not by_area:
            return facts.c.area == ALL
        return facts.c.area != ALL

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


def _key(names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    return (lambda values: values[0]) if len(names) == 1 else tuple


def _merged(lots: Any) -> int:
    if not isinstance(lots, str):
        return int(lots)
    found = 0
    for bits in lots.split(","):
        found |= int(bits)
    return found


def _counted(events: list[Event], day: date, names: Sequence[str]) -> dict[tuple[Any, ...], Cell]:
    people: dict[tuple[Any, ...], list[str]] = {}
    picks = [Event._fields.index(name) if name != "day" else -1 for name in names]
    for event in events:
        key = tuple([day if pick < 0 else event[pick] for pick in picks])
        people.setdefault(key, []).append(event.asker)
    return {key: daily.cell(askers) for key, askers in people.items()}
