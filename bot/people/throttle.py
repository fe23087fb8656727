"""Failed logins: each one makes the next wait longer, by account and by address; nobody is locked.

Source: OWASP ASVS 5.0.0, 6.3.1. A correct password during the wait is refused as well, or the
wait would tell which password is right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people.tables import failures

#: Wrong tries that cost nothing: people mistype.
FREE = {"account": 5, "address": 20}
#: An account waits shortly, for a stranger can make it wait; an address waits long.
LONGEST_S = {"account": 60.0, "address": 900.0}
_FORGOTTEN = timedelta(days=1)


def keys(login: str, address: str) -> tuple[str, str]:
    """Return what failures are counted under: hashes of account and address."""
    return (_key("account", login.strip().lower()), _key("address", address))


def _key(kind: str, value: str) -> str:
    return f"{kind[:2]}{hashlib.sha256(value.encode()).hexdigest()[:60]}"


async def begin(tx: AsyncConnection, counted: Sequence[str], now: datetime) -> float:
    """Count a try before it is looked at; returns how many seconds to wait instead, 0 when none.

    Counted in advance, so that a hundred tries at once are a hundred tries; `succeeded` takes
    the count back. A try during the wait neither counts nor lengthens it.
    """
    await tx.execute(_insert(tx), [{"key": k, "tries": 0, "last_at": now} for k in sorted(counted)])
    held = select(failures).where(failures.c.key.in_(counted)).order_by(failures.c.key)
    rows = (await tx.execute(held.with_for_update())).all()
    wait = max((_left(r.key, r.tries, r.last_at, now) for r in rows), default=0.0)
    if wait == 0:
        for row in rows:
            known = row.tries if now - row.last_at < _FORGOTTEN else 0
            change = update(failures).where(failures.c.key == row.key)
            await tx.execute(change.values(tries=known + 1, last_at=now))
    return wait


def _insert(tx: AsyncConnection) -> Any:
    if tx.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    return dialect.insert(failures).on_conflict_do_nothing()


def _left(key: str, count: int, last_at: datetime, now: datetime) -> float:
    kind = "account" if key.startswith("ac") else "address"
    if count < FREE[kind]:
        return 0.0
    delay = min(LONGEST_S[kind], 2.0 ** min(count - FREE[kind], 20) * 5)
    return max(0.0, delay - (now - last_at).total_seconds())


async def succeeded(tx: AsyncConnection, counted: Sequence[str]) -> None:
    """Forget the account's failures; those of the address stay, without this try."""
    mine = [k for k in counted if k.startswith("ac")]
    await tx.execute(delete(failures).where(failures.c.key.in_(mine)))
    others = failures.c.key.in_([k for k in counted if k not in mine])
    await tx.execute(update(failures).where(others).values(tries=failures.c.tries - 1))


async def forget_old(tx: AsyncConnection, now: datetime) -> None:
    """Delete failures of long ago."""
    await tx.execute(delete(failures).where(failures.c.last_at < now - _FORGOTTEN))
