"""The tree: look up, list below a node, add with the rules of kinds.yaml, put away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import yaml
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidInput, NotFound
from bot.org import grades
from bot.org.scope import is_below
from bot.org.tables import PATH_MAX, units

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CLASSES_MAX = 60
_YEARS = range(1990, 2100)
COHORTS = ("grade", "class")


@dataclass(frozen=True, slots=True)
class Unit:
    """One node of the organisation."""

    path: str
    parent: str
    kind: str
    name: str
    stage: str | None = None
    entry_year: int | None = None
    number: int | None = None
    archived_at: datetime | None = None

    def label(self, today: date) -> str:
        """Return what the node is called on this day."""
        return grades.label(self.kind, self.name, self.stage, self.entry_year, self.number, today)


_COLUMNS = [units.c[name] for name in Unit.__dataclass_fields__]


async def get(tx: AsyncConnection, path: str) -> Unit:
    """Return a node by its path.

    Raises:
        NotFound: there is none.
    """
    row = (await tx.execute(select(*_COLUMNS).where(units.c.path == path))).first()
    if row is None:
        raise NotFound(f"no unit has the path {path}")
    return Unit(*row)


async def children(tx: AsyncConnection, parent: str) -> list[Unit]:
    """Return the nodes directly below, those in use first."""
    rows = await tx.execute(
        select(*_COLUMNS)
        .where(units.c.parent == parent)
        .order_by(
            units.c.archived_at.is_not(None), units.c.entry_year.desc(), units.c.number, units.c.id
        )
    )
    return [Unit(*row) for row in rows]


async def named(tx: AsyncConnection, paths: Sequence[str]) -> dict[str, Unit]:
    """Return the nodes of these paths; unknown ones are left out."""
    rows = await tx.execute(select(*_COLUMNS).where(units.c.path.in_(set(paths))))
    return {unit.path: unit for unit in (Unit(*row) for row in rows)}


async def above(tx: AsyncConnection, path: str) -> list[Unit]:
    """Return the node and those above it, the root first."""
    steps = path.split("/")
    known = await named(tx, ["/".join(steps[:n]) for n in range(1, len(steps) + 1)])
    return [known[p] for p in sorted(known, key=len)]


async def districts(tx: AsyncConnection) -> list[Unit]:
    """Return the districts in the order they were entered."""
    rows = await tx.execute(
        select(*_COLUMNS).where(units.c.kind == "district").order_by(units.c.id)
    )
    return [Unit(*row) for row in rows]


async def add(tx: AsyncConnection, unit: Unit, now: datetime) -> None:
    """Add a node below its parent.

    Raises:
        InvalidInput: the rules of kinds.yaml or of paths are broken; the message is a key of
            `bot/console/messages.yaml`.
    """
    await _check(tx, unit)
    row = {name: getattr(unit, name) for name in Unit.__dataclass_fields__}
    await tx.execute(insert(units).values(**row, created_at=now))


async def rename(tx: AsyncConnection, path: str, name: str) -> None:
    """Give a node another name; its path stays, and with it every binding."""
    if not name.strip():
        raise InvalidInput("unit.name_missing")
    await tx.execute(update(units).where(units.c.path == path).values(name=name.strip()))


async def archive(tx: AsyncConnection, path: str, now: datetime | None) -> None:
    """Put a node and everything below it out of use, or (None) back into it."""
    await tx.execute(update(units).where(is_below(units.c.path, path)).values(archived_at=now))


def child_path(parent: str, slug: str) -> str:
    """Return the path of a node below another."""
    return f"{parent}/{slug}" if parent else slug


async def _check(tx: AsyncConnection, unit: Unit) -> None:
    slug = unit.path.rpartition("/")[2]
    if not _SLUG.fullmatch(slug) or len(unit.path) > PATH_MAX:
        raise InvalidInput("unit.slug")
    if not unit.name.strip():
        raise InvalidInput("unit.name_missing")
    if unit.kind in COHORTS and unit.entry_year not in _YEARS:
        raise InvalidInput("unit.entry_year")
    if unit.kind == "class" and not 1 <= (unit.number or 0) <= _CLASSES_MAX:
        raise InvalidInput("unit.number")
    parent = await get(tx, unit.parent)
    if unit.kind not in grades.words().below[parent.kind]:
        raise InvalidInput("unit.kind_below")
    taken = select(func.count()).select_from(units).where(units.c.path == unit.path)
    if await tx.scalar(taken):
        raise InvalidInput("unit.path_taken")


async def seed(tx: AsyncConnection, now: datetime) -> int:
    """Fill an empty tree with units.yaml; returns how many nodes were added."""
    if await tx.scalar(select(func.count()).select_from(units)):
        return 0
    listed = yaml.safe_load((Path(__file__).parent / "units.yaml").read_text(encoding="utf-8"))
    rows = [{**row, "parent": row["path"].rpartition("/")[0], "created_at": now} for row in listed]
    await tx.execute(insert(units), rows)
    return len(rows)
