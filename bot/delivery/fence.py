"""The send fence: after a restore nothing leaves by the account's initiative until it is lifted.

A backup does not know what was sent after it was made. Whoever sends without having just been
written to (late answers of before, reminders, broadcasts, notices) asks `is_up` in the transaction
that claims, and leaves the row alone while a fence stands. Answers to what parents write now go on.

Two fences are for good: `copied` on a database that was copied to another one, which sends now, and
`copying` on a copy that was never finished. No process starts on either (`check_start`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, delete, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import upsert
from bot.delivery.tables import fences
from bot.errors import NotAllowed, StartRefused
from bot.logs import log

#: Fences that nobody lifts by the way, and what is to be done.
FINAL = {
    "copied": "this database was copied to another one, which is in use now: set BOT_DATABASE_URL "
    "to that one. Only if the copy was thrown away: bot fence lift --copied",
    "copying": "this database is a copy that was not finished: drop it, and copy to an empty one",
}


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence that stands; `reason` is a key: `restored`, `backup`, `staff` or one of `FINAL`."""

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


async def lift(tx: AsyncConnection, *, is_back: bool = False) -> Fence | None:
    """Take the fence away; returns the one that stood.

    `is_back` says that the copy of this database is gone, and this one is in use again.

    Raises:
        NotAllowed: it stands for good.
    """
    stood = await is_up(tx)
    if stood is not None and stood.reason in FINAL and (stood.reason, is_back) != ("copied", True):
        raise NotAllowed(FINAL[stood.reason])
    await tx.execute(delete(fences))
    if stood is not None:
        log.warning("fence_lifted", reason=stood.reason)
    return stood


def check_start(url: str) -> None:
    """Refuse to run on a database that is not in use any more, or not yet.

    A database that does not answer is not judged here.

    Raises:
        StartRefused: with the sentence that says what to do.
    """
    parsed, options = make_url(url), {"connect_timeout": 5}
    if parsed.get_backend_name() == "sqlite":
        if not Path(parsed.database or "").exists():
            return
        parsed, options = parsed.set(drivername="sqlite"), {}
    engine = create_engine(parsed, connect_args=options)
    try:
        with engine.connect() as connection:
            reason = connection.scalar(select(fences.c.reason))
    except DBAPIError:
        return
    finally:
        engine.dispose()
    if reason in FINAL:
        raise StartRefused(FINAL[reason])
