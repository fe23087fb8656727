"""What the staff do with a surge: give it to somebody, close it with a note."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.errors import InvalidInput
from bot.people.actor import Actor
from bot.pinned import colleagues, surge_queries
from bot.pinned.surge_queries import EDIT
from bot.pinned.tables import ALIVE, SurgeState, surges
from bot.runtime import Runtime

NOTE_MAX = 200


async def assign(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, person: int) -> None:
    """Give a surge to a colleague of its place.

    Raises:
        InvalidInput: it is closed, or the colleague does not look after the place.
        NotFound: it is not for this person.
    """
    row = await surge_queries.one(tx, actor, number, EDIT)
    known = await colleagues.able(tx, EDIT, row.area, row.topic)
    if person not in {c.id for c in known}:
        raise InvalidInput("surge.assignee")
    await _set(tx, row, state=SurgeState.ASSIGNED, assignee=person)
    await audit.note(rt, tx, actor, "surge.assigned", f"surge:{number}", area=row.area, to=person)


async def close(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, note: str) -> None:
    """Close a surge with what came of it.

    Raises:
        InvalidInput: it is closed already, or nothing is said.
        NotFound: it is not for this person.
    """
    row = await surge_queries.one(tx, actor, number, EDIT)
    told = note.strip()[:NOTE_MAX]
    if not told:
        raise InvalidInput("surge.note_missing")
    await _set(
        tx, row, state=SurgeState.CLOSED, note=told, closed_at=rt.clock.now(), closed_by=actor.id
    )
    await audit.note(rt, tx, actor, "surge.closed", f"surge:{number}", area=row.area, why=told)


async def _set(tx: AsyncConnection, row: Any, **values: object) -> None:
    changed = update(surges).where(surges.c.id == row.id, surges.c.state.in_(ALIVE))
    done = await tx.execute(changed.values(**values))
    if done.rowcount != 1:
        raise InvalidInput("surge.state")


async def forget(tx: AsyncConnection, before: Any) -> int:
    """Delete the surges that were closed before then, or never looked after and over; counts."""
    over = (surges.c.closed_at < before) | (surges.c.last_at < before)
    return (await tx.execute(delete(surges).where(over))).rowcount
