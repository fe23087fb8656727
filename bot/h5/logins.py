"""A login under way: a state bound to the phone that began it, taken once, for ten minutes.

What the phone began is in its own cookie, under our key; only what came back is a row. So nobody
fills the database by opening the login page.
Source: OWASP ASVS 5.0.0, 10.1.2, 10.2.1; WECHAT.md 5.11 (state: letters and digits, 128 bytes).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import insert_new
from bot.h5 import sessions
from bot.h5.tables import parent_logins
from bot.people.families import Person
from bot.people.sealed import derived, fingerprint
from bot.runtime import Runtime

LASTS = timedelta(minutes=10)
#: A page that the phone loads twice gets the first one's result for so long.
REPEATED = timedelta(minutes=1)
_PATIENCE_S, _PAUSE_S = 3.0, 0.1
#: random part, second it was made, where to go on; `~` stands for `/`
_COOKIE = re.compile(r"([0-9a-f]{32})\.([0-9]{9,11})\.([A-Za-z0-9~_-]{0,120})").fullmatch
_rows = parent_logins.c


@dataclass(frozen=True, slots=True)
class Begun:
    """What a phone began: kept in its cookie; `state` goes to the platform and comes back."""

    cookie: str
    state: str
    target: str


def begin(rt: Runtime, target: str) -> Begun:
    """Begin a login that goes on at a known page, given as a path below `/h/`."""
    second = int(rt.clock.timestamp())
    cookie = f"{secrets.token_hex(16)}.{second}.{target.replace('/', '~')}"
    return Begun(cookie, _state(rt, cookie), target)


def began(rt: Runtime, cookie: str, state: str) -> Begun | None:
    """Return what this phone began, None when the state is not its own or too old."""
    parts = _COOKIE(cookie)
    if parts is None or not hmac.compare_digest(_state(rt, cookie), state):
        return None
    age_s = rt.clock.timestamp() - int(parts[2])
    is_young = -1 <= age_s <= LASTS.total_seconds()
    return Begun(cookie, state, parts[3].replace("~", "/")) if is_young else None


async def claim(rt: Runtime, tx: AsyncConnection, begun: Begun, code: str) -> bool:
    """Take a state; False when it was taken before."""
    row = {
        "state": fingerprint(begun.state), "code": fingerprint(code), "session": "",
        "used_at": rt.clock.now(),
    }  # fmt: skip
    statement = insert_new(parent_logins, tuple(row), is_sqlite=rt.db.is_sqlite)
    return (await tx.execute(statement, row)).first() is not None


async def done(tx: AsyncConnection, begun: Begun, key: str) -> None:
    """Note the session that came of it."""
    mine = _rows.state == fingerprint(begun.state)
    await tx.execute(update(parent_logins).where(mine).values(session=fingerprint(key)))


async def failed(tx: AsyncConnection, begun: Begun) -> None:
    """Note that nothing came of it; the state stays taken."""
    mine = _rows.state == fingerprint(begun.state)
    await tx.execute(update(parent_logins).where(mine).values(code=""))


async def first(rt: Runtime, begun: Begun, code: str) -> Person | None:
    """Return who logged in when this page was loaded the first time; waits for that a little."""
    for _ in range(round(_PATIENCE_S / _PAUSE_S)):
        async with rt.db.read() as tx:
            row = await _used(tx, begun, rt.clock.now())
            if row is None or row[0] != fingerprint(code):
                return None
            if row[1]:
                return await sessions.whose(tx, row[1], rt.clock.now())
        await asyncio.sleep(_PAUSE_S)
    return None


async def _used(tx: AsyncConnection, begun: Begun, now: datetime) -> tuple[str, str] | None:
    mine = _rows.state == fingerprint(begun.state)
    wanted = select(_rows.code, _rows.session).where(mine, _rows.used_at > now - REPEATED)
    row = (await tx.execute(wanted)).first()
    return (row.code, row.session) if row else None


async def tidy(tx: AsyncConnection, now: datetime) -> None:
    """Delete the states that could not come back any more."""
    await tx.execute(delete(parent_logins).where(_rows.used_at < now - 2 * LASTS))


def _state(rt: Runtime, cookie: str) -> str:
    key = derived(rt.code_key, "parent-login")
    return hmac.new(key, cookie.encode(), hashlib.sha256).hexdigest()
