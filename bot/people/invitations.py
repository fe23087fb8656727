"""Links that work once: nobody ever gets a password from somebody else.

Source: OWASP ASVS 5.0.0, 6.4.1 (initial secrets: random, short-lived, used once).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.people import staff
from bot.people.actor import Grant
from bot.people.sealed import fingerprint
from bot.people.tables import invitations

SETUP, INVITE, RESET = "setup", "invite", "reset"
_VALID = {SETUP: timedelta(minutes=30), INVITE: timedelta(days=3), RESET: timedelta(hours=24)}


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link stands for."""

    kind: str
    staff: int | None
    name: str
    grant: Grant
    made_by: int | None


async def make(
    tx: AsyncConnection,
    kind: str,
    *,
    now: datetime,
    name: str = "",
    grant: Grant | None = None,
    person: int | None = None,
    by: int | None = None,
) -> str:
    """Note a link and return its secret (256 bits); only its hash is kept.

    A new set-up link makes the ones before it worthless.
    """
    key = secrets.token_urlsafe(32)
    given = grant or Grant("", "")
    if kind == SETUP:
        await tx.execute(invitations.delete().where(invitations.c.kind == SETUP))
    await tx.execute(
        insert(invitations).values(
            key=fingerprint(key), kind=kind, staff=person, name=name, role=given.role,
            area=given.area, topic=given.topic, made_by=by, made_at=now,
            expires_at=now + _VALID[kind],
        )
    )  # fmt: skip
    return key


async def look(tx: AsyncConnection, key: str, now: datetime) -> Invitation:
    """Return what a link stands for.

    Raises:
        NotFound: it is unknown, used or too old; a set-up link also once there is an
            administrator.
    """
    row = (
        await tx.execute(
            select(invitations).where(
                invitations.c.key == fingerprint(key),
                invitations.c.used_at.is_(None),
                invitations.c.expires_at > now,
            )
        )
    ).first()
    if row is None or (row.kind == SETUP and await staff.has_administrator(tx)):
        raise NotFound
    grant = Grant(row.role, row.area, row.topic)
    return Invitation(row.kind, row.staff, row.name, grant, row.made_by)


async def use(
    tx: AsyncConnection, key: str, *, login: str, name: str, password: str, now: datetime
) -> int:
    """Take a link: open the account with its grant, or set the new password; returns the account.

    The grant of an invitation waits for a second person; that of the first administrator counts.

    Raises:
        NotFound: as `look`; two at once: the second one.
        InvalidInput: login or name cannot be taken.
    """
    found = await look(tx, key, now)
    taken: CursorResult[tuple[()]] = await tx.execute(
        update(invitations)
        .where(invitations.c.key == fingerprint(key), invitations.c.used_at.is_(None))
        .values(used_at=now)
    )
    if taken.rowcount != 1:
        raise NotFound
    if found.kind == RESET:
        assert found.staff is not None
        await staff.set_password(tx, found.staff, password)
        return found.staff
    number = await staff.create(tx, login=login, name=name, password=password, now=now)
    by = found.made_by if found.made_by is not None else number
    grant = await staff.propose(tx, number, found.grant, by=by, now=now)
    if found.kind == SETUP:
        await staff.found(tx, grant, now=now)
    return number
