"""Accounts of the staff and their grants: read for each request, changed with a second person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.people import roles
from bot.people.actor import Actor, Grant
from bot.people.tables import grants, sessions, staff

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,38}[a-z0-9])")
NAME_MAX = 40
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """A row of staff, as login and account pages need it."""

    id: int
    login: str
    name: str
    password: str
    totp: bytes | None
    totp_used: int | None
    disabled_at: datetime | None


_ACCOUNT = [staff.c[name] for name in Account.__dataclass_fields__]


async def by_login(tx: AsyncConnection, login: str) -> Account | None:
    """Return an account in use by its login name."""
    row = (
        await tx.execute(
            select(*_ACCOUNT).where(
                staff.c.login == login.strip().lower(), staff.c.disabled_at.is_(None)
            )
        )
    ).first()
    return Account(*row) if row else None


async def account(tx: AsyncConnection, number: int) -> Account:
    """Return an account.

    Raises:
        NotFound: there is none.
    """
    row = (await tx.execute(select(*_ACCOUNT).where(staff.c.id == number))).first()
    if row is None:
        raise NotFound
    return Account(*row)


async def actor(tx: AsyncConnection, number: int) -> Actor | None:
    """Return who acts, with the grants in force; None when the account is closed."""
    row = (
        await tx.execute(
            select(staff.c.login, staff.c.name).where(
                staff.c.id == number, staff.c.disabled_at.is_(None)
            )
        )
    ).first()
    if row is None:
        return None
    held = await tx.execute(
        select(grants.c.role, grants.c.area, grants.c.topic).where(
            grants.c.staff == number, _in_force()
        )
    )
    return Actor(number, row.login, row.name, tuple(Grant(*g) for g in held))


def _in_force() -> Any:
    return grants.c.approved_at.is_not(None) & grants.c.ended_at.is_(None)


async def create(
    tx: AsyncConnection, *, login: str, name: str, password: str, now: datetime
) -> int:
    """Open an account with a hashed password; returns its number.

    Raises:
        InvalidInput: login or name are not usable, or the login is taken.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise InvalidInput("login.form")
    if not 0 < len(name.strip()) <= NAME_MAX:
        raise InvalidInput("name.form")
    if await tx.scalar(select(func.count()).select_from(staff).where(staff.c.login == login)):
        raise InvalidInput("login.taken")
    made = await tx.execute(
        insert(staff).values(login=login, name=name.strip(), password=password, created_at=now)
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


async def set_password(tx: AsyncConnection, number: int, password: str) -> None:
    """Take a new hashed password and end every session."""
    await tx.execute(update(staff).where(staff.c.id == number).values(password=password))
    await tx.execute(sessions.delete().where(sessions.c.staff == number))


async def disable(tx: AsyncConnection, number: int, now: datetime | None) -> None:
    """Close an account and its sessions, or (None) open it again.

    Raises:
        InvalidInput: nobody could administrate any more.
    """
    await tx.execute(update(staff).where(staff.c.id == number).values(disabled_at=now))
    await tx.execute(sessions.delete().where(sessions.c.staff == number))
    if now is not None and not await has_administrator(tx):
        raise InvalidInput("grant.last_administrator")


async def has_administrator(tx: AsyncConnection) -> bool:
    """Say whether anybody administrates the whole city: before that the console stays shut."""
    return await _administrators(tx) > 0


async def _administrators(tx: AsyncConnection) -> int:
    count = await tx.scalar(
        select(func.count(staff.c.id.distinct()))
        .select_from(staff.join(grants, grants.c.staff == staff.c.id))
        .where(grants.c.role == ADMIN, grants.c.area == "", grants.c.topic == "")
        .where(_in_force(), staff.c.disabled_at.is_(None))
    )
    return count or 0


async def propose(tx: AsyncConnection, number: int, grant: Grant, *, by: int, now: datetime) -> int:
    """Note a grant; it counts once a second person approves it. Returns its number.

    Raises:
        InvalidInput: the role is unknown.
    """
    if grant.role not in roles.load().roles:
        raise InvalidInput("grant.role")
    made = await tx.execute(
        insert(grants).values(
            staff=number, role=grant.role, area=grant.area, topic=grant.topic,
            given_by=by, given_at=now,
        )
    )  # fmt: skip
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


async def approve(tx: AsyncConnection, number: int, *, by: int, now: datetime) -> None:
    """Let a grant count.

    Nobody approves for themselves or what they proposed, except the only administrator there is.

    Raises:
        NotFound: no such grant is waiting.
        NotAllowed: a second person is needed.
    """
    row = (
        await tx.execute(
            select(grants.c.staff, grants.c.given_by)
            .where(grants.c.id == number, grants.c.approved_at.is_(None))
            .where(grants.c.ended_at.is_(None))
        )
    ).first()
    if row is None:
        raise NotFound
    alone = await _administrators(tx) <= 1
    if row.staff == by or (row.given_by == by and not alone):
        raise NotAllowed("grant.second_person")
    await tx.execute(
        update(grants).where(grants.c.id == number).values(approved_by=by, approved_at=now)
    )
    await tx.execute(sessions.delete().where(sessions.c.staff == row.staff))


async def end(tx: AsyncConnection, number: int, *, now: datetime) -> None:
    """End a grant; it stays on record. The last administrator cannot be removed.

    Raises:
        InvalidInput: nobody could administrate any more.
    """
    await tx.execute(update(grants).where(grants.c.id == number).values(ended_at=now))
    if not await has_administrator(tx):
        raise InvalidInput("grant.last_administrator")


def reaches(giver: Actor, grant: Grant) -> bool:
    """Say whether a giver may hand out this grant: only inside where and what they manage."""
    return any(own.covers(grant.area, grant.topic) for own in giver.giving("staff.edit"))


async def found(tx: AsyncConnection, grant: int, *, now: datetime) -> None:
    """Let the very first grant count: there is no second person yet.

    Raises:
        NotAllowed: there is an administrator already.
    """
    if await has_administrator(tx):
        raise NotAllowed("grant.second_person")
    await tx.execute(update(grants).where(grants.c.id == grant).values(approved_at=now))
