"""Which sessions there are: for the staff by place and day, for parents by their children."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU, day
from bot.errors import NotFound
from bot.org import grades, scope
from bot.org.tables import units
from bot.people.actor import Actor
from bot.people.families import Person, children
from bot.school.session_tables import check_ins, sessions, signups
from bot.sessions import rules
from bot.sessions.tables import makeups

READ, EDIT, CHECK = "sessions.read", "sessions.edit", "sessions.check"
#: A session is about no topic: a role for one topic alone does not reach it.
NO_TOPIC = ""
#: Places whose sessions are for every family around, not for the children of one school.
PUBLIC = ("city", "district", "street", "station", "community")
#: City and district: public sessions of other districts are not listed.
_DISTRICT_STEPS = 2
_C = sessions.c


def seen(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Return the condition of the sessions a permission reaches."""
    topic: ColumnElement[str] = literal(NO_TOPIC)
    if permission == READ:
        return actor.reads(READ, _C.area, topic)
    own = actor.sees(permission, _C.area, topic)
    if permission != CHECK:
        return own
    # who has a class stands at the gate of the whole school, too
    schools = select(units.c.path).where(units.c.kind.in_(("school", "grade", "class")))
    return own | (_C.area.in_(schools) & actor.reads(CHECK, _C.area, topic))


def on_day(wanted: date) -> ColumnElement[bool]:
    """Return the condition of sessions that begin on a day in Guangzhou."""
    begins = datetime.combine(wanted, time(), GUANGZHOU)
    return (_C.starts_at >= begins) & (_C.starts_at < begins + timedelta(days=1))


async def listed(
    tx: AsyncConnection, actor: Actor, first: date, area: str = "", *, most: int = 200
) -> list[Row[Any]]:
    """Return sessions from a day on, the next first, with how many have a seat in each."""
    going = (
        select(func.count())
        .where(signups.c.session == _C.id, signups.c.state == rules.GOING)
        .correlate(sessions)
        .scalar_subquery()
        .label("going")
    )
    begins = datetime.combine(first, time(), GUANGZHOU)
    wanted = select(sessions, going).where(seen(actor, READ), _C.starts_at >= begins)
    if area:
        wanted = wanted.where(scope.is_below(_C.area, area))
    rows = await tx.execute(wanted.order_by(_C.starts_at, _C.id).limit(most))
    return list(rows.all())


async def one(tx: AsyncConnection, actor: Actor, permission: str, number: int) -> Row[Any]:
    """Return a session somebody of the staff may see, or change, or check people in at.

    Raises:
        NotFound: there is none, or it lies outside.
    """
    wanted = select(sessions).where(_C.id == number, seen(actor, permission))
    found = (await tx.execute(wanted)).first()
    if found is None:
        raise NotFound
    return found


async def is_seen(tx: AsyncConnection, actor: Actor, permission: str, number: int) -> bool:
    """Say whether a permission reaches a session."""
    wanted = select(_C.id).where(_C.id == number, seen(actor, permission))
    return await tx.scalar(wanted) is not None


async def all_seen(
    tx: AsyncConnection, actor: Actor, permission: str, numbers: list[int]
) -> set[int]:
    """Return which of these sessions a permission reaches."""
    wanted = select(_C.id).where(_C.id.in_(numbers), seen(actor, permission))
    return set((await tx.scalars(wanted)).all())


async def places(tx: AsyncConnection, actor: Actor, today: date) -> list[tuple[str, str]]:
    """Return path and name of the places somebody may hold sessions at, at most 400.

    Classes are offered to whoever has one school or less: a city has thousands of them.
    """
    areas = actor.areas(EDIT)
    below = scope.either(scope.is_below(units.c.path, a) if a else true() for a in areas)
    is_narrow = bool(areas) and all(len(a.split("/")) > _DISTRICT_STEPS for a in areas)
    wanted = select(units).where(below, units.c.archived_at.is_(None))
    if not is_narrow:
        wanted = wanted.where(units.c.kind.not_in(("grade", "class")))
    rows = (await tx.execute(wanted.order_by(units.c.path).limit(400))).all()
    named = {row.path: row for row in rows}
    mine = [r for r in rows if actor.may(EDIT, r.path, NO_TOPIC)]
    return [(row.path, label(named, row, today)) for row in mine]


def label(named: dict[str, Any], row: Any, today: date) -> str:
    """Return what a place is called; a grade or class with its school before it."""
    own = grades.label(row.kind, row.name, row.stage, row.entry_year, row.number, today)
    if row.kind not in ("grade", "class"):
        return own
    steps = row.path.split("/")
    above = [
        named["/".join(steps[:n])] for n in range(1, len(steps)) if "/".join(steps[:n]) in named
    ]
    school = next((u.name for u in above if u.kind == "school"), "")
    return f"{school} {own}".strip()


async def labels(tx: AsyncConnection, paths: Iterable[str], today: date) -> dict[str, str]:
    """Return what these places are called."""
    wanted = {"/".join(p.split("/")[:n]) for p in paths for n in range(1, p.count("/") + 2)}
    rows = (await tx.execute(select(units).where(units.c.path.in_(sorted(wanted))))).all()
    named = {row.path: row for row in rows}
    return {path: label(named, row, today) for path, row in named.items()}


def by_code(code: str) -> Select[Any]:
    """Return the session of a code that parents may see: not a draft."""
    return select(sessions).where(_C.code == code, _C.state != rules.DRAFT)


def spoken(digits: str, now: datetime) -> Select[Any]:
    """Return today's session with these spoken digits."""
    return select(sessions).where(
        on_day(day(now)), _C.spoken == digits, _C.state == rules.OPEN
    ).limit(2)  # fmt: skip


def units_of(person: Person) -> Select[Any]:
    """Return the classes of a parent's children."""
    mine = (children.c.account == person[0]) & (children.c.openid == person[1])
    return select(children.c.unit).where(mine, children.c.unit != "")


def coming(paths: Iterable[str], now: datetime, *, most: int = 50) -> Select[Any]:
    """Return the sessions that are on or to come for these classes, and the public ones around.

    Without a class: the public ones of the whole city.
    """
    above, districts = set(), set()
    for path in paths:
        steps = path.split("/")
        above |= {"/".join(steps[:n]) for n in range(1, len(steps) + 1)}
        districts.add("/".join(steps[:_DISTRICT_STEPS]))
    public = select(units.c.path).where(units.c.kind.in_(PUBLIC))
    around: ColumnElement[bool] = _C.area.in_(public)
    if districts:
        near = or_(*(scope.is_below(_C.area, d) for d in sorted(districts)))
        around = _C.area.in_(sorted(above)) | (around & near)
    wanted = (
        (_C.state == rules.OPEN) & (_C.ends_at > now) & (_C.starts_at > now - timedelta(days=1))
    )
    return select(sessions).where(wanted, around).order_by(_C.starts_at, _C.id).limit(most)


def mine(person: Person, now: datetime) -> Select[Any]:
    """Return the sessions to come a parent signed up for, with how they stand."""
    own = (signups.c.account == person[0]) & (signups.c.openid == person[1])
    stands = signups.c.state.in_((rules.GOING, rules.WAITING))
    return (
        select(sessions, signups.c.state.label("standing"))
        .join_from(signups, sessions, signups.c.session == _C.id)
        .where(own, stands, _C.ends_at > now, _C.state != rules.DRAFT)
        .order_by(_C.starts_at, _C.id)
    )


async def there(tx: AsyncConnection, number: int) -> tuple[int, int]:
    """Return how many signed in, and how many were counted in without a phone.

    Who signed in and has left the account since is among the first: a count without a reason.
    """
    own = select(func.count()).where(check_ins.c.session == number)
    counted = func.coalesce(func.sum(makeups.c.count), 0)
    of_it = select(counted).where(makeups.c.session == number)
    left = int(await tx.scalar(of_it.where(makeups.c.reason == "")) or 0)
    made_up = int(await tx.scalar(of_it.where(makeups.c.reason != "")) or 0)
    return int(await tx.scalar(own) or 0) + left, made_up
