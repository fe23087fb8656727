"""Noting who of the staff opened what is kept of a parent, and telling the parent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people.families import Person
from bot.people.look_tables import looks

#: What was looked at.
VISIT = "visit"
#: A second look within a minute is the same look: a page that is loaded anew.
_ONE_LOOK = timedelta(minutes=1)

#: Forgets who looked at what is kept of a parent (`owner`, `parent`); to be run last.
forget = delete(looks).where(
    looks.c.account == bindparam("owner"), looks.c.openid == bindparam("parent")
)


async def note(
    tx: AsyncConnection, person: Person, about: str, number: int, *, staff: int, role: str,
    now: datetime,
) -> bool:  # fmt: skip
    """Note a look; returns False where the same person has just looked."""
    mine = (looks.c.about == about) & (looks.c.number == number) & (looks.c.staff == staff)
    last = await tx.scalar(select(func.max(looks.c.at)).where(mine))
    if last is not None and now - last < _ONE_LOOK:
        return False
    values = {"account": person[0], "openid": person[1], "about": about, "number": number}
    await tx.execute(insert(looks).values(values | {"staff": staff, "role": role, "at": now}))
    return True


def of(person: Person, most: int) -> Select[Any]:
    """Return role, time and what was looked at of a parent, the newest first; never who."""
    mine = (looks.c.account == person[0]) & (looks.c.openid == person[1])
    wanted = select(looks.c.role, looks.c.at, looks.c.about).where(mine)
    return wanted.order_by(looks.c.at.desc(), looks.c.id.desc()).limit(most)
