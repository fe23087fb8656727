"""Saved audiences: rows with every version, and what one person may see and use of them.

Whoever looks after the node all areas of an audience lie in may use it. A topic is nothing an
audience has, so a role for one topic alone reaches none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.base import Instant, RowId, metadata
from bot.errors import NotFound
from bot.org.tables import PATH_MAX
from bot.people.actor import Actor
from bot.people.audience_json import loads
from bot.people.audience_shape import Audience

READ, EDIT = "audiences.read", "audiences.edit"
#: The topic of every audience.
NO_TOPIC = ""

#: A saved audience; what it means stands in its versions.
audiences = Table(
    "audience",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("name", String(60), nullable=False),
    # the node all its areas lie in: who looks after that one looks after it; empty: the whole city
    Column("area", String(PATH_MAX), nullable=False),
    Column("version", Integer, nullable=False),  # the number of the newest one
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", BigInteger, nullable=False),
    Column("archived_at", Instant, nullable=True),
    Index("ix_audience_area", "area"),
)

#: What an audience meant from one moment on; rows are only added.
versions = Table(
    "audience_version",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("audience", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),  # from 1
    Column("name", String(60), nullable=False),
    Column("area", String(PATH_MAX), nullable=False),
    Column("definition", Text, nullable=False),  # JSON of Audience
    Column("excluded", String(200), nullable=False),  # numbers of the audiences taken out
    Column("at", Instant, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("by_name", String(40), nullable=False),
    Index("uq_audience_version", "audience", "number", unique=True),
)


@dataclass(frozen=True, slots=True)
class Saved:
    """A version of a saved audience, counted from 1; `excluded` are numbers of other audiences."""

    id: int
    number: int
    name: str
    area: str
    audience: Audience
    excluded: tuple[int, ...]
    at: datetime
    by_name: str


def own(actor: Actor, permission: str = EDIT) -> tuple[str, ...]:
    """Return the nodes for which somebody may choose parents."""
    return tuple(sorted({g.area for g in actor.giving(permission) if not g.topic}))


def seen(actor: Actor, permission: str = READ) -> ColumnElement[bool]:
    """Return the condition for rows of `audience` that somebody may see, or change."""
    no_topic: ColumnElement[str] = literal(NO_TOPIC)
    in_use = audiences.c.archived_at.is_(None)
    return in_use & actor.sees(permission, audiences.c.area, no_topic)


async def count(tx: AsyncConnection, actor: Actor) -> int:
    """Return how many somebody may see."""
    rows = select(func.count()).select_from(audiences).where(seen(actor))
    return await tx.scalar(rows) or 0


async def listed(
    tx: AsyncConnection, actor: Actor, *, offset: int = 0, limit: int | None = None
) -> list[Saved]:
    """Return the newest versions of those somebody may see, by name."""
    newest = (versions.c.audience == audiences.c.id) & (versions.c.number == audiences.c.version)
    rows = await tx.execute(
        select(versions)
        .join_from(audiences, versions, newest)
        .where(seen(actor))
        .order_by(audiences.c.name, audiences.c.id)
        .offset(offset)
        .limit(limit)
    )
    return [_saved(row) for row in rows]


async def history(
    tx: AsyncConnection, actor: Actor, audience: int, permission: str = READ
) -> list[Saved]:
    """Return all versions of one, the newest first.

    A version that reached further than the person does is left out.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    no_topic: ColumnElement[str] = literal(NO_TOPIC)
    rows = await tx.execute(
        select(versions)
        .join_from(audiences, versions, versions.c.audience == audiences.c.id)
        .where(audiences.c.id == audience, seen(actor, permission))
        .where(actor.sees(permission, versions.c.area, no_topic))
        .order_by(versions.c.number.desc())
    )
    found = [_saved(row) for row in rows]
    if not found:
        raise NotFound
    return found


async def use(tx: AsyncConnection, actor: Actor, audience: int, permission: str = READ) -> Saved:
    """Return the newest version of one, as somebody may use it.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    return (await history(tx, actor, audience, permission))[0]


def _saved(row: object) -> Saved:
    v = row
    return Saved(
        v.audience, v.number, v.name, v.area, loads(v.definition),  # type: ignore[attr-defined]
        _numbers(v.excluded), v.at, v.by_name,  # type: ignore[attr-defined]
    )  # fmt: skip


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part)


def numbers(ids: Sequence[int]) -> str:
    """Return ids as they are kept in one column."""
    return ",".join(map(str, ids))
