"""One parent's conversation, changed from outside a batch: by the staff who talk with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import upsert
from bot.dialogue.conversation import Talk
from bot.dialogue.tables import conversation

#: (account, openid)
Person = tuple[str, str]


def lock_number(person: Person) -> int:
    """Return the number of a parent's advisory lock on PostgreSQL."""
    digest = hashlib.blake2b("\0".join(person).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


async def lock(tx: AsyncConnection, person: Person) -> None:
    """Keep batches away from this parent until the transaction ends; ask before other locks.

    SQLite has one writer anyway.
    """
    if tx.dialect.name == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock(lock_number(person))))


async def change(
    tx: AsyncConnection, person: Person, now: datetime, work: Callable[[Talk], None]
) -> None:
    """Change the stored state of a conversation; the parent's lock is held already."""
    stored = await tx.scalar(
        select(conversation.c.state).where(
            conversation.c.account == person[0], conversation.c.openid == person[1]
        )
    )
    talk = Talk.from_json(stored) if stored else Talk()
    work(talk)
    is_sqlite = tx.dialect.name == "sqlite"
    save = upsert(conversation, ("account", "openid"), ("state", "updated_at"), is_sqlite=is_sqlite)
    row = {"account": person[0], "openid": person[1]}
    await tx.execute(save, row | {"state": talk.to_json(), "updated_at": now})
