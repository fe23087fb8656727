"""What a parent does: takes a slot, gives it back. One parent a slot, one open visit a class.

Unique indexes say so, not this code: of two who take the same slot at once one is refused.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import insert_new
from bot.errors import InvalidInput
from bot.people.families import Person, children
from bot.people.sealed import seal, unseal
from bot.runtime import Runtime
from bot.teaching.slots import BOOKED, OPEN
from bot.teaching.tables import slots, visits

#: The purpose of the seal of what a parent calls themselves for the teacher.
CALLED = "home-visit-called"
TOPICS_MAX, CALLED_MAX = 4, 20
#: Slots shown of all classes of a parent's children.
SHOWN = 60
_COLUMNS = (
    "code", "slot", "area", "account", "openid", "called", "topics", "state", "booked_at",
    "record", "recorded_at", "reminded_at",
)  # fmt: skip
_CODE_BYTES = 9

give_back = delete(visits).where(
    visits.c.code == bindparam("which"), visits.c.state == BOOKED,
    visits.c.account == bindparam("owner"), visits.c.openid == bindparam("parent"),
)  # fmt: skip


def classes(person: Person) -> Select[Any]:
    """Return the classes of a parent's children."""
    mine = (children.c.account == person[0]) & (children.c.openid == person[1])
    return select(children.c.unit).where(mine, children.c.unit != "").distinct()


def of(person: Person) -> Select[Any]:
    """Return a parent's visits with their slots, the latest first."""
    mine = (visits.c.account == person[0]) & (visits.c.openid == person[1])
    s, v = slots.c, visits.c
    return (
        select(v.code, v.area, v.topics, v.state, v.booked_at, v.record, v.recorded_at, v.called,
               s.starts_at, s.minutes, s.form, s.place)
        .join_from(visits, slots, s.id == v.slot)
        .where(mine)
        .order_by(s.starts_at.desc(), v.id.desc())
    )  # fmt: skip


async def book(
    rt: Runtime, tx: AsyncConnection, person: Person, slot: str, topics: list[str], called: str
) -> str:
    """Take a slot of a class of one's own child; returns the visit's code.

    Raises:
        InvalidInput: `gone`: it is not to be had; `have`: one has an open visit in this class.
    """
    # locked, so that the teacher cannot take the slot back in between
    found = (
        await tx.execute(select(slots).where(slots.c.code == slot).with_for_update())
    ).first()  # fmt: skip
    own = set((await tx.scalars(classes(person))).all())
    now = rt.clock.now()
    if found is None or found.area not in own or found.state != OPEN or found.starts_at <= now:
        raise InvalidInput("gone")
    if await _has_open(tx, person, found.area):
        raise InvalidInput("have")
    code = secrets.token_urlsafe(_CODE_BYTES)
    row = {
        "code": code, "slot": found.id, "area": found.area, "account": person[0],
        "openid": person[1], "called": seal(rt.code_key, CALLED, called.encode()),
        "topics": " ".join(topics), "state": BOOKED, "booked_at": now,
        "record": None, "recorded_at": None, "reminded_at": None,
    }  # fmt: skip
    take = insert_new(visits, _COLUMNS, is_sqlite=rt.db.is_sqlite)
    if (await tx.execute(take, row)).first() is None:
        raise InvalidInput("have" if await _has_open(tx, person, found.area) else "gone")
    return code


async def _has_open(tx: AsyncConnection, person: Person, area: str) -> bool:
    mine = (visits.c.account == person[0]) & (visits.c.openid == person[1])
    wanted = select(visits.c.id).where(mine, visits.c.area == area, visits.c.state == BOOKED)
    return await tx.scalar(wanted) is not None


async def cancel(tx: AsyncConnection, person: Person, code: str) -> bool:
    """Give a slot back: the visit is deleted, the slot is free; returns whether there was one."""
    done = await tx.execute(give_back, {"which": code, "owner": person[0], "parent": person[1]})
    return bool(done.rowcount)


def called(rt: Runtime, row: Row[Any]) -> str:
    """Return how the teacher knows the family; empty once it is forgotten or unreadable."""
    if row.called is None:
        return ""
    try:
        return unseal(rt.code_key, CALLED, row.called).decode()
    except InvalidInput:
        return ""
