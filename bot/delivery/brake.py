"""The kill switch: while it is pulled no broadcast sends anything; it survives a restart.

Every claim reads it in its own transaction, so it holds for all processes within one window.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.ledger_tables import brakes
from bot.delivery.tables import fences
from bot.logs import log

_any = select(brakes.c.id).union_all(select(fences.c.id)).limit(1)


@dataclass(frozen=True, slots=True)
class Brake:
    """Who pulled it, and when."""

    pulled_at: datetime
    by_name: str


async def pulled(tx: AsyncConnection) -> Brake | None:
    """Return the brake that is on, None when sending is free."""
    row = (await tx.execute(select(brakes.c.pulled_at, brakes.c.by_name))).first()
    return Brake(*row) if row else None


async def pull(tx: AsyncConnection, at: datetime, by_name: str) -> None:
    """Stop every broadcast of the installation; a second pull changes nothing."""
    if await pulled(tx) is None:
        await tx.execute(insert(brakes).values(id=1, pulled_at=at, by_name=by_name))
        log.warning("brake_pulled")


async def release(tx: AsyncConnection) -> Brake | None:
    """Let broadcasts go on; returns the brake that was on."""
    was = await pulled(tx)
    await tx.execute(delete(brakes))
    if was is not None:
        log.warning("brake_released")
    return was


def is_on(tx: Connection) -> bool:
    """Say whether nothing may leave: the brake is on, or the fence of a restore stands."""
    return tx.execute(_any).first() is not None
