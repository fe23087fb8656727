"""One runner takes batch after batch of a broadcast until none is left or it is told to stop."""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection

from bot.delivery import brake, course
from bot.delivery.order import load
from bot.delivery.sender import send_batch
from bot.delivery.states import Stage
from bot.errors import BotError
from bot.logs import log
from bot.runtime import Runtime

#: Runners of one broadcast: batches that are sent side by side.
SLOTS = 2
#: Longest sleep of a runner: how soon it sees that it may go on, or may not.
_NAP_S = 0.5
_stopping = asyncio.Event()


def stop() -> None:
    """Let every runner of this process end after its batch's window."""
    _stopping.set()


async def run(rt: Runtime, broadcast: int, nth: int, owner: str) -> int:
    """Send batches until this round of the broadcast is over; returns how many it sent to an end.

    Errors of the platform are outcomes and never come here; while the database is away it waits.
    """
    _stopping.clear()
    count = 0
    while not _stopping.is_set():
        try:
            number = await _next(rt, broadcast, nth)
            if number is None:
                return count
            if number >= 0 and await send_batch(rt, broadcast, number, owner) is None:
                count += 1
                continue
        except BotError as error:
            log.warning("runner_waits", broadcast=broadcast, reason=str(error))
        await asyncio.sleep(_NAP_S)
    raise asyncio.CancelledError


async def _next(rt: Runtime, broadcast: int, nth: int) -> int | None:
    """Return a batch to take; -1: none just now; None: this round is over."""
    async with rt.db.read() as tx:
        return await tx.run_sync(lambda plain: _pick(rt, plain, broadcast, nth))


def _pick(rt: Runtime, tx: Connection, broadcast: int, nth: int) -> int | None:
    order, now = load(tx, broadcast), rt.clock.now()
    if order.stage is not Stage.RUNNING or order.round != nth:
        return None
    if course.next_look(tx, broadcast, now) is None:
        return None
    if brake.is_on(tx):
        return -1
    ready = course.ready(tx, order, now)
    return ready[0] if ready else -1
