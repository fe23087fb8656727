"""Sessions of parents' phones: 256-bit keys, hashed in the database, ended by time, word or leave.

Source: OWASP ASVS 5.0.0, 7.2.3, 7.3.1, 7.3.2, 7.4.1; RELIABILITY 4.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Executable, bindparam, delete, insert, select
from sqlalchemy import update as update_rows
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.h5.tables import parent_sessions
from bot.people.families import Person
from bot.people.sealed import fingerprint

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: `seen_at` is written no more often than this: a tap must not cost a write.
_STEP = timedelta(minutes=1)
_KEY_FORM = re.compile(r"[A-Za-z0-9_-]{43}").fullmatch
_rows = parent_sessions.c
#: Notes a row to be written with the turn (`Turn.write`).
Write = Callable[[Executable, Mapping[str, Any]], None]

_forget = (
    delete(parent_sessions)
    .where(_rows.openid == bindparam("parent"), _rows.account == bindparam("owner"))
    .execution_options(last=True)
)


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: the key only the phone has, whose it is, when it was used last."""

    key: str = field(repr=False)
    person: Person = field(repr=False)
    seen_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Say whether `seen_at` should be written again."""
        return now - self.seen_at >= _STEP


async def start(tx: AsyncConnection, person: Person, now: datetime) -> str:
    """Open a session; returns its key, which only the phone keeps."""
    key = secrets.token_urlsafe(32)
    row = {
        "key": fingerprint(key), "account": person[0], "openid": person[1],
        "made_at": now, "seen_at": now, "expires_at": now + LONGEST,
    }  # fmt: skip
    await tx.execute(insert(parent_sessions).values(row))
    return key


async def load(tx: AsyncConnection, key: str, now: datetime) -> Session | None:
    """Return the session of a key, None when it has ended or never was."""
    if not _KEY_FORM(key):
        return None
    wanted = select(_rows.account, _rows.openid, _rows.seen_at)
    found = await tx.execute(wanted.where(_rows.key == fingerprint(key), _lives(now)))
    row = found.first()
    return Session(key, (row.account, row.openid), row.seen_at) if row else None


async def whose(tx: AsyncConnection, key_hash: str, now: datetime) -> Person | None:
    """Return whose session has this hash, None when it has ended."""
    wanted = select(_rows.account, _rows.openid).where(_rows.key == key_hash, _lives(now))
    row = (await tx.execute(wanted)).first()
    return (row.account, row.openid) if row else None


async def touch(tx: AsyncConnection, session: Session, now: datetime) -> None:
    """Note that the session is in use."""
    mine = _rows.key == fingerprint(session.key)
    await tx.execute(update_rows(parent_sessions).where(mine).values(seen_at=now))


async def end(tx: AsyncConnection, session: Session) -> None:
    """End a session: its key opens nothing any more, wherever it is kept."""
    await tx.execute(delete(parent_sessions).where(_rows.key == fingerprint(session.key)))


def forget(write: Write, person: Person) -> None:
    """Note that every session of this parent ends."""
    write(_forget, {"parent": person[1], "owner": person[0]})


async def tidy(tx: AsyncConnection, now: datetime) -> int:
    """Delete what has ended by time; returns how many."""
    gone: CursorResult[tuple[()]] = await tx.execute(delete(parent_sessions).where(~_lives(now)))
    return gone.rowcount


def _lives(now: datetime) -> ColumnElement[bool]:
    return (_rows.seen_at > now - IDLE) & (_rows.expires_at > now)
