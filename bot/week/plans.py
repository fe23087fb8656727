"""Reading plans: the entries of a week by day, and what a frozen week shows to everybody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import week_dates
from bot.clock import GUANGZHOU
from bot.errors import NotFound
from bot.people.actor import Actor
from bot.week import access
from bot.week.tables import items, plans, questions, texts

DRAFT, FROZEN = "draft", "frozen"
#: Days of a plan, from the Monday: the warm-up, the report.
FIRST_DAY, LAST_DAY, REPORT_DAY = -14, 21, 13
DAYS = 7
#: Reads in the transaction at hand: a turn's `read`.
Read = Callable[[Select[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it stands."""

    id: int
    year: int
    area: str
    state: str
    revision: int

    @property
    def is_frozen(self) -> bool:
        """Say whether only texts may still change."""
        return self.state == FROZEN

    @property
    def week(self) -> week_dates.Week:
        """Return the days of its week."""
        return week_dates.of(self.year)

    def is_over(self, today: date) -> bool:
        """Say whether the day of the report has come."""
        return self.is_frozen and today >= self.week.begins + timedelta(days=REPORT_DAY)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `minute` of the day in Guangzhou, None: all day."""

    id: int
    plan: int
    day: int
    minute: int | None
    kind: str
    title: str
    text: str
    theme: str
    channel: str
    about: str

    def on(self, year: int) -> date:
        """Return its day in a year."""
        return week_dates.of(year).begins + timedelta(days=self.day)

    @property
    def clock(self) -> str:
        """Return its time of day; empty: all day."""
        return "" if self.minute is None else f"{self.minute // 60:02}:{self.minute % 60:02}"

    def starts_at(self, year: int) -> datetime:
        """Return the instant it begins."""
        minute = self.minute or 0
        at = time(minute // 60, minute % 60)
        return datetime.combine(self.on(year), at, GUANGZHOU)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a quiz; `answer` is the place of the right option, from 0."""

    id: int
    plan: int
    day: int
    text: str
    options: tuple[str, ...]
    answer: int
    why: str


_PLAN = (plans.c.id, plans.c.year, plans.c.area, plans.c.state, plans.c.revision)
_ITEM = tuple(items.c[name] for name in Item.__slots__)
_BY_TIME = (items.c.day, items.c.minute.nulls_first(), items.c.id)


async def listed(tx: AsyncConnection, actor: Actor) -> list[Plan]:
    """Return the plans somebody may see, the newest year first."""
    rows = await tx.execute(
        select(*_PLAN)
        .where(access.seen(actor, access.READ, plans.c.area))
        .order_by(plans.c.year.desc(), plans.c.area)
    )
    return [Plan(*row) for row in rows]


async def one(
    tx: AsyncConnection, actor: Actor, number: int, permission: str = access.READ
) -> Plan:
    """Return a plan.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    return await _plan(tx, (plans.c.id == number) & access.seen(actor, permission, plans.c.area))


async def owned(tx: AsyncConnection, actor: Actor, number: int) -> Plan:
    """Return a plan of a place one reads for; that of the city is not owned by a district.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    mine = access.owned(actor, access.READ, plans.c.area)
    return await _plan(tx, (plans.c.id == number) & mine)


async def _plan(tx: AsyncConnection, wanted: ColumnElement[bool]) -> Plan:
    row = (await tx.execute(select(*_PLAN).where(wanted))).first()
    if row is None:
        raise NotFound
    return Plan(*row)


async def before(tx: AsyncConnection, year: int, area: str) -> Plan | None:
    """Return the last plan of the same place before a year."""
    row = (
        await tx.execute(
            select(*_PLAN)
            .where(plans.c.year < year, plans.c.area == area)
            .order_by(plans.c.year.desc())
            .limit(1)
        )
    ).first()
    return Plan(*row) if row else None


async def entries(tx: AsyncConnection, plan: int) -> list[Item]:
    """Return the entries of a plan in their order."""
    return [_item(r) for r in await tx.execute(_items(items.c.plan == plan))]


async def item(
    tx: AsyncConnection, actor: Actor, number: int, permission: str
) -> tuple[Item, Plan]:
    """Return an entry and its plan.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    row = (await tx.execute(_items(items.c.id == number))).first()
    if row is None:
        raise NotFound
    found = _item(row)
    return found, await one(tx, actor, found.plan, permission)


async def waiting_texts(tx: AsyncConnection, plan: int) -> list[Row[Any]]:
    """Return the texts that wait for a second person."""
    rows = await tx.execute(
        select(texts, items.c.title.label("old_title"), items.c.text.label("old_text"))
        .join(items, items.c.id == texts.c.item)
        .where(items.c.plan == plan, texts.c.decided_at.is_(None))
        .order_by(texts.c.id)
    )
    return list(rows.all())


async def quiz(tx: AsyncConnection, plan: int, day: int | None = None) -> list[Question]:
    """Return the questions of a plan, or of one of its days."""
    wanted = select(questions).where(questions.c.plan == plan)
    if day is not None:
        wanted = wanted.where(questions.c.day == day)
    rows = await tx.execute(wanted.order_by(questions.c.day, questions.c.id))
    return [_question(row) for row in rows]


def _question(row: Any) -> Question:
    options = tuple(json.loads(row.options))
    return Question(row.id, row.plan, row.day, row.text, options, row.answer, row.why)


def frozen(year: int) -> Select[Any]:
    """Return the frozen plans of a year, the city's first."""
    wanted = select(*_PLAN).where(plans.c.year == year, plans.c.state == FROZEN)
    return wanted.order_by(plans.c.area)


def public(found: Iterable[Plan]) -> Select[Any]:
    """Return the entries of frozen plans that everybody may read: pushes and reports are not."""
    wanted = items.c.plan.in_([plan.id for plan in found])
    return _items(wanted & items.c.kind.notin_(("push", "report")))


def read_public(read: Read, year: int) -> tuple[list[Plan], list[Item]]:
    """Return plans and entries of a year as everybody may read them, in a turn."""
    found = [Plan(*row) for row in read(frozen(year))]
    return found, [_item(row) for row in read(public(found))] if found else []


async def shown(tx: AsyncConnection, year: int) -> tuple[list[Plan], list[Item]]:
    """Return plans and entries of a year as everybody may read them."""
    found = [Plan(*row) for row in await tx.execute(frozen(year))]
    rows = await tx.execute(public(found)) if found else ()
    return found, [_item(row) for row in rows]


def by_day(found: Iterable[Item]) -> Mapping[int, list[Item]]:
    """Return entries by their day, in order."""
    days: dict[int, list[Item]] = {}
    for one_ in found:
        days.setdefault(one_.day, []).append(one_)
    return dict(sorted(days.items()))


def _items(wanted: ColumnElement[bool]) -> Select[Any]:
    return select(*_ITEM).where(wanted).order_by(*_BY_TIME)


def _item(row: Any) -> Item:
    return Item(*row)
