"""What the pages read of surges and rising topics: everybody sees those of their own places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.people.actor import Actor
from bot.pinned import asked as asking
from bot.pinned.tables import ALIVE, hot, surges

READ, EDIT = "pinned.read", "pinned.edit"


def seen(actor: Actor, permission: str = READ) -> ColumnElement[bool]:
    """Return the condition for the surges a person may see."""
    return actor.sees(permission, surges.c.area, surges.c.topic)


async def one(tx: AsyncConnection, actor: Actor, number: int, permission: str = READ) -> Any:
    """Return a surge this person may see.

    Raises:
        NotFound: there is none.
    """
    query = select(surges).where(surges.c.id == number, seen(actor, permission))
    row = (await tx.execute(query)).first()
    if row is None:
        raise NotFound
    return row


async def count(
    tx: AsyncConnection, actor: Actor, *, alive: bool = True, mine: bool = False
) -> int:
    """Return how many surges there are to look after, or were."""
    query = select(func.count()).select_from(surges).where(_filtered(actor, alive=alive))
    if mine:
        query = query.where(surges.c.assignee == actor.id)
    return await tx.scalar(query) or 0


async def listed(
    tx: AsyncConnection, actor: Actor, *, alive: bool, offset: int, limit: int
) -> list[Any]:
    """Return surges, the last ones first."""
    rows = await tx.execute(
        select(surges)
        .where(_filtered(actor, alive=alive))
        .order_by(surges.c.last_at.desc(), surges.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return list(rows.all())


def _filtered(actor: Actor, *, alive: bool) -> ColumnElement[bool]:
    told = surges.c.state.in_(ALIVE) if alive else surges.c.state.not_in(ALIVE)
    return seen(actor) & told


async def topics_of(tx: AsyncConnection, actor: Actor, today: date, area: str | None) -> list[Any]:
    """Return the rising topics last counted, today's if there are, by district and place."""
    mine = actor.sees(READ, hot.c.area, hot.c.topic)
    day = await tx.scalar(select(func.max(hot.c.day)).where(hot.c.day <= today))
    query = select(hot).where(hot.c.day == day, mine)
    if area is not None:
        query = query.where(hot.c.area == area)
    return list((await tx.execute(query.order_by(hot.c.area, hot.c.place))).all())


async def wordings(tx: AsyncConnection, rows: Iterable[Any]) -> dict[int, list[str]]:
    """Return the wordings of rows that are still kept, without the people in them, by row."""
    samples = {row.id: asking.read_samples(row.samples) for row in rows}
    told = await asking.words(tx, [n for listed in samples.values() for n in listed])
    return {row: _told(told, numbers) for row, numbers in samples.items()}


def _told(told: dict[int, str], numbers: Sequence[int]) -> list[str]:
    return list(dict.fromkeys(told[n] for n in numbers if n in told))
