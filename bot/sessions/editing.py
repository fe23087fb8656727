"""The staff makes sessions, changes them, publishes and cancels them; parents are told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.console import audit
from bot.errors import InvalidInput
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.school import session_making
from bot.school.session_tables import sessions
from bot.sessions import queries, reminding, rules, seats
from bot.sessions.queries import EDIT, NO_TOPIC

#: What parents are told of when it changes.
_TOLD = ("starts_at", "ends_at", "place")


async def make(rt: Runtime, tx: AsyncConnection, actor: Actor, values: dict[str, Any]) -> int:
    """Add a draft; returns its number.

    Raises:
        NotAllowed: it lies outside.
    """
    actor.require(EDIT, values["area"], NO_TOPIC)
    number = await session_making.make(rt, tx, values | {"made_by": actor.id})
    await _note(rt, tx, actor, "session.saved", number, values["area"])
    return number


async def change(
    rt: Runtime, tx: AsyncConnection, actor: Actor, before: Row[Any], values: dict[str, Any],
    revision: int,
) -> None:  # fmt: skip
    """Change a session; another time or place is told to those who signed up.

    Raises:
        NotAllowed: it would lie outside.
        InvalidInput: it is over or cancelled, or somebody has changed it in the meantime.
    """
    actor.require(EDIT, values["area"], NO_TOPIC)
    if before.ends_at <= rt.clock.now():
        raise InvalidInput("session.is_over")
    await seats.locked(tx, before.id)
    whole = dict(values)
    if values["starts_at"] != before.starts_at:
        whole["reminded"] = ""
    if day(values["starts_at"]) != day(before.starts_at):
        whole["spoken"] = await session_making.digits(rt, tx, values["starts_at"], but=before.id)
    await _update(tx, before.id, revision, whole)
    after = await queries.one(tx, actor, EDIT, before.id)
    if before.state == rules.OPEN:
        if any(getattr(before, name) != values[name] for name in _TOLD):
            await reminding.tell_changed(rt, tx, after, "changed")
        await seats.move_up(rt, tx, after)
    await _note(rt, tx, actor, "session.saved", before.id, values["area"])


async def publish(
    rt: Runtime, tx: AsyncConnection, actor: Actor, session: Row[Any], revision: int
) -> None:
    """Let parents see a draft.

    Raises:
        InvalidInput: it is none, or somebody has changed it in the meantime.
    """
    if session.state != rules.DRAFT:
        raise InvalidInput("session.changed_meanwhile")
    await _update(tx, session.id, revision, {"state": rules.OPEN})
    await _note(rt, tx, actor, "session.published", session.id, session.area)


async def cancel(
    rt: Runtime, tx: AsyncConnection, actor: Actor, session: Row[Any], revision: int
) -> None:
    """Cancel a session; who signed up is told.

    Raises:
        InvalidInput: it is over, or somebody has changed it in the meantime.
    """
    if session.ends_at <= rt.clock.now():
        raise InvalidInput("session.is_over")
    await _update(tx, session.id, revision, {"state": rules.CANCELLED})
    if session.state == rules.OPEN:
        after = await queries.one(tx, actor, EDIT, session.id)
        await reminding.tell_changed(rt, tx, after, "cancelled")
    await _note(rt, tx, actor, "session.cancelled", session.id, session.area)


async def _update(tx: AsyncConnection, number: int, revision: int, values: dict[str, Any]) -> None:
    same = (sessions.c.id == number) & (sessions.c.revision == revision)
    mine = same & (sessions.c.state != rules.CANCELLED)
    done = await tx.execute(
        update(sessions).where(mine).values(values | {"revision": revision + 1})
    )
    if done.rowcount != 1:
        raise InvalidInput("session.changed_meanwhile")


async def _note(
    rt: Runtime, tx: AsyncConnection, actor: Actor, action: str, number: int, area: str
) -> None:
    await audit.note(rt, tx, actor, action, f"session:{number}", area=area)
