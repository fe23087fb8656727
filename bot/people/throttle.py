"""Failed logins: each one makes the next wait longer, by account and by address; nobody is locked.

Source: OWASP ASVS 5.0.0, 6.3.1. A correct password during the wait is refused as well, or the
wait would tell which password is right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import upsert
from bot.people.tables import failures

#: Wrong tries that cost nothing: people mistype.
FREE = {"account": 5, "address": 20}
LONGEST_S = 900.0
_FORGOTTEN = timedelta(days=1)


def keys(login: str, address: str) -> tuple[str, str]:
    """Return what failures are counted under: hashes of account and address."""
    return (_key("account", login.strip().lower()), _key("address", address))


def _key(kind: str, value: str) -> str:
    return f"{kind[:2]}{hashlib.sha256(value.encode()).hexdigest()[:60]}"


async def wait_s(tx: AsyncConnection, counted: Sequence[str], now: datetime) -> float:
    """Return how many seconds must pass before the next try is looked at."""
    rows = await tx.execute(select(failures).where(failures.c.key.in_(counted)))
    return max((_left(r.key, r.tries, r.last_at, now) for r in rows), default=0.0)


def _left(key: str, count: int, last_at: datetime, now: datetime) -> float:
    free = FREE["account" if key.startswith("ac") else "address"]
    if count < free:
        return 0.0
    delay = min(LONGEST_S, 2.0 ** (count - free) * 5)
    return max(0.0, delay - (now - last_at).total_seconds())


async def failed(tx: AsyncConnection, counted: Sequence[str], now: datetime) -> None:
    """Count a failed try."""
    rows = await tx.execute(select(failures).where(failures.c.key.in_(counted)))
    known = {r.key: r.tries for r in rows if now - r.last_at < _FORGOTTEN}
    save = upsert(failures, ("key",), ("tries", "last_at"), is_sqlite=tx.dialect.name == "sqlite")
    for key in counted:
        await tx.execute(save, {"key": key, "tries": known.get(key, 0) + 1, "last_at": now})


async def succeeded(tx: AsyncConnection, counted: Sequence[str]) -> None:
    """Forget the account's failures; those of the address stay."""
    mine = [k for k in counted if k.startswith("ac")]
    await tx.execute(delete(failures).where(failures.c.key.in_(mine)))


async def forget_old(tx: AsyncConnection, now: datetime) -> None:
    """Delete failures of long ago."""
    await tx.execute(delete(failures).where(failures.c.last_at < now - _FORGOTTEN))
