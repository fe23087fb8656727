"""Which classes and schools one of the staff may see or work in; names of places for pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.org import tree
from bot.org.tables import units
from bot.org.tree import Unit
from bot.people.actor import Actor

READ, EDIT, TERMS = "teaching.read", "teaching.edit", "terms.edit"
VISITS, RECORDS, RATES = "visits.edit", "visits.read", "visits.rates"
#: A class is about no topic: a role for one topic alone does not reach it.
NO_TOPIC = ""
CLASS, SCHOOL = "class", "school"
#: Classes offered in one list.
LISTED = 200
_COLUMNS = [units.c[name] for name in Unit.__dataclass_fields__]


def seen(actor: Actor, permission: str, area: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition of the rows a permission reaches."""
    topic: ColumnElement[str] = literal(NO_TOPIC)
    return actor.sees(permission, area, topic)


async def places(tx: AsyncConnection, actor: Actor, permission: str, kind: str) -> list[Unit]:
    """Return the classes or schools in use that one may act for, in the order of the tree."""
    rows = await tx.execute(
        select(*_COLUMNS)
        .where(units.c.kind == kind, units.c.archived_at.is_(None))
        .where(seen(actor, permission, units.c.path))
        .order_by(units.c.entry_year.desc(), units.c.number, units.c.id)
        .limit(LISTED)
    )
    return [Unit(*row) for row in rows]


async def place(
    tx: AsyncConnection, actor: Actor, permission: str, kind: str, path: str
) -> Unit:  # fmt: skip
    """Return one class or school.

    Raises:
        NotFound: there is none in use, or it lies outside.
    """
    wanted = (units.c.path == path) & (units.c.kind == kind) & units.c.archived_at.is_(None)
    mine = seen(actor, permission, units.c.path)
    row = (await tx.execute(select(*_COLUMNS).where(wanted, mine))).first()
    if row is None:
        raise NotFound
    return Unit(*row)


async def school_of(tx: AsyncConnection, path: str) -> Unit | None:
    """Return the school a class belongs to."""
    return next((u for u in await tree.above(tx, path) if u.kind == SCHOOL), None)


async def schools_of(tx: AsyncConnection, paths: Iterable[str]) -> dict[str, Unit]:
    """Return the school of each class."""
    listed = sorted(set(paths))
    steps = {"/".join(p.split("/")[:n]) for p in listed for n in range(1, p.count("/") + 2)}
    known = await tree.named(tx, sorted(steps)) if steps else {}
    schools = {path: unit for path, unit in known.items() if unit.kind == SCHOOL}
    return {p: schools[s] for p in listed for s in schools if p == s or p.startswith(f"{s}/")}


async def labels(tx: AsyncConnection, paths: Iterable[str], today: date) -> dict[str, str]:
    """Return the names of classes, each with its school before it."""
    listed = sorted(set(paths))
    known, schools = await tree.named(tx, listed), await schools_of(tx, listed)
    return {
        path: " ".join([*_before(unit, schools), unit.label(today)]) for path, unit in known.items()
    }


def _before(unit: Unit, schools: dict[str, Unit]) -> list[str]:
    return [schools[unit.path].name] if unit.kind == CLASS and unit.path in schools else []
