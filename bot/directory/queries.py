"""Reading the directory: lists for the staff, and what is near a parent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.directory import geo
from bot.directory.place import FIELDS, Place
from bot.directory.tables import places
from bot.directory.words import words
from bot.errors import NotFound
from bot.org.tables import units
from bot.people.actor import Actor

READ, EDIT = "directory.read", "directory.edit"
_COLUMNS = [places.c[name] for name in FIELDS]
_OPEN = places.c.status != "closed"
#: Metres in which the nearest are looked for, the narrow circle first.
_REACHES = (5_000.0, 60_000.0)

#: The topic of every place.
NO_TOPIC = ""
#: Reads in the transaction at hand: a turn's `read`.
Read = Callable[[Select[Any]], Sequence[Any]]


def in_area(read: Read, kinds: Sequence[str], area: str, street: str = "") -> list[Place]:
    """Return what a place of the city offers, the street's own first, then by level and name."""
    steps = area.split("/") if area else []
    above = ["/".join(steps[:n]) for n in range(1, len(steps) + 1)]
    wanted = select(*_COLUMNS).where(_OPEN, places.c.kind.in_(kinds), places.c.area.in_(above))
    found = [Place.from_row(row) for row in read(wanted)]
    return sorted(found, key=lambda p: _order(p, street))


def _order(place: Place, street: str) -> tuple[Any, ...]:
    bare = words().bare
    near = 0 if street and bare(place.street) == bare(street) else 1
    return near, -len(place.area), place.status != "active", place.kind, place.name, place.code


def nearest(
    read: Read, kinds: Sequence[str], lat: float, lng: float, most: int
) -> list[tuple[Place, float]]:
    """Return the nearest places whose coordinates are known, with their distance in metres."""
    found: list[tuple[Place, float]] = []
    for reach in _REACHES:
        south, north, west, east = geo.box(lat, lng, reach)
        wanted = select(*_COLUMNS).where(
            _OPEN, places.c.kind.in_(kinds), places.c.lat.between(south, north),
            places.c.lng.between(west, east),
        )  # fmt: skip
        rows = (Place.from_row(row) for row in read(wanted))
        found = [(p, geo.metres(lat, lng, p.lat or 0, p.lng or 0)) for p in rows]
        found = [(p, away) for p, away in found if away <= reach]
        if len(found) >= most:
            break
    return sorted(found, key=lambda pair: (pair[1], pair[0].code))[:most]


def by_code(read: Read, code: str) -> Place | None:
    """Return one that is open."""
    rows = read(select(*_COLUMNS).where(_OPEN, places.c.code == code))
    return Place.from_row(rows[0]) if rows else None


async def areas(tx: AsyncConnection) -> Mapping[str, str]:
    """Return the paths of the city and its districts by every name they go by."""
    rows = await tx.execute(
        select(units.c.path, units.c.name)
        .where(units.c.kind.in_(("city", "district")), units.c.archived_at.is_(None))
        .order_by(units.c.id)
    )
    found: dict[str, str] = {}
    for row in rows:
        found |= {row.name: row.path, row.name[:-1]: row.path, row.path: row.path}
    return found


async def names(tx: AsyncConnection) -> Mapping[str, str]:
    """Return the names of the city and its districts by path, in their order."""
    rows = await tx.execute(
        select(units.c.path, units.c.name)
        .where(units.c.kind.in_(("city", "district")))
        .order_by(units.c.id)
    )
    return {row.path: row.name for row in rows}


def seen(actor: Actor, permission: str = READ) -> ColumnElement[bool]:
    """Return the condition of the rows somebody may see; the city's are read in every district.

    A place is about no topic: a role for one topic alone does not reach it.
    """
    no_topic: ColumnElement[str] = literal(NO_TOPIC)
    look = actor.reads if permission == READ else actor.sees
    return look(permission, places.c.area, no_topic)


def filtered(
    actor: Actor, *, kind: str = "", area: str = "", status: str = "", asked: str = ""
) -> ColumnElement[bool]:
    """Return the condition of a list with its filters."""
    wanted = seen(actor)
    for column, value in ((places.c.kind, kind), (places.c.area, area), (places.c.status, status)):
        if value:
            wanted = wanted & (column == value)
    if asked:
        like = f"%{asked.replace('%', '').replace('_', '')}%"
        columns = (places.c.name, places.c.street, places.c.address, places.c.operator)
        wanted = wanted & or_(*(c.like(like) for c in columns))
    return wanted


async def count(tx: AsyncConnection, wanted: ColumnElement[bool]) -> int:
    """Return how many rows there are."""
    return await tx.scalar(select(func.count()).select_from(places).where(wanted)) or 0


async def listed(
    tx: AsyncConnection, wanted: ColumnElement[bool], *, offset: int = 0, limit: int | None = None
) -> list[Place]:
    """Return the rows of a list, by district, kind and name."""
    rows = await tx.execute(
        select(*_COLUMNS).where(wanted)
        .order_by(places.c.area, places.c.kind, places.c.name, places.c.code)
        .offset(offset).limit(limit)
    )  # fmt: skip
    return [Place.from_row(row) for row in rows]


async def one(
    tx: AsyncConnection, actor: Actor, code: str, permission: str = READ
) -> tuple[Place, int]:
    """Return a place and its revision.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    wanted = (places.c.code == code) & seen(actor, permission)
    row = (await tx.execute(select(*_COLUMNS, places.c.revision).where(wanted))).first()
    if row is None:
        raise NotFound
    return Place.from_row(row), row.revision
