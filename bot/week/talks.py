"""Live talks: announced, booked by parents, reminded of half an hour before, seen again later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.db.upsert import upsert
from bot.errors import InvalidInput, NotFound
from bot.people.actor import Actor
from bot.people.families import Person
from bot.runtime import Runtime
from bot.week import access
from bot.week.access import EDIT, READ
from bot.week.tables import bookings, talks

OPEN, CANCELLED = "open", "cancelled"
#: A talk is listed as coming until so long after it began.
LASTS = timedelta(hours=2)

forget = (
    delete(bookings)
    .where(bookings.c.account == bindparam("owner"), bookings.c.openid == bindparam("parent"))
)  # fmt: skip
unbook = delete(bookings).where(
    bookings.c.talk == bindparam("which"),
    bookings.c.account == bindparam("owner"),
    bookings.c.openid == bindparam("parent"),
)


def book(*, is_sqlite: bool) -> Any:
    """Return the statement that books; a second booking is the same."""
    return upsert(bookings, ("talk", "account", "openid"), ("at",), is_sqlite=is_sqlite)


def booked(value: str) -> Select[Any]:
    """Return account and openid of everybody who booked a talk (`Feature.audiences`)."""
    number = int(value) if value.isascii() and value.isdigit() else 0
    return select(bookings.c.account, bookings.c.openid).where(bookings.c.talk == number)


def coming(now: datetime, *, most: int = 20) -> Select[Any]:
    """Return the talks that are on or to come, the next first."""
    wanted = (talks.c.state == OPEN) & (talks.c.starts_at > now - LASTS)
    return select(talks).where(wanted).order_by(talks.c.starts_at, talks.c.id).limit(most)


def past(year: int, now: datetime) -> Select[Any]:
    """Return the talks of a year that can be seen again."""
    wanted = (talks.c.state == OPEN) & (talks.c.starts_at <= now - LASTS)
    with_replay = wanted & (talks.c.replay_url != "") & (talks.c.year == year)
    return select(talks).where(with_replay).order_by(talks.c.starts_at.desc())


async def public(tx: AsyncConnection, number: int) -> Row[Any]:
    """Return a talk as everybody may see it; a cancelled one as well.

    Raises:
        NotFound: there is none.
    """
    row = (await tx.execute(select(talks).where(talks.c.id == number))).first()
    if row is None:
        raise NotFound
    return row


async def is_booked(tx: AsyncConnection, number: int, person: Person) -> bool:
    """Say whether a parent booked a talk."""
    mine = (bookings.c.account == person[0]) & (bookings.c.openid == person[1])
    found = select(bookings.c.at).where(bookings.c.talk == number, mine)
    return await tx.scalar(found) is not None


async def listed(tx: AsyncConnection, actor: Actor) -> list[Row[Any]]:
    """Return the talks somebody of the staff may see, with how many booked each."""
    count = (
        select(func.count()).where(bookings.c.talk == talks.c.id).correlate(talks)
        .scalar_subquery().label("booked")
    )  # fmt: skip
    rows = await tx.execute(
        select(talks, count)
        .where(access.seen(actor, READ, talks.c.area))
        .order_by(talks.c.starts_at.desc(), talks.c.id)
        .limit(200)
    )
    return list(rows.all())


async def one(tx: AsyncConnection, actor: Actor, number: int) -> Row[Any]:
    """Return a talk that somebody may change.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    mine: ColumnElement[bool] = access.seen(actor, EDIT, talks.c.area)
    row = (await tx.execute(select(talks).where(talks.c.id == number, mine))).first()
    if row is None:
        raise NotFound
    return row


async def put(
    rt: Runtime, tx: AsyncConnection, actor: Actor, values: dict[str, Any], before: Row[Any] | None,
    revision: int,
) -> None:  # fmt: skip
    """Add a talk or change one; another time is reminded of anew.

    Raises:
        NotAllowed: it lies outside.
        InvalidInput: somebody else has changed it in the meantime.
    """
    access.require(actor, EDIT, values["area"])
    whole = values | {"changed_at": rt.clock.now(), "changed_by": actor.id}
    if before is None:
        made = await tx.execute(
            insert(talks).values(whole | {"revision": 1, "state": OPEN}).returning(talks.c.id)
        )
        number = int(made.scalar_one())
    else:
        number = before.id
        access.require(actor, EDIT, before.area)
        if values["starts_at"] != before.starts_at:
            whole["reminded_at"] = None
        await _change(tx, number, revision, whole)
    await audit.note(
        rt, tx, actor, "live.saved", f"live:{number}", area=values["area"], title=values["title"]
    )


async def cancel(
    rt: Runtime, tx: AsyncConnection, actor: Actor, talk: Row[Any], revision: int
) -> None:
    """Cancel a talk; who booked it is told (`reminding.tell_cancelled`).

    Raises:
        InvalidInput: somebody else has changed it in the meantime.
    """
    values = {"state": CANCELLED, "changed_at": rt.clock.now(), "changed_by": actor.id}
    await _change(tx, talk.id, revision, values)
    await audit.note(
        rt, tx, actor, "live.cancelled", f"live:{talk.id}", area=talk.area, title=talk.title
    )


async def _change(tx: AsyncConnection, number: int, revision: int, values: dict[str, Any]) -> None:
    same = (talks.c.id == number) & (talks.c.revision == revision) & (talks.c.state == OPEN)
    done = await tx.execute(update(talks).where(same).values(values | {"revision": revision + 1}))
    if done.rowcount != 1:
        raise InvalidInput("live.changed_meanwhile")
