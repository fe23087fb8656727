"""The access token in the database: a new process finds it, and replicas use one.

No database lock is held while the platform is asked: `stable_token` gives every caller the same
token, so two replicas that ask at once do no harm (WECHAT 3).
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from sqlalchemy import select

from bot.clock import Clock
from bot.db.engine import Database
from bot.db.upsert import upsert
from bot.delivery.tables import access_tokens
from bot.wechat.tokens import Token


class SharedTokens:
    """A token store for all processes on one database."""

    def __init__(self, db: Database, clock: Clock, app_id: str) -> None:
        self._db, self._clock, self._app_id = db, clock, app_id
        self._lock = asyncio.Lock()

    async def load(self) -> Token | None:
        """Return the stored token, None when there is none."""
        async with self._db.read() as tx:
            row = (
                await tx.execute(
                    select(access_tokens.c.token, access_tokens.c.expires_at).where(
                        access_tokens.c.app_id == self._app_id
                    )
                )
            ).first()
        return Token(row.token, row.expires_at.timestamp()) if row else None

    async def save(self, token: Token) -> None:
        """Store a token in place of the one before."""
        values = {
            "token": token.value,
            "expires_at": datetime.fromtimestamp(token.expires_at, UTC),
            "fetched_at": self._clock.now(),
        }
        save = upsert(access_tokens, ("app_id",), tuple(values), is_sqlite=self._db.is_sqlite)
        async with self._db.write() as tx:
            await tx.execute(save, {"app_id": self._app_id} | values)

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Return the lock of this process."""
        return self._lock
