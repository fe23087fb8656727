"""A broadcast stops by itself when too much of its beginning is refused (RELIABILITY 7)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.delivery import incidents
from bot.delivery.ledger_tables import batches, broadcasts
from bot.delivery.order import Order
from bot.delivery.states import Stage, State
from bot.logs import log

#: More than this share of the rows reported so far, once there are so many of them.
SHARE, FIRST = 0.05, 50
_REPORTED = (State.SENT, State.TAGGED, State.QUEUED, State.REFUSED)


def look(tx: Connection, order: Order, now: datetime) -> bool:
    """Pause a running broadcast if too much was refused; says whether it did."""
    states = totals(tx, order.id)
    reported = sum(states[state] for state in _REPORTED)
    if reported < FIRST or states[State.REFUSED] <= SHARE * reported:
        return False
    return pause(tx, order.id, "refusals", now)


def pause(tx: Connection, broadcast: int, reason: str, now: datetime) -> bool:
    """Pause a running broadcast and call for staff."""
    b = broadcasts.c
    paused = tx.execute(
        update(broadcasts)
        .where(b.id == broadcast, b.stage == Stage.RUNNING)
        .values(stage=Stage.PAUSED, reason=reason)
    )
    if not paused.rowcount:
        return False
    incidents.report_in(tx, "broadcast.paused", now, broadcast=broadcast, reason=reason)
    log.error("broadcast_paused", broadcast=broadcast, reason=reason)
    return True


def totals(tx: Connection, broadcast: int) -> Counter[str]:
    """Return the rows of a broadcast by state, as its batches count them."""
    counts = tx.scalars(select(batches.c.counts).where(batches.c.broadcast == broadcast))
    found: Counter[str] = Counter()
    for said in counts:
        found.update(json.loads(said))
    return found
