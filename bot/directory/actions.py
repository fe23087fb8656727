"""Changes of the directory, each noted in the audit log with what stood before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.directory.place import Place
from bot.directory.queries import EDIT, NO_TOPIC
from bot.directory.tables import places
from bot.directory.words import seed as seeded
from bot.errors import InvalidInput
from bot.people.actor import Actor
from bot.runtime import Runtime


async def add(rt: Runtime, tx: AsyncConnection, actor: Actor, place: Place) -> None:
    """Add a place.

    Raises:
        NotAllowed: it lies outside of what the person looks after.
        InvalidInput: the code is taken.
    """
    actor.require(EDIT, place.area, NO_TOPIC)
    if await tx.scalar(select(func.count()).select_from(places).where(places.c.code == place.code)):
        raise InvalidInput("directory.code_taken")
    await tx.execute(insert(places).values(**_row(rt, actor, place), revision=1))
    await audit.note(
        rt, tx, actor, "directory.added", f"place:{place.code}", area=place.area,
        after={"name": place.name, "status": place.status},
    )  # fmt: skip


async def change(
    rt: Runtime, tx: AsyncConnection, actor: Actor, before: Place, place: Place, revision: int
) -> None:
    """Change a place that still stands at the revision the person saw.

    Raises:
        NotAllowed: it lies, or would lie, outside of what the person looks after.
        InvalidInput: somebody else has changed it in the meantime.
    """
    actor.require(EDIT, before.area, NO_TOPIC)
    actor.require(EDIT, place.area, NO_TOPIC)
    done = await tx.execute(
        update(places)
        .where(places.c.code == before.code, places.c.revision == revision)
        .values(**_row(rt, actor, place), revision=revision + 1)
    )
    if done.rowcount != 1:
        raise InvalidInput("directory.changed_meanwhile")
    old, new = _apart(before, place)
    await audit.note(
        rt, tx, actor, "directory.changed", f"place:{place.code}", area=place.area,
        before=old, after=new,
    )  # fmt: skip


async def seed(tx: AsyncConnection, now: datetime) -> int:
    """Fill an empty directory with seed.yaml; returns how many rows were added."""
    if await tx.scalar(select(func.count()).select_from(places)):
        return 0
    rows = [place.to_row() for place in seeded()]
    extra = {"revision": 1, "changed_at": now, "changed_by": None}
    await tx.execute(insert(places), [row | extra for row in rows])
    return len(rows)


def _row(rt: Runtime, actor: Actor, place: Place) -> dict[str, Any]:
    return place.to_row() | {"changed_at": rt.clock.now(), "changed_by": actor.id}


def _apart(before: Place, after: Place) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return only what differs, as texts."""
    old, new = before.to_row(), after.to_row()
    names = [name for name in old if old[name] != new[name]]
    return {n: str(old[n]) for n in names}, {n: str(new[n]) for n in names}
