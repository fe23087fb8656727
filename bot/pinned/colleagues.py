"""Who may look after what is asked in a place."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.org import scope
from bot.people import roles
from bot.people.actor import Grant
from bot.people.tables import grants, staff

_MOST = 300


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may be given it."""

    id: int
    name: str


async def able(tx: AsyncConnection, permission: str, area: str, topic: str) -> list[Colleague]:
    """Return who holds a permission for this place and topic, by name."""
    named = [name for name, role in roles.load().roles.items() if permission in role.may]
    rows = await tx.execute(
        select(staff.c.id, staff.c.name, grants.c.role, grants.c.area, grants.c.topic)
        .join(grants, grants.c.staff == staff.c.id)
        .where(
            grants.c.role.in_(named), grants.c.approved_at.is_not(None),
            grants.c.ended_at.is_(None), staff.c.disabled_at.is_(None),
            scope.speaks_for(grants.c.area, area),
        )
        .order_by(staff.c.name, staff.c.id)
    )  # fmt: skip
    found = {
        r.id: Colleague(r.id, r.name)
        for r in rows
        if Grant(r.role, r.area, r.topic).allows(permission)
        and Grant(r.role, r.area, r.topic).covers(area, topic)
    }
    return list(found.values())[:_MOST]


async def names(tx: AsyncConnection, people: list[int]) -> dict[int, str]:
    """Return names by number."""
    rows = await tx.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(people)))
    return {row.id: row.name for row in rows}
