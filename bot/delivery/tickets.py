"""The JS-SDK's ticket in the database: one for all processes, fetched shortly before its end.

The platform counts the calls for it, and a new one may end the one before: so it is kept centrally
(WECHAT.md 5.12).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from sqlalchemy import select

from bot.clock import Clock
from bot.db.engine import Database
from bot.db.upsert import upsert
from bot.delivery.tables import platform_tickets
from bot.wechat.tokens import Token, Tokens

JSAPI = "jsapi"
_rows = platform_tickets.c


class SharedTickets:
    """A store for all processes on one database, of one kind of ticket."""

    def __init__(self, db: Database, clock: Clock, app_id: str, kind: str = JSAPI) -> None:
        self._db, self._clock, self._mine = db, clock, {"app_id": app_id, "kind": kind}
        self._lock = asyncio.Lock()

    async def load(self) -> Token | None:
        """Return the stored ticket, None when there is none."""
        mine = [_rows[name] == value for name, value in self._mine.items()]
        async with self._db.read() as tx:
            found = await tx.execute(select(_rows.ticket, _rows.expires_at).where(*mine))
            row = found.first()
        return Token(row.ticket, row.expires_at.timestamp()) if row else None

    async def save(self, token: Token) -> None:
        """Store a ticket in place of the one before."""
        values = {
            "ticket": token.value,
            "expires_at": datetime.fromtimestamp(token.expires_at, UTC),
            "fetched_at": self._clock.now(),
        }
        keys = tuple(self._mine)
        put = upsert(platform_tickets, keys, tuple(values), is_sqlite=self._db.is_sqlite)
        async with self._db.write() as tx:
            await tx.execute(put, self._mine | values)

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Return the lock of this process."""
        return self._lock


def shared(
    db: Database, clock: Clock, app_id: str, fetch: Callable[[], Awaitable[tuple[str, float]]]
) -> Tokens:
    """Return what hands out the ticket of an account; concurrent callers share one fetch."""
    return Tokens(fetch, clock, SharedTickets(db, clock, app_id))
