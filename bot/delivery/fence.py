"""The send fence: after a restore nothing leaves by the account's initiative until it is lifted.

A backup does not know what was sent after it was made. Whoever sends without having just been
written to (late answers of before, reminders, broadcasts, notices) asks `is_up` in the transaction
that claims, and leaves the row alone while a fence stands. Answers to what parents write now go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import upsert
from bot.delivery.tables import fences
from bot.logs import log


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence that stands; `reason` is a key: `restored`, `backup` or `staff`."""

    raised_at: datetime
    reason: str


async def is_up(tx: AsyncConnection) -> Fence | None:
    """Return the fence that stands, None when sending is free."""
    row = (await tx.execute(select(fences.c.raised_at, fences.c.reason))).first()
    return Fence(row.raised_at, row.reason) if row else None


async def raise_(tx: AsyncConnection, at: datetime, reason: str) -> None:
    """Put the fence up, or move it to this instant when one stands."""
    is_sqlite = tx.dialect.name == "sqlite"
    put = upsert(fences, ("id",), ("raised_at", "reason"), is_sqlite=is_sqlite)
    await tx.execute(put, {"id": 1, "raised_at": at, "reason": reason})
    log.warning("fence_raised", reason=reason)


async def lift(tx: AsyncConnection) -> Fence | None:
    """Take the fence away; returns the one that stood."""
    stood = await is_up(tx)
    await tx.execute(delete(fences))
    if stood is not None:
        log.warning("fence_lifted", reason=stood.reason)
    return stood
