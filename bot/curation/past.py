"""What was tried and published, as far as a person may see something of it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation import queries
from bot.curation.tables import changes, entries, gates, publications
from bot.errors import NotFound
from bot.people.actor import Actor

#: The newest runs of the gate that are looked through for those with something to see.
_LOOKED = 50


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for publications that changed an entry the person may read."""
    return exists(
        select(changes.c.entry)
        .join(entries, entries.c.entry == changes.c.entry)
        .where(changes.c.publication == publications.c.id, queries.seen(actor))
    )


async def count(tx: AsyncConnection, actor: Actor) -> int:
    """Return how many publications there are to see."""
    query = select(func.count()).select_from(publications).where(_visible(actor))
    return await tx.scalar(query) or 0


async def listed(tx: AsyncConnection, actor: Actor, *, offset: int, limit: int) -> list[Any]:
    """Return publications, newest first."""
    rows = await tx.execute(
        select(publications)
        .where(_visible(actor))
        .order_by(publications.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return list(rows.all())


async def publication(tx: AsyncConnection, actor: Actor, number: int) -> tuple[Any, list[Any]]:
    """Return a publication and those of its changes the person may see.

    Raises:
        NotFound: there is none, or nothing of it is for this person.
    """
    row = (await tx.execute(select(publications).where(publications.c.id == number))).first()
    rows = (
        await tx.execute(
            select(changes, entries.c.summary)
            .join(entries, entries.c.entry == changes.c.entry)
            .where(changes.c.publication == number, queries.seen(actor))
            .order_by(changes.c.entry)
        )
    ).all()
    if row is None or not rows:
        raise NotFound
    return row, list(rows)


async def runs(tx: AsyncConnection, actor: Actor, limit: int) -> list[dict[str, Any]]:
    """Return the last runs of the gate that hold an entry the person may see."""
    rows = (
        await tx.execute(
            select(
                gates.c.id, gates.c.at, gates.c.blocked, gates.c.by_name, gates.c.entries,
                gates.c.asked_at, gates.c.passed_at,
            ).order_by(gates.c.id.desc()).limit(_LOOKED)
        )
    ).mappings().all()  # fmt: skip
    held = {row["id"]: list(json.loads(row["entries"])) for row in rows}
    names = {name for listed in held.values() for name in listed}
    mine = set(
        await tx.scalars(
            select(entries.c.entry).where(entries.c.entry.in_(names), queries.seen(actor))
        )
    )
    found = [
        dict(row) | {"count": len(held[row["id"]])} for row in rows if mine & {*held[row["id"]]}
    ]
    return found[:limit]
