"""What was agreed at a home visit: sealed; read by that teacher and who leads the school alone.

Every reading is noted, and a parent who asks 谁看过我 is told of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.errors import InvalidInput, NotFound
from bot.org import scope
from bot.org.tables import units
from bot.people import looks
from bot.people.actor import Actor
from bot.people.sealed import seal, unseal
from bot.runtime import Runtime
from bot.teaching import access, slots
from bot.teaching.access import NO_TOPIC, RECORDS, VISITS
from bot.teaching.slots import BOOKED, DONE, MISSED
from bot.teaching.tables import slots as slot_rows
from bot.teaching.tables import visits

_SEAL = "home-visit-record"
#: Longest text of one field of a record.
FIELD_MAX = 300
#: What a record may be read at: a school or something in it, never a district.
_NARROW = ("school", "grade", "class")


async def write(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, fields: Mapping[str, str]
) -> None:
    """Record a visit of one's own slot; a second record takes the first one's place.

    Raises:
        NotFound: it is not one's own slot, or nobody has taken it.
        InvalidInput: it has not begun yet.
    """
    slot = await _begun(rt, tx, actor, number, (BOOKED, DONE))
    plain = json.dumps(dict(fields), ensure_ascii=False).encode()
    values = {"record": seal(rt.code_key, _SEAL, plain), "state": DONE}
    mine = visits.c.id == slot.visit
    await tx.execute(update(visits).where(mine).values(values | {"recorded_at": rt.clock.now()}))
    await audit.note(rt, tx, actor, "visits.recorded", f"visit:{slot.visit}", area=slot.area)


async def missed(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Note that a visit did not come about; its parent may choose another time.

    Raises:
        NotFound: it is not one's own slot, or nobody has taken it.
        InvalidInput: it has not begun yet.
    """
    slot = await _begun(rt, tx, actor, number, (BOOKED,))
    await tx.execute(update(visits).where(visits.c.id == slot.visit).values(state=MISSED))
    await audit.note(rt, tx, actor, "visits.missed", f"visit:{slot.visit}", area=slot.area)


async def _begun(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, states: tuple[str, ...]
) -> Row[Any]:
    slot = await slots.own(tx, actor, number)
    if slot.visit is None or slot.standing not in states:
        raise NotFound
    if slot.starts_at > rt.clock.now():
        raise InvalidInput("visits.not_yet")
    return slot


async def listed(tx: AsyncConnection, actor: Actor, *, most: int = 200) -> list[Any]:
    """Return what is recorded in one's school, without a word of it, the newest first."""
    rows = await tx.execute(
        select(visits.c.id, visits.c.area, visits.c.recorded_at, slot_rows.c.starts_at,
               slot_rows.c.form)
        .join_from(visits, slot_rows, slot_rows.c.id == visits.c.slot)
        .where(visits.c.state == DONE, await _readable(tx, actor))
        .order_by(slot_rows.c.starts_at.desc(), visits.c.id.desc())
        .limit(most)
    )  # fmt: skip
    return list(rows.all())


async def read(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int
) -> tuple[Row[Any], dict[str, str]]:
    """Return a record and note the look, in this writing transaction.

    Raises:
        NotFound: there is none, or it is neither one's own nor of one's school.
    """
    row = (
        await tx.execute(
            select(visits, slot_rows.c.starts_at, slot_rows.c.form, slot_rows.c.staff,
                   slot_rows.c.id.label("slot_id"))
            .join_from(visits, slot_rows, slot_rows.c.id == visits.c.slot)
            .where(visits.c.id == number, visits.c.record.is_not(None))
            .where(await _readable(tx, actor))
        )
    ).first()  # fmt: skip
    if row is None:
        raise NotFound
    permission = VISITS if row.staff == actor.id else RECORDS
    role = next(g.role for g in actor.giving(permission) if g.covers(row.area, NO_TOPIC))
    person = (row.account, row.openid)
    await looks.note(tx, person, looks.VISIT, number, staff=actor.id, role=role, now=rt.clock.now())
    await audit.note(rt, tx, actor, "visits.viewed", f"visit:{number}", area=row.area)
    return row, opened(rt, row.record)


async def _readable(tx: AsyncConnection, actor: Actor) -> ColumnElement[bool]:
    """Return the condition: one's own slots, and those of a school one leads; never a district."""
    given = sorted({g.area for g in actor.giving(RECORDS) if not g.topic and g.area})
    kinds = await tx.execute(
        select(units.c.path).where(units.c.path.in_(given), units.c.kind.in_(_NARROW))
    )
    schools = [scope.is_below(visits.c.area, path) for path in kinds.scalars()]
    mine = and_(slot_rows.c.staff == actor.id, access.seen(actor, VISITS, visits.c.area))
    return or_(mine, *schools)


def opened(rt: Runtime, sealed: bytes) -> dict[str, str]:
    """Return the fields of a record.

    Raises:
        InvalidInput: another installation's key has sealed it.
    """
    found: dict[str, str] = json.loads(unseal(rt.code_key, _SEAL, sealed))
    return found
