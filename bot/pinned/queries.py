"""What the pages read of pinned answers, cut to the person's places and topics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.library import pins as library
from bot.library.pin_tables import pins
from bot.people.actor import Actor
from bot.pinned.states import State
from bot.pinned.surge_queries import READ
from knowledge import entry as entries
from knowledge.entry import Entry


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pinned answer as its row has it, its words read."""

    row: Any
    entry: Entry
    authors: frozenset[int]

    def state_at(self, now: datetime) -> State:
        """Return where it stands: it is over by itself."""
        is_over = self.row.state == State.LIVE and self.row.until <= now
        return State.OVER if is_over else State(self.row.state)


async def one(tx: AsyncConnection, actor: Actor, number: int, permission: str = READ) -> Pinned:
    """Return a pinned answer this person may see.

    Raises:
        NotFound: there is none.
    """
    row = (
        await tx.execute(select(pins).where(pins.c.id == number, seen(actor, permission)))
    ).first()
    if row is None:
        raise NotFound
    return _read(row)


def seen(actor: Actor, permission: str = READ) -> ColumnElement[bool]:
    """Return the condition for the pinned answers a person may see."""
    return actor.sees(permission, pins.c.area, pins.c.topic)


async def count(tx: AsyncConnection, actor: Actor, state: State, now: datetime) -> int:
    """Return how many there are in a state."""
    query = select(func.count()).select_from(pins).where(seen(actor), _stands(state, now))
    return await tx.scalar(query) or 0


async def listed(
    tx: AsyncConnection, actor: Actor, state: State, now: datetime, *, offset: int, limit: int
) -> list[Pinned]:
    """Return those in a state, the last changed first."""
    rows = await tx.execute(
        select(pins)
        .where(seen(actor), _stands(state, now))
        .order_by(pins.c.changed_at.desc(), pins.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_read(row) for row in rows]


async def standing(tx: AsyncConnection, actor: Actor, now: datetime) -> list[Pinned]:
    """Return those that parents get now, of the person's places."""
    rows = await tx.execute(select(pins).where(seen(actor), _stands(State.LIVE, now)))
    return [_read(row) for row in rows]


async def of_surge(tx: AsyncConnection, actor: Actor, surge: int) -> list[Pinned]:
    """Return those written for a surge."""
    rows = await tx.execute(
        select(pins).where(seen(actor), pins.c.surge == surge).order_by(pins.c.id.desc())
    )
    return [_read(row) for row in rows]


def _stands(state: State, now: datetime) -> ColumnElement[bool]:
    if state is State.LIVE:
        return (pins.c.state == State.LIVE) & (pins.c.until > now)
    if state is State.OVER:
        over = (pins.c.state == State.LIVE) & (pins.c.until <= now)
        return over | (pins.c.state == State.WITHDRAWN)
    return pins.c.state == state


def _read(row: Any) -> Pinned:
    return Pinned(row, entries.from_json(row.content), library.authors(row.authors))
