"""A parent's copy of the family's rows: guardian, children, consents."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.org import tree
from bot.people.families import Person, children, consents, guardians
from bot.people.kept import Kept, kept, word
from bot.profile.family import called
from bot.runtime import Runtime

_OWN = "profile"


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return what is kept of this parent's family, as the parent reads it."""
    today = day(rt.clock.now())
    told = await _rows(tx, children, person, children.c.id)
    units = await tree.named(tx, [row.unit for row in told])
    names = {path: unit.label(today) for path, unit in units.items()}
    asked = await _rows(tx, guardians, person, guardians.c.added_at)
    agreed = await _rows(tx, consents, person, consents.c.id)
    return (
        kept(_OWN, "guardian", map(_guardian, asked)),
        kept(_OWN, "child", (_child(row, names, today) for row in told)),
        kept(_OWN, "consent", map(_consent, agreed)),
    )


async def _rows(tx: AsyncConnection, table: Any, person: Person, order: Any) -> list[Row[Any]]:
    wanted = select(table).where(table.c.account == person[0], table.c.openid == person[1])
    return list((await tx.execute(wanted.order_by(order))).all())


def _guardian(row: Row[Any]) -> tuple[object, ...]:
    elder = word(_OWN, "said", str(row.is_elder))
    role = word(_OWN, "role", row.role)
    return role, elder, row.personal_off_at, row.added_at, row.changed_at


def _child(row: Row[Any], names: dict[str, str], today: date) -> tuple[object, ...]:
    grade = called(row.stage, row.entry_year, today)
    stage = called(row.stage, None, today)
    source = word(_OWN, "source", row.source)
    return grade, stage, row.entry_year, names.get(row.unit), source, row.added_at


def _consent(row: Row[Any]) -> tuple[object, ...]:
    given = word(_OWN, "said", str(row.is_given))
    return word(_OWN, "consent", row.kind), row.version, given, row.at
