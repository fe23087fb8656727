"""The hand on a broadcast: pause, go on, stop.

Each from named stages only, so a click too late changes nothing; what is in flight is still
reported.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.ledger_tables import broadcasts
from bot.delivery.states import Stage
from bot.errors import InvalidInput, NotFound
from bot.logs import log

#: Nothing has left yet: a stop is an undoing.
BEFORE = frozenset((Stage.FREEZING, Stage.WAITING))
#: Reasons staff may give, keys of texts.
STAFF, UNDONE = "staff", "undone"


async def pause(tx: AsyncConnection, number: int) -> None:
    """Let nothing more leave until it is resumed.

    Raises:
        NotFound: there is none.
        InvalidInput: it is not running.
    """
    await _move(tx, number, (Stage.RUNNING,), stage=Stage.PAUSED, reason=STAFF)


async def resume(tx: AsyncConnection, number: int, now: datetime) -> None:
    """Let it go on; what was frozen stays so, and what was claimed is settled first.

    One that was paused before it was frozen (a restored backup) is frozen or held again.

    Raises:
        NotFound: there is none.
        InvalidInput: it is not paused, or its time is over.
    """
    b = broadcasts.c
    query = select(b.not_after, b.frozen_at, b.round).where(b.id == number)
    row = (await tx.execute(query)).first()
    if row is None:
        raise NotFound
    if now >= row.not_after:
        raise InvalidInput("broadcast.past")
    # a round begins anew: the runners of the one before are over
    values = {"stage": Stage.RUNNING, "round": row.round + 1}
    if not row.round:
        values = {"stage": Stage.WAITING if row.frozen_at else Stage.FREEZING}
    await _move(tx, number, (Stage.PAUSED,), reason="", **values)


async def stop(tx: AsyncConnection, number: int, now: datetime) -> bool:
    """End it for good; says whether it was undone before anything left.

    Raises:
        NotFound: there is none.
        InvalidInput: it is over.
    """
    b = broadcasts.c
    stage = await tx.scalar(select(b.stage).where(b.id == number))
    is_early = stage in BEFORE
    wanted = BEFORE if is_early else (Stage.RUNNING, Stage.PAUSED)
    reason = UNDONE if is_early else STAFF
    await _move(tx, number, wanted, stage=Stage.STOPPED, reason=reason, ended_at=now)
    return is_early


async def _move(
    tx: AsyncConnection, number: int, wanted: Collection[Stage], **values: object
) -> None:
    b = broadcasts.c
    done = await tx.execute(
        update(broadcasts).where(b.id == number, b.stage.in_(wanted)).values(**values)
    )
    if done.rowcount:
        log.info("broadcast_stage", broadcast=number, stage=values["stage"])
        return
    if await tx.scalar(select(b.id).where(b.id == number)) is None:
        raise NotFound
    raise InvalidInput("broadcast.stage")
