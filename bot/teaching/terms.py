"""Reading term plans: of the staff's schools, and as parents see those of their children's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calendar import store
from bot.calendar.days import Entry, Kind
from bot.clock import GUANGZHOU
from bot.errors import NotFound
from bot.people.actor import Actor
from bot.school.session_tables import sessions
from bot.teaching import access
from bot.teaching.access import TERMS
from bot.teaching.tables import items, plans

DRAFT, PUBLISHED = "draft", "published"
#: A term that begins later than this is not proposed yet.
_AHEAD = timedelta(days=250)
#: Parents see a plan until so long after its term.
_SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Plan:
    """A term plan as it stands."""

    id: int
    area: str
    title: str
    first: date
    last: date
    state: str
    revision: int

    @property
    def is_published(self) -> bool:
        """Say whether parents see it."""
        return self.state == PUBLISHED


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `minute` after midnight in Beijing; None: no time of day."""

    id: int
    plan: int
    kind: str
    day: date
    last: date
    minute: int | None
    minutes: int
    title: str
    place: str
    course: str
    lesson: str
    session: int | None

    @property
    def clock(self) -> str:
        """Return its time of day; empty: none."""
        return "" if self.minute is None else f"{self.minute // 60:02}:{self.minute % 60:02}"

    @property
    def starts_at(self) -> datetime:
        """Return the instant it begins."""
        minute = self.minute or 0
        return datetime.combine(self.day, time(minute // 60, minute % 60), GUANGZHOU)


_PLAN = [plans.c[name] for name in Plan.__slots__]
_ITEM = [items.c[name] for name in Item.__slots__]


async def listed(tx: AsyncConnection, actor: Actor) -> list[Plan]:
    """Return the plans of one's schools, the newest term first."""
    rows = await tx.execute(
        select(*_PLAN)
        .where(access.seen(actor, TERMS, plans.c.area))
        .order_by(plans.c.first.desc(), plans.c.area)
        .limit(access.LISTED)
    )
    return [Plan(*row) for row in rows]


async def one(tx: AsyncConnection, actor: Actor, number: int) -> Plan:
    """Return a plan.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    mine = access.seen(actor, TERMS, plans.c.area)
    row = (await tx.execute(select(*_PLAN).where(plans.c.id == number, mine))).first()
    if row is None:
        raise NotFound
    return Plan(*row)


async def item(tx: AsyncConnection, actor: Actor, number: int) -> tuple[Item, Plan]:
    """Return an entry and its plan.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    row = (await tx.execute(select(*_ITEM).where(items.c.id == number))).first()
    if row is None:
        raise NotFound
    found = Item(*row)
    return found, await one(tx, actor, found.plan)


async def entries(tx: AsyncConnection, plan: int) -> list[Item]:
    """Return the entries of a plan by their day."""
    wanted = select(*_ITEM).where(items.c.plan == plan)
    return [Item(*r) for r in await tx.execute(wanted.order_by(items.c.day, items.c.id))]


async def proposed(tx: AsyncConnection, today: date) -> Entry | None:
    """Return the term of the calendar that is on, or the next one; None: none is entered."""
    rows = await store.listed(tx, today, today + _AHEAD)
    listed_ = [r for r in rows if r.kind is Kind.TERM]
    return Entry(Kind.TERM, listed_[0].first, listed_[0].last, listed_[0].name) if listed_ else None


def _published(areas: Iterable[str], today: date) -> Select[Any]:
    return (
        select(*_PLAN)
        .where(plans.c.area.in_(sorted(areas)), plans.c.state == PUBLISHED)
        .where(plans.c.last >= today - _SHOWN)
        .order_by(plans.c.first, plans.c.area)
    )


async def of_schools(
    tx: AsyncConnection, areas: Iterable[str], today: date
) -> list[tuple[Plan, list[Item]]]:
    """Return the plans that parents of these schools see, with their entries."""
    found = [Plan(*row) for row in await tx.execute(_published(areas, today))]
    return [(plan, await entries(tx, plan.id)) for plan in found]


async def held(tx: AsyncConnection, found: Iterable[Item]) -> dict[int, Any]:
    """Return the sessions behind entries, by the session's number, as they stand now."""
    c = sessions.c
    numbers = [one_.session for one_ in found if one_.session is not None]
    wanted = select(c.id, c.code, c.title, c.place, c.starts_at, c.ends_at, c.state)
    rows = await tx.execute(wanted.where(c.id.in_(numbers)))
    return {row.id: row for row in rows}
