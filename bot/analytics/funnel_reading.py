"""What one person may see of the funnel: their units, in the order of the tree, of no figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analytics import certified, funnel_counting
from bot.analytics.funnel import BASES, WHOLE, Step
from bot.analytics.funnel_counting import LINES
from bot.analytics.reading import READ
from bot.analytics.tables import funnel
from bot.errors import NotFound
from bot.org import scope, tree
from bot.org.tables import units
from bot.people.actor import Actor
from bot.school.course_tables import programmes


@dataclass(frozen=True, slots=True)
class Line:
    """One unit or course as it may be shown; None must not be. `path`: it has lines below."""

    name: str
    counts: Mapping[str, int | None]
    path: str = ""
    programme: str = ""

    def rate(self, step: Step) -> float | None:
        """Return a step's part of its base, worked out from shown figures alone."""
        part, whole = self.counts.get(step), self.counts.get(BASES[step])
        return None if part is None or not whole else part / whole


@dataclass(frozen=True, slots=True)
class Shown:
    """One screen: a unit, those right below it, and for the city and a district the courses."""

    path: str
    own: Line
    above: Sequence[tuple[str, str]]
    below: Sequence[Line]
    courses: Sequence[Line]
    counted_at: datetime | None
    has_certificates: bool
    is_whole: bool


def areas(actor: Actor) -> tuple[str, ...]:
    """Return where the person may see figures of people; a role for one topic has none of them."""
    return tuple(sorted({g.area for g in actor.giving(READ) if not g.topic}, key=len))


async def starts(tx: AsyncConnection, actor: Actor, today: date) -> list[tuple[str, str]]:
    """Return the units the person can begin at, by path and name: those of their roles."""
    held = areas(actor)
    own = [units.c.parent == ""] if "" in held else [units.c.path.in_(held)]
    rows = await tx.execute(
        select(units.c.path)
        .where(*own, units.c.kind.in_(LINES), units.c.archived_at.is_(None))
        .order_by(units.c.id)
    )
    paths = [row.path for row in rows]
    named = await tree.named(tx, paths)
    return [(path, named[path].label(today)) for path in paths]


async def shown(tx: AsyncConnection, actor: Actor, path: str, today: date) -> Shown:
    """Return what is shown of a unit.

    Raises:
        NotFound: there is no such unit, none of theirs, or it is a grade or a class.
    """
    held = areas(actor)
    if not any(scope.contains(area, path) for area in held):
        raise NotFound
    unit = await tree.get(tx, path)
    if unit.kind not in LINES or unit.archived_at is not None:
        raise NotFound
    below = [u for u in await tree.children(tx, path) if u.kind in LINES and not u.archived_at]
    below = await _in_order(tx, below)
    counts = await _people(tx, held, [path, *(u.path for u in below)])
    has_more = await _with_lines_below(tx, [u.path for u in below])
    lines = [
        Line(u.label(today), counts.get(u.path, {}), u.path if u.path in has_more else "")
        for u in below
    ]
    above = [(u.path, u.label(today)) for u in await tree.above(tx, path) if _is_in(u.path, held)]
    return Shown(
        path=path,
        own=Line(unit.label(today), counts.get(path, {})),
        above=above[:-1],
        below=lines,
        courses=await _courses(tx, held, path),
        counted_at=await tx.scalar(select(func.max(funnel.c.counted_at))),
        has_certificates=certified.holders() is not None,
        is_whole=not unit.parent,
    )


async def _in_order(tx: AsyncConnection, below: Sequence[tree.Unit]) -> list[tree.Unit]:
    """Return units in the order they were entered."""
    rows = await tx.execute(
        select(units.c.path).where(units.c.path.in_([u.path for u in below])).order_by(units.c.id)
    )
    place = {row.path: n for n, row in enumerate(rows)}
    return sorted(below, key=lambda u: place[u.path])


async def _people(
    tx: AsyncConnection, held: Sequence[str], paths: Sequence[str]
) -> dict[str, dict[str, int | None]]:
    rows = await tx.execute(
        select(funnel.c.area, funnel.c.step, funnel.c.count).where(
            _among(funnel.c.area, held), funnel.c.area.in_(paths), funnel.c.programme == ""
        )
    )
    found: dict[str, dict[str, int | None]] = {}
    for area, step, count in rows:
        found.setdefault(area, {})[step] = count
    return found


async def _courses(tx: AsyncConnection, held: Sequence[str], path: str) -> list[Line]:
    """Return each programme, then its courses, in the order of the pages and of their ids."""
    f = funnel.c
    rows = await tx.execute(
        select(f.programme, f.course, f.step, f.count).where(
            _among(f.area, held), f.area == path, f.programme != ""
        )
    )
    found: dict[tuple[str, str], dict[str, int | None]] = {}
    for programme, course, step, count in rows:
        found.setdefault((programme, course), {})[step] = count
    titles = await funnel_counting.programmes(tx) if found else {}
    listed = await tx.execute(select(programmes.c.id, programmes.c.title, programmes.c.place))
    known = {row.id: (row.place, row.title) for row in listed}
    last = (len(known) + 1, "")

    def place(key: tuple[str, str]) -> tuple[int, str, bool, str]:
        return (known.get(key[0], last)[0], key[0], key[1] != WHOLE, key[1])

    return [
        Line(
            "" if course == WHOLE else titles.get(course, ("", course))[1],
            found[programme, course],
            programme=known.get(programme, (0, programme))[1],
        )
        for programme, course in sorted(found, key=place)
    ]


async def _with_lines_below(tx: AsyncConnection, paths: Sequence[str]) -> set[str]:
    rows = await tx.execute(
        select(units.c.parent)
        .where(units.c.parent.in_(paths), units.c.kind.in_(LINES), units.c.archived_at.is_(None))
        .distinct()
    )
    return {row.parent for row in rows}


def _among(column: ColumnElement[str], held: Sequence[str]) -> ColumnElement[bool]:
    """Return that a path lies in one of the areas."""
    return scope.either(scope.is_below(column, area) if area else true() for area in held)


def _is_in(path: str, held: Sequence[str]) -> bool:
    return any(scope.contains(area, path) for area in held)
