"""Alarms as the staff see them: within their scope, taken up by one person, then closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.care.roster import ANSWER
from bot.console import audit
from bot.errors import InvalidInput, NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.safety.tables import alarms, steps

#: Levels of an alarm beyond single people: all were told, and nobody came all the same.
ALL, NOBODY = 1000, 1001
#: What no worker has called anybody for after so long is everybody's.
_UNCALLED = timedelta(seconds=20)
_SHOWN = 100


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for alarms a person may see."""
    return actor.sees(ANSWER, alarms.c.area)


def waits() -> ColumnElement[bool]:
    """Return the condition that nobody has taken an alarm up."""
    return alarms.c.seen_at.is_(None) & alarms.c.closed_at.is_(None)


def calls(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Return the condition that an alarm calls this person now."""
    told = exists().where(
        steps.c.alarm == alarms.c.code, steps.c.what == "told", steps.c.staff == actor.id
    )
    uncalled = (alarms.c.level == 0) & (alarms.c.raised_at < now - _UNCALLED)
    return waits() & seen(actor) & (told | (alarms.c.level >= ALL) | uncalled)


async def calling(tx: AsyncConnection, actor: Actor, now: datetime) -> Sequence[Any]:
    """Return the alarms that call this person, the gravest first."""
    wanted = select(alarms).where(calls(actor, now))
    return (await tx.execute(wanted.order_by(alarms.c.severity.desc(), alarms.c.id))).all()


async def listed(tx: AsyncConnection, actor: Actor, *, is_open: bool) -> Sequence[Any]:
    """Return the alarms of a tab: what waits first, then the newest."""
    here = alarms.c.closed_at.is_(None) if is_open else alarms.c.closed_at.is_not(None)
    wanted = select(alarms).where(seen(actor), here).limit(_SHOWN)
    order = (alarms.c.seen_at.is_(None).desc(), alarms.c.severity.desc(), alarms.c.id.desc())
    return (await tx.execute(wanted.order_by(*order))).all()


async def counts(tx: AsyncConnection, actor: Actor) -> tuple[int, int]:
    """Return how many wait and how many are not closed, in this person's scope."""
    open_ones = (
        select(func.count()).select_from(alarms).where(seen(actor), alarms.c.closed_at.is_(None))
    )
    waiting = await tx.scalar(open_ones.where(alarms.c.seen_at.is_(None)))
    return waiting or 0, await tx.scalar(open_ones) or 0


async def history(tx: AsyncConnection, codes: Sequence[str]) -> dict[str, list[Any]]:
    """Return the steps of these alarms, oldest first."""
    rows = await tx.execute(select(steps).where(steps.c.alarm.in_(codes)).order_by(steps.c.id))
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.alarm, []).append(row)
    return found


async def get(tx: AsyncConnection, actor: Actor, number: int) -> Any:
    """Return an alarm.

    Raises:
        NotFound: there is none that this person may see.
    """
    row = (await tx.execute(select(alarms).where(alarms.c.id == number, seen(actor)))).first()
    if row is None:
        raise NotFound
    return row


async def take(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Say that one has seen it and acts: nobody else is called any more.

    Raises:
        InvalidInput: a colleague was faster, or it is closed.
    """
    row, now = await get(tx, actor, number), rt.clock.now()
    mine = {"seen_by": actor.id, "seen_at": now, "due_at": None, "post_at": None}
    done = await tx.execute(
        update(alarms).where(alarms.c.id == number, waits()).values(**mine, changed_at=now)
    )
    if done.rowcount != 1:
        raise InvalidInput("duty.taken")
    await step(tx, row.code, "seen", now, actor.id)
    await audit.note(rt, tx, actor, "duty.taken", f"ticket:{row.ticket}", area=row.area)


async def close(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, outcome: str) -> None:
    """Close an alarm with what came of it.

    Raises:
        InvalidInput: it is closed.
    """
    row, now = await get(tx, actor, number), rt.clock.now()
    mine = {"closed_by": actor.id, "closed_at": now, "outcome": outcome, "due_at": None}
    first = {"seen_by": row.seen_by or actor.id, "seen_at": row.seen_at or now, "post_at": None}
    done = await tx.execute(
        update(alarms)
        .where(alarms.c.id == number, alarms.c.closed_at.is_(None))
        .values(**mine, **first, changed_at=now)
    )
    if done.rowcount != 1:
        raise InvalidInput("duty.is_closed")
    await step(tx, row.code, "closed", now, actor.id)
    await audit.note(
        rt, tx, actor, "duty.closed", f"ticket:{row.ticket}", area=row.area, outcome=outcome
    )


async def step(
    tx: AsyncConnection, code: str, what: str, at: datetime, staff: int | None = None
) -> None:
    """Add a step to the story of an alarm."""
    await tx.execute(insert(steps).values(alarm=code, at=at, what=what, staff=staff))
