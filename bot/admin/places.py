"""The organisation as one person may see it: nodes, lists, and choices for forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.org import tree
from bot.org.scope import is_below
from bot.org.tables import units
from bot.org.tree import Unit
from bot.people.actor import Actor
from knowledge import topics

READ, EDIT = "units.read", "units.edit"
#: Kinds a role is given for: below a school the list would be endless.
_GIVEN_FOR = ("district", "street", "station", "community", "school")
_CHOICES = 500
_COLUMNS = [units.c[name] for name in Unit.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Listed:
    """A node in a list, with how many nodes in use stand directly below it."""

    unit: Unit
    below: int


async def get(tx: AsyncConnection, actor: Actor, path: str, permission: str = READ) -> Unit:
    """Return a node.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    found = await tx.execute(
        select(*_COLUMNS).where(units.c.path == path, actor.sees(permission, units.c.path))
    )
    row = found.first()
    if row is None:
        raise NotFound
    return Unit(*row)


async def above(tx: AsyncConnection, actor: Actor, path: str) -> list[Unit]:
    """Return the nodes above one that the person may open, the root first."""
    found = await tree.above(tx, path)
    return [u for u in found if u.path != path and actor.may(READ, u.path)]


async def tops(tx: AsyncConnection, actor: Actor) -> list[Listed]:
    """Return where the person's part of the tree begins: the root, or each granted node."""
    own = actor.areas(READ)
    begins = units.c.parent == "" if "" in own else units.c.path.in_(own)
    return await _listed(tx, select().where(begins, actor.sees(READ, units.c.path)))


async def count(tx: AsyncConnection, actor: Actor, parent: str) -> int:
    """Return how many nodes stand directly below one."""
    return await _count(tx, (units.c.parent == parent) & actor.sees(READ, units.c.path))


async def children(
    tx: AsyncConnection, actor: Actor, parent: str, *, offset: int, limit: int
) -> list[Listed]:
    """Return the nodes directly below one, those in use first."""
    rows = select().where(units.c.parent == parent, actor.sees(READ, units.c.path))
    return await _listed(tx, rows.offset(offset).limit(limit))


async def named(tx: AsyncConnection, actor: Actor, words: str, *, limit: int) -> list[Listed]:
    """Return the nodes whose name holds these words."""
    rows = select().where(
        units.c.name.contains(words, autoescape=True), actor.sees(READ, units.c.path)
    )
    return await _listed(tx, rows.limit(limit))


async def cohorts_count(tx: AsyncConnection, actor: Actor, path: str) -> int:
    """Return how many grades stand at or below a node."""
    return await _count(tx, _cohorts(path) & actor.sees(READ, units.c.path))


async def cohorts(
    tx: AsyncConnection, actor: Actor, path: str, *, offset: int, limit: int
) -> list[tuple[Unit, str]]:
    """Return the grades at or below a node, each with the name of its school."""
    school = units.alias()
    rows = await tx.execute(
        select(*_COLUMNS, school.c.name.label("school"))
        .join(school, school.c.path == units.c.parent)
        .where(_cohorts(path), actor.sees(READ, units.c.path))
        .order_by(units.c.parent, units.c.entry_year.desc(), units.c.id)
        .offset(offset)
        .limit(limit)
    )
    return [(Unit(*row[:-1]), row.school) for row in rows]


async def choices(
    tx: AsyncConnection, actor: Actor, permission: str, also: str = ""
) -> list[tuple[str, str]]:
    """Return the nodes a form may offer: path and names from the district down.

    `also` is a node to offer in any case, if it lies inside.
    """
    kind = units.c.kind.in_(_GIVEN_FOR) & units.c.archived_at.is_(None)
    inside = actor.sees(permission, units.c.path)
    rows = await tx.execute(
        select(units.c.path).where(kind, inside).order_by(units.c.path).limit(_CHOICES)
    )
    paths = [row.path for row in rows]
    more = {also, *actor.areas(permission)} - {"", *paths}
    extra = await tx.execute(select(units.c.path).where(units.c.path.in_(more), inside))
    return await full_names(tx, sorted([*paths, *(row.path for row in extra)]))


async def full_names(tx: AsyncConnection, paths: Sequence[str]) -> list[tuple[str, str]]:
    """Return each path with the names from the district down to it; unknown ones as they are."""
    steps = {p: ["/".join(p.split("/")[:n]) for n in range(2, p.count("/") + 2)] for p in paths}
    known = await tree.named(tx, [s for some in steps.values() for s in some] + list(paths))
    return [
        (p, " / ".join(known[s].name for s in (some or [p]) if s in known) or p)
        for p, some in steps.items()
    ]


def topic_choices() -> list[tuple[str, str]]:
    """Return the topics a role may be narrowed to: each top, then its leaves."""
    found: dict[str, str] = {}
    for leaf, topic in topics.topics().items():
        found.setdefault(leaf.partition(".")[0], topic.top_name)
        found[leaf] = f"{topic.top_name} / {topic.name}"
    return list(found.items())


def next_year(today: date) -> date:
    """Return the first day of the next school year."""
    starts = date(today.year, 9, 1)
    return starts if today < starts else date(today.year + 1, 9, 1)


def _cohorts(path: str) -> ColumnElement[bool]:
    return (units.c.kind == "grade") & is_below(units.c.path, path) & units.c.archived_at.is_(None)


async def _count(tx: AsyncConnection, condition: ColumnElement[bool]) -> int:
    return await tx.scalar(select(func.count()).select_from(units).where(condition)) or 0


async def _listed(tx: AsyncConnection, chosen: Select[()]) -> list[Listed]:
    child = units.alias()
    below = (
        select(func.count())
        .where(child.c.parent == units.c.path, child.c.archived_at.is_(None))
        .scalar_subquery()
    )
    rows = await tx.execute(
        chosen.add_columns(*_COLUMNS, below).order_by(
            units.c.archived_at.is_not(None), units.c.entry_year.desc(), units.c.number, units.c.id
        )
    )
    return [_one(row) for row in rows]


def _one(row: Row[*tuple[object, ...]]) -> Listed:
    return Listed(Unit(*row[:-1]), row[-1])  # type: ignore[arg-type]
