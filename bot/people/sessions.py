"""Sessions of the console: 256-bit keys, hashed in the database, ended by time or by hand.

Source: OWASP ASVS 5.0.0, 7.2.3, 7.3.1, 7.3.2, 7.4.1; RELIABILITY 4.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people.sealed import fingerprint
from bot.people.tables import sessions

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: A password without its second factor opens nothing for longer than this.
HALF = timedelta(minutes=10)
#: `seen_at` is written no more often than this: a click must not cost a write.
_STEP = timedelta(minutes=1)
_AGENT = 80


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; `full` once every factor asked for was given."""

    key: str
    id: str
    staff: int
    csrf: str
    full: bool
    seen_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Say whether `seen_at` should be written again."""
        return now - self.seen_at >= _STEP


async def start(tx: AsyncConnection, staff: int, *, full: bool, agent: str, now: datetime) -> str:
    """Open a session; returns its key, which only the browser keeps."""
    key = secrets.token_urlsafe(32)
    await tx.execute(
        insert(sessions).values(
            key=fingerprint(key), id=secrets.token_hex(8), staff=staff,
            csrf=secrets.token_urlsafe(32), full=full, agent=agent[:_AGENT],
            started_at=now, seen_at=now,
        )
    )  # fmt: skip
    return key


async def load(tx: AsyncConnection, key: str, now: datetime) -> Session | None:
    """Return the session of a key, None when it has ended."""
    row = (
        await tx.execute(
            select(
                sessions.c.key, sessions.c.id, sessions.c.staff, sessions.c.csrf, sessions.c.full,
                sessions.c.seen_at,
            ).where(sessions.c.key == fingerprint(key), _lives(now))
        )
    ).first()  # fmt: skip
    return Session(*row) if row else None


async def lives(tx: AsyncConnection, session: Session, now: datetime) -> bool:
    """Say whether a session has not ended; asking is no use of it."""
    wanted = select(sessions.c.id).where(sessions.c.key == session.key, _lives(now))
    return (await tx.execute(wanted)).first() is not None


async def touch(tx: AsyncConnection, session: Session, now: datetime) -> None:
    """Note that the session is in use."""
    await tx.execute(update(sessions).where(sessions.c.key == session.key).values(seen_at=now))


async def end(tx: AsyncConnection, key_hash: str) -> None:
    """End one session by the hash of its key."""
    await tx.execute(delete(sessions).where(sessions.c.key == key_hash))


async def end_by_id(tx: AsyncConnection, staff: int, number: str) -> None:
    """End one of a person's own sessions, as lists name it."""
    await tx.execute(delete(sessions).where(sessions.c.staff == staff, sessions.c.id == number))


async def end_others(tx: AsyncConnection, session: Session) -> None:
    """End every other session of the same person."""
    await tx.execute(
        delete(sessions).where(sessions.c.staff == session.staff, sessions.c.key != session.key)
    )


async def forget_old(tx: AsyncConnection, now: datetime) -> None:
    """Delete what has ended by time."""
    await tx.execute(delete(sessions).where(~_lives(now)))


def _lives(now: datetime) -> ColumnElement[bool]:
    whole = (sessions.c.seen_at > now - IDLE) & (sessions.c.started_at > now - LONGEST)
    half = sessions.c.full | (sessions.c.started_at > now - HALF)
    return whole & half
