"""The staff as one person may see them: lists, grants, and who may be managed by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.org.scope import is_below
from bot.people.actor import Actor, Grant
from bot.people.tables import grants, sessions, staff

READ, EDIT = "staff.read", "staff.edit"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of the staff is narrowed to."""

    words: str = ""
    role: str = ""
    area: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague; `grants` are those that the viewer may see and that have not ended."""

    id: int
    login: str
    name: str
    has_second_factor: bool
    created_at: datetime
    disabled_at: datetime | None
    seen_at: datetime | None
    grants: Sequence[GrantRow] = ()


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant on record."""

    id: int
    staff: int
    grant: Grant
    given_by: int
    given_at: datetime
    approved_at: datetime | None
    ended_at: datetime | None
    name: str
    by: str


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for people somebody may see: who holds a grant inside.

    Who holds none is seen by those who manage the whole city.
    """
    inside = exists().where(
        grants.c.staff == staff.c.id,
        grants.c.ended_at.is_(None),
        actor.sees(READ, grants.c.area, grants.c.topic),
    )
    return inside | (true() if actor.may(READ, "", "") else false())


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    held: ColumnElement[bool] = true()
    if wanted.role:
        held = held & (grants.c.role == wanted.role)
    if wanted.area:
        held = held & is_below(grants.c.area, wanted.area)
    condition: ColumnElement[bool] = true()
    if wanted.role or wanted.area:
        mine = (grants.c.staff == staff.c.id) & grants.c.ended_at.is_(None)
        condition = exists().where(mine, held)
    if wanted.words:
        named = staff.c.name.contains(wanted.words, autoescape=True)
        login = staff.c.login.contains(wanted.words.lower(), autoescape=True)
        condition = condition & (named | login)
    if wanted.state == "closed":
        condition = condition & staff.c.disabled_at.is_not(None)
    elif wanted.state == "open":
        condition = condition & staff.c.disabled_at.is_(None)
    return condition


async def count(tx: AsyncConnection, actor: Actor, wanted: Wanted) -> int:
    """Return how many people fit."""
    rows = select(func.count()).select_from(staff).where(seen(actor), _fits(wanted))
    return await tx.scalar(rows) or 0


async def listed(
    tx: AsyncConnection, actor: Actor, wanted: Wanted, *, offset: int, limit: int
) -> list[Person]:
    """Return the people who fit, those in use first."""
    return await _people(
        tx,
        actor,
        seen(actor) & _fits(wanted),
        lambda rows: rows.offset(offset).limit(limit),
    )


async def get(tx: AsyncConnection, actor: Actor, number: int) -> Person:
    """Return a person.

    Raises:
        NotFound: there is none, or none this person may see.
    """
    found = await _people(tx, actor, seen(actor) & (staff.c.id == number), lambda rows: rows)
    if not found:
        raise NotFound
    return found[0]


async def _people(
    tx: AsyncConnection, actor: Actor, condition: ColumnElement[bool], cut: Any
) -> list[Person]:
    last = (
        select(func.max(sessions.c.seen_at)).where(sessions.c.staff == staff.c.id).scalar_subquery()
    )
    rows = select(
        staff.c.id, staff.c.login, staff.c.name, staff.c.totp.is_not(None), staff.c.created_at,
        staff.c.disabled_at, last,
    ).where(condition).order_by(staff.c.disabled_at.is_not(None), staff.c.id)  # fmt: skip
    people = [Person(*row) for row in (await tx.execute(cut(rows))).all()]
    held = await _grants(
        tx,
        grants.c.staff.in_([p.id for p in people])
        & grants.c.ended_at.is_(None)
        & actor.sees(READ, grants.c.area, grants.c.topic),
    )
    return [replace(p, grants=[g for g in held if g.staff == p.id]) for p in people]


async def waiting(tx: AsyncConnection, actor: Actor) -> list[GrantRow]:
    """Return the grants that wait for a second person, inside where this one manages the staff."""
    return await _grants(tx, _waiting(actor))


async def waiting_for(tx: AsyncConnection, actor: Actor) -> int:
    """Return how many grants this person could approve."""
    others = (grants.c.staff != actor.id) & (grants.c.given_by != actor.id)
    rows = select(func.count()).select_from(grants).where(_waiting(actor), others)
    return await tx.scalar(rows) or 0


def _waiting(actor: Actor) -> ColumnElement[bool]:
    open_ = grants.c.approved_at.is_(None) & grants.c.ended_at.is_(None)
    return open_ & actor.sees(EDIT, grants.c.area, grants.c.topic)


async def grant(tx: AsyncConnection, actor: Actor, number: int) -> GrantRow:
    """Return a grant that has not ended, inside where this person manages the staff.

    Raises:
        NotFound: there is none.
    """
    found = await _grants(
        tx,
        (grants.c.id == number)
        & grants.c.ended_at.is_(None)
        & actor.sees(EDIT, grants.c.area, grants.c.topic),
    )
    if not found:
        raise NotFound
    return found[0]


async def _grants(tx: AsyncConnection, condition: ColumnElement[bool]) -> list[GrantRow]:
    by = staff.alias()
    rows = await tx.execute(
        select(
            grants.c.id, grants.c.staff, grants.c.role, grants.c.area, grants.c.topic,
            grants.c.given_by, grants.c.given_at, grants.c.approved_at, grants.c.ended_at,
            staff.c.name, func.coalesce(by.c.name, literal("")).label("by"),
        )
        .join(staff, staff.c.id == grants.c.staff)
        .join(by, by.c.id == grants.c.given_by, isouter=True)
        .where(condition)
        .order_by(grants.c.id)
    )  # fmt: skip
    return [
        GrantRow(r.id, r.staff, Grant(r.role, r.area, r.topic), r.given_by, r.given_at,
                 r.approved_at, r.ended_at, r.name, r.by)
        for r in rows
    ]  # fmt: skip


async def is_managed(tx: AsyncConnection, actor: Actor, number: int) -> bool:
    """Say whether an account as a whole is this person's to manage.

    Only where every grant it holds or waits for lies inside: else a district could take over an
    account of the city. Nobody manages their own account here.
    """
    held = (grants.c.staff == number) & grants.c.ended_at.is_(None)
    inside = actor.sees(EDIT, grants.c.area, grants.c.topic)
    both = select(func.count(), func.count().filter(inside)).select_from(grants).where(held)
    every, mine = (await tx.execute(both)).one()
    if number == actor.id or every != mine:
        return False
    return bool(every) or actor.may(EDIT, "", "")
