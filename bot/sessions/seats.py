"""Who gets a seat: a session's row is locked, so its capacity is never exceeded.

SQLite has one writer anyway. Whoever waits longest comes first, and is told by an order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import upsert
from bot.errors import InvalidInput, NotFound
from bot.people.families import Person
from bot.runtime import Runtime
from bot.school.session_tables import sessions, signups
from bot.sessions import reminding, rules
from bot.sessions.rules import GOING, LEFT, WAITING

_S = signups.c


@dataclass(frozen=True, slots=True)
class Seat:
    """How a parent stands: going, waiting (then `place` counts from 1), cancelled, or empty."""

    state: str
    place: int = 0


def put(*, is_sqlite: bool) -> Any:
    """Return the statement that notes how a parent stands."""
    return upsert(signups, ("session", "account", "openid"), ("state", "at"), is_sqlite=is_sqlite)


def row(number: int, person: Person, state: str, at: datetime) -> dict[str, Any]:
    """Return the row of `put`."""
    return {"session": number, "account": person[0], "openid": person[1], "state": state, "at": at}


async def locked(tx: AsyncConnection, number: int) -> Row[Any]:
    """Return a session nobody else can fill until this transaction ends.

    Raises:
        NotFound: there is none.
    """
    wanted = select(sessions).where(sessions.c.id == number).with_for_update()
    found = (await tx.execute(wanted)).first()
    if found is None:
        raise NotFound
    return found


async def join(rt: Runtime, tx: AsyncConnection, number: int, person: Person) -> Seat:
    """Give a parent a seat or a place in the line; a second time changes nothing.

    Raises:
        InvalidInput: it is over or cancelled.
    """
    session = await locked(tx, number)
    if not rules.can_join(session, rt.clock.now()):
        raise InvalidInput("the session cannot be joined any more")
    seat = await of(tx, number, person)
    if seat.state in (GOING, WAITING):
        return seat
    waiting = await tx.scalar(line(number)) or 0
    has_room = not session.capacity or await _free(tx, session) > waiting
    statement = put(is_sqlite=rt.db.is_sqlite)
    given = row(number, person, GOING if has_room else WAITING, rt.clock.now())
    await tx.execute(statement, given)
    if not has_room:
        await move_up(rt, tx, session)
    return await of(tx, number, person)


async def leave(rt: Runtime, tx: AsyncConnection, number: int, person: Person) -> None:
    """Give a seat or a place in the line back; who waits longest moves up and is told."""
    session = await locked(tx, number)
    mine = (_S.session == number) & (_S.account == person[0]) & (_S.openid == person[1])
    stands = mine & _S.state.in_((GOING, WAITING))
    await tx.execute(update(signups).where(stands).values(state=LEFT, at=rt.clock.now()))
    await move_up(rt, tx, session)


async def move_up(rt: Runtime, tx: AsyncConnection, session: Row[Any]) -> int:
    """Seat those who wait, as far as there is room, and tell them; the session is locked."""
    now = rt.clock.now()
    if not rules.can_join(session, now):
        return 0
    next_ = (
        select(_S.account, _S.openid)
        .where(_S.session == session.id, _S.state == WAITING)
        .order_by(_S.at, _S.openid)
    )
    if session.capacity:
        next_ = next_.limit(max(0, await _free(tx, session)))
    people = [tuple(one) for one in (await tx.execute(next_)).all()]
    if people:
        theirs = (_S.session == session.id) & tuple_(_S.account, _S.openid).in_(people)
        await tx.execute(update(signups).where(theirs).values(state=GOING, at=now))
        await reminding.tell_seated(rt, tx, session, now)
    return len(people)


async def of(tx: AsyncConnection, number: int, person: Person) -> Seat:
    """Return how a parent stands."""
    found = (await tx.execute(standing(number, person))).first()
    if found is None:
        return Seat("")
    return Seat(found.state, int(found.before) + 1 if found.state == WAITING else 0)


def standing(number: int, person: Person) -> Select[Any]:
    """Return a parent's state, and how many wait before them."""
    mine = signups.alias("mine")
    before = (
        select(func.count())
        .select_from(signups)
        .where(_S.session == number, _S.state == WAITING)
        .where(or_(_S.at < mine.c.at, and_(_S.at == mine.c.at, _S.openid < mine.c.openid)))
        .correlate(mine)
        .scalar_subquery()
    )
    own = (mine.c.account == person[0]) & (mine.c.openid == person[1])
    return select(mine.c.state, before.label("before")).where(mine.c.session == number, own)


def taken(number: int) -> Select[Any]:
    """Return how many seats of a session are taken."""
    return select(func.count()).where(_S.session == number, _S.state == GOING)


def line(number: int) -> Select[Any]:
    """Return how many wait for a seat."""
    return select(func.count()).where(_S.session == number, _S.state == WAITING)


async def _free(tx: AsyncConnection, session: Any) -> int:
    return int(session.capacity) - (await tx.scalar(taken(session.id)) or 0)


async def seat_waiting(rt: Runtime) -> int:
    """Seat those who wait where there is room, as after a wish in the chat; returns how many."""
    now, has_line = rt.clock.now(), select(_S.session).where(_S.state == WAITING).distinct()
    async with rt.db.read() as tx:
        wanted = select(sessions.c.id, sessions.c.capacity).where(
            sessions.c.id.in_(has_line), sessions.c.ends_at > now, sessions.c.state == rules.OPEN
        )
        lines = (await tx.execute(wanted)).all()
        numbers = [o.id for o in lines if not o.capacity or await _free(tx, o) > 0]
    moved = 0
    for number in numbers:
        async with rt.db.write() as tx:
            moved += await move_up(rt, tx, await locked(tx, number))
    return moved
