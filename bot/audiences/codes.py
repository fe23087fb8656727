"""Codes of places, for ever, and of events, for 30 days; made by the platform, kept here.

A place's code names its path, and the path of a class is its cohort: it is right after every
September. There are 100,000 permanent codes an account (WECHAT 5.10), so events get temporary ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidInput, NotFound
from bot.org import grades, scope
from bot.org.tables import units
from bot.org.tree import Unit
from bot.people.actor import Actor
from bot.people.code_tables import SHOWN, Code, by_scene, codes
from bot.people.code_tables import scene as scene_for
from bot.runtime import Runtime
from bot.school import code_making
from bot.wechat.gateway import QR_LIFE_MAX_S

MAKE = "codes.make"
#: Codes made for one click: each is one call of the platform.
AT_ONCE = 60
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUG_MAX = 40
_COLUMNS = [units.c[name] for name in Unit.__dataclass_fields__]


def event_scene(slug: str) -> str:
    """Return the scene of an event's code.

    Raises:
        InvalidInput: the slug is not of small letters, digits and hyphens.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > _SLUG_MAX:
        raise InvalidInput("codes.slug")
    return f"event:{slug}"


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the codes somebody looks after."""
    no_topic: ColumnElement[str] = literal("")
    return actor.sees(MAKE, codes.c.area, no_topic)


async def unit(tx: AsyncConnection, actor: Actor, path: str) -> Unit:
    """Return a place in use that somebody may make codes for.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    no_topic: ColumnElement[str] = literal("")
    wanted = select(*_COLUMNS).where(
        units.c.path == path, units.c.archived_at.is_(None),
        actor.sees(MAKE, units.c.path, no_topic),
    )  # fmt: skip
    row = (await tx.execute(wanted)).first()
    if row is None:
        raise NotFound
    return Unit(*row)


async def pack(tx: AsyncConnection, top: Unit, today: date) -> list[tuple[Unit, Code | None]]:
    """Return a place and the classes below it, each with its code where it has one.

    A class that has left school needs none: permanent codes are few.

    Below a district or a city there are no classes in a pack, only the places directly below:
    a pack is what one school, station or street hangs up.
    """
    is_wide = top.kind in ("city", "district")
    below = units.c.parent == top.path if is_wide else _classes(top.path)
    rows = await tx.execute(
        select(*_COLUMNS)
        .where(or_(units.c.path == top.path, below), units.c.archived_at.is_(None))
        .order_by(units.c.kind == "class", units.c.stage, units.c.entry_year.desc(),
                  units.c.number, units.c.id)
    )  # fmt: skip
    found = [unit for unit in (Unit(*row) for row in rows) if not _has_left(unit, today)]
    made = await by_scene(tx, [scene_for(one) for one in found])
    return [(one, made.get(scene_for(one))) for one in found]


def _has_left(unit: Unit, today: date) -> bool:
    years = len(grades.words().grades.get(unit.stage or "", ())) or None
    left = None if unit.entry_year is None else grades.school_year(today) - unit.entry_year
    return unit.kind == "class" and years is not None and left is not None and left >= years


def _classes(path: str) -> ColumnElement[bool]:
    return (units.c.kind == "class") & scope.is_below(units.c.path, path)


async def one(tx: AsyncConnection, actor: Actor, scene: str) -> Code:
    """Return one code.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    row = (await tx.execute(select(*SHOWN).where(codes.c.scene == scene, seen(actor)))).first()
    if row is None:
        raise NotFound
    return Code(*row)


async def events(tx: AsyncConnection, actor: Actor, now: datetime) -> list[Code]:
    """Return the codes of events that still work, the newest first."""
    wanted = select(*SHOWN).where(seen(actor), codes.c.expires_at > now)
    rows = await tx.execute(wanted.order_by(codes.c.made_at.desc(), codes.c.scene))
    return [Code(*row) for row in rows]


async def make(rt: Runtime, actor: Actor, wanted: Sequence[Unit]) -> int:
    """Make the permanent codes of places, at most `AT_ONCE`; returns how many.

    Each is kept as soon as it is made: a second try goes on where this one ended, and the platform
    gives the same code again for the same scene.

    Raises:
        InvalidInput: the platform does not give (more) codes; what was made stays.
    """
    made = 0
    for one_ in wanted[:AT_ONCE]:
        await code_making.of_place(rt, actor, one_)
        made += 1
    return made


async def make_event(rt: Runtime, actor: Actor, slug: str, name: str, area: str) -> str:
    """Make the temporary code of an event; returns its scene.

    Raises:
        InvalidInput: the slug is wrong or taken, or the platform does not give a code.
    """
    scene, now = event_scene(slug), rt.clock.now()
    actor.require(MAKE, area, "")
    async with rt.db.read() as tx:
        known = (await by_scene(tx, [scene])).get(scene)
    if known is not None and known.expires_at is not None and known.expires_at > now:
        raise InvalidInput("codes.slug_taken")
    await code_making.create(rt, actor, scene, area, name, QR_LIFE_MAX_S)
    return scene


async def forget_ended(rt: Runtime) -> int:
    """Delete the codes of events whose time is over; returns how many."""
    async with rt.db.write() as tx:
        old = codes.c.expires_at <= rt.clock.now()
        return int((await tx.execute(delete(codes).where(old))).rowcount)
