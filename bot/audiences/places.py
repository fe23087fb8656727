"""The nodes somebody may choose from, and the ones that lines of a form name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidInput
from bot.org import scope, tree
from bot.org.tables import units
from bot.org.tree import COHORTS, Unit
from bot.people.audience_rows import DISTRICT_STEPS
from bot.people.audience_shape import CITY

#: Nodes offered as boxes to tick; the others are named in words.
OFFERED = 60
LINES_MAX = 100
_COLUMNS = [units.c[name] for name in Unit.__dataclass_fields__]


class NotOnePlace(InvalidInput):
    """A line of a form names no place, or several; `key` is a sentence of messages.yaml."""

    def __init__(self, key: str, line: str) -> None:
        super().__init__(key)
        self.line = line


async def offered(tx: AsyncConnection, own: Sequence[str]) -> list[Unit]:
    """Return the nodes somebody looks after and those directly below, in the tree's order."""
    tops = units.c.parent == "" if CITY in own else units.c.path.in_(own)
    begin = select(units.c.path).where(tops)
    rows = await tx.execute(
        select(*_COLUMNS)
        .where(tops | units.c.parent.in_(begin), units.c.archived_at.is_(None))
        .order_by(units.c.id)
        .limit(OFFERED)
    )
    return [Unit(*row) for row in rows]


async def named(tx: AsyncConnection, own: Sequence[str], lines: Iterable[str]) -> tuple[str, ...]:
    """Return the paths that lines name, by path or by name, within the nodes looked after.

    Raises:
        NotOnePlace: a line names none, or several.
    """
    found = []
    for line in lines:
        meant = (units.c.path == line) | ((units.c.name == line) & units.c.kind.not_in(COHORTS))
        rows = await tx.execute(
            select(units.c.path).where(meant, units.c.archived_at.is_(None), within(own)).limit(2)
        )
        paths = rows.scalars().all()
        if len(paths) != 1:
            raise NotOnePlace("audiences.place_several" if paths else "audiences.place_none", line)
        found.append(paths[0])
    return tuple(found)


def within(own: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a node lies in what somebody looks after."""
    if CITY in own:
        return units.c.path != CITY
    return scope.either(scope.is_below(units.c.path, area) for area in own)


async def labels(tx: AsyncConnection, paths: Iterable[str], today: object) -> dict[str, str]:
    """Return full names by path: a class with its school before it."""
    wanted = {path for path in paths if path}
    above = {"/".join(p.split("/")[:n]) for p in wanted for n in range(1, p.count("/") + 2)}
    known = await tree.named(tx, sorted(above))
    told = {}
    for path in wanted & known.keys():
        unit = known[path]
        name = unit.label(today)  # type: ignore[arg-type]
        steps = [
            "/".join(path.split("/")[:n]) for n in range(DISTRICT_STEPS + 1, path.count("/") + 1)
        ]
        school = next(
            (known[s].name for s in steps if s in known and known[s].kind == "school"), ""
        )
        told[path] = f"{school} {name}".strip() if unit.kind in COHORTS else name
    return told


async def parts(tx: AsyncConnection, areas: Sequence[str]) -> list[Unit]:
    """Return the nodes to break a count down by: districts, or what lies below one district.

    Nothing finer: whoever asks for a school or a class gets one figure.
    """
    if len(areas) != 1 or areas[0].count("/") >= DISTRICT_STEPS:
        return []
    parent: ColumnElement[bool] = units.c.parent == areas[0]
    if areas[0].count("/") < DISTRICT_STEPS - 1:
        parent = units.c.kind == "district"
    rows = await tx.execute(
        select(*_COLUMNS)
        .where(or_(parent), units.c.archived_at.is_(None), units.c.kind.not_in(COHORTS))
        .order_by(units.c.id)
    )
    return [Unit(*row) for row in rows]
