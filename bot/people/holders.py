"""Who holds a permission for a place: those who may be called there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people import roles
from bot.people.actor import Grant
from bot.people.tables import grants, staff


async def holders(tx: AsyncConnection, permission: str, area: str | None) -> dict[int, str]:
    """Return number and name of everybody who may do this there; None: anywhere."""
    able = [name for name, role in roles.load().roles.items() if permission in role.may]
    rows = await tx.execute(
        select(staff.c.id, staff.c.name, grants.c.role, grants.c.area, grants.c.topic)
        .join(grants, grants.c.staff == staff.c.id)
        .where(grants.c.role.in_(able), staff.c.disabled_at.is_(None))
        .where(grants.c.approved_at.is_not(None), grants.c.ended_at.is_(None))
        .order_by(staff.c.name, staff.c.id)
    )
    return {row.id: row.name for row in rows if _reaches(row, permission, area)}


def _reaches(row: object, permission: str, area: str | None) -> bool:
    grant = Grant(row.role, row.area, row.topic)  # type: ignore[attr-defined]
    return grant.allows(permission) and (area is None or grant.covers(area, ""))
