"""The course of a broadcast: frozen, held for a moment, running, at its end checked and closed.

`look` is called every half second by every worker and may be called twice at once: each change
names the stage it starts from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from bot.delivery import (
    autostop,
    brake,
    incidents,
    leases,
    outcomes,
    send_tags,
    tag_ends,
    tagging,
)
from bot.delivery.cuts import CANARY
from bot.delivery.leases import Lease
from bot.delivery.ledger_tables import batches, broadcasts, deliveries
from bot.delivery.order import Order, of_row
from bot.delivery.states import OPEN, OVER, Role, Stage, State
from bot.delivery.tables import fences
from bot.logs import log
from bot.runtime import Runtime

_MOVING = (Stage.FREEZING, Stage.WAITING, Stage.RUNNING)
#: A mass job whose end the platform never told counts as sent after so long.
_SILENT = timedelta(hours=26)
#: Batches looked at when one is taken: so several workers do not want the same one.
_FEW = 16


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done now: orders to freeze, and broadcasts to send."""

    to_freeze: list[int] = field(default_factory=list)
    to_send: list[Order] = field(default_factory=list)


def look(rt: Runtime, tx: Connection) -> Work:
    """Move every broadcast on as far as it goes, and return what is to be done."""
    now, work = rt.clock.now(), Work()
    _after_restore(tx, now)
    if brake.is_on(tx):
        return work
    b = broadcasts.c
    rows = tx.execute(select(broadcasts).where(b.stage.in_(_MOVING)).order_by(b.id)).mappings()
    for order in [of_row(row) for row in rows.all()]:
        if order.stage is Stage.FREEZING:
            work.to_freeze.append(order.id)
        elif order.stage is Stage.WAITING:
            _begin(tx, order, now)
        elif not _finished(tx, order, now):
            work.to_send.append(order)
    for number in _stopped(tx):
        _close(tx, number, now)
    return work


def ready(tx: Connection, order: Order, now: datetime) -> list[int]:
    """Return the batches that may be taken now; first and alone the canary."""
    b = batches.c
    is_free = and_(
        or_(b.lease_until.is_(None), b.lease_until <= now),
        or_(b.next_at.is_(None), b.next_at <= now),
    )
    open_ones: ColumnElement[bool] = and_(b.broadcast == order.id, b.is_done.is_(False))
    has_canary = tx.scalar(select(b.number).where(open_ones, b.number == CANARY))
    if has_canary is not None and order.canary:
        open_ones = and_(open_ones, b.number == CANARY)
    in_turn = send_tags.in_turn(tx, order.id)
    if in_turn is not None:
        open_ones = and_(open_ones, in_turn)
    free = select(b.number).where(open_ones, is_free).order_by(b.number)
    return list(tx.scalars(free.limit(_FEW)))


def next_look(tx: Connection, broadcast: int, now: datetime) -> datetime | None:
    """Return when a batch that waits may go on; None where none is left."""
    b = batches.c
    open_ones = tx.execute(
        select(b.next_at, b.lease_until).where(b.broadcast == broadcast, b.is_done.is_(False))
    ).all()
    if not open_ones:
        return None
    return min(max(at for at in (*row, now) if at is not None) for row in open_ones)


def _begin(tx: Connection, order: Order, now: datetime) -> None:
    """Let a frozen order run once its hold and its `not_before` are over (I7)."""
    assert order.frozen_at is not None
    if now >= order.not_after:
        _stage(tx, order, Stage.EXPIRED, now, "not_after")
    elif now >= max(order.not_before, order.frozen_at + timedelta(seconds=order.hold_s)):
        _stage(tx, order, Stage.RUNNING, now)


def _finished(tx: Connection, order: Order, now: datetime) -> bool:
    """Finish a broadcast whose rows are all final and add up to what was frozen (I6)."""
    b = batches.c
    mine = b.broadcast == order.id
    if tx.scalar(select(func.count()).where(mine, b.is_done.is_(False))):
        return False
    totals = autostop.totals(tx, order.id)
    if totals[State.QUEUED]:
        _give_up_silent(tx, order.id, now)
        return False
    if sum(totals.values()) != order.frozen or any(totals[state] for state in OPEN):
        incidents.report_in(tx, "broadcast.sums", now, broadcast=order.id)
        log.error("broadcast_sums", broadcast=order.id)
        return False
    _stage(tx, order, Stage.FINISHED, now)
    return True


def _stage(tx: Connection, order: Order, to: Stage, now: datetime, reason: str = "") -> None:
    b = broadcasts.c
    values: dict[str, object] = {"stage": to, "reason": reason}
    if to in OVER:
        values["ended_at"] = now
    if to is Stage.RUNNING:
        values["round"] = order.round + 1
    tx.execute(update(broadcasts).where(b.id == order.id, b.stage == order.stage).values(values))
    log.info("broadcast_stage", broadcast=order.id, stage=to, reason=reason)


def _after_restore(tx: Connection, now: datetime) -> None:
    """Pause what a restored backup would send: nobody knows what has left since (I8)."""
    del now
    raised = tx.scalar(select(fences.c.raised_at))
    if raised is not None:
        b = broadcasts.c
        tx.execute(
            update(broadcasts)
            .where(b.stage.in_(_MOVING), b.ordered_at <= raised)
            .values(stage=Stage.PAUSED, reason="restored")
        )


def _stopped(tx: Connection) -> Sequence[int]:
    """Return the broadcasts that are over and have batches that do not know it."""
    b, c = batches.c, broadcasts.c
    open_ones = select(b.broadcast).where(b.is_done.is_(False))
    over = [stage for stage in OVER if stage is not Stage.FINISHED]
    return list(tx.scalars(select(c.id).where(c.stage.in_(over), c.id.in_(open_ones))))


def _close(tx: Connection, broadcast: int, now: datetime) -> None:
    """Close the batches of a broadcast that is over, as far as nobody holds them."""
    b, d = batches.c, deliveries.c
    stage = tx.scalar(select(broadcasts.c.stage).where(broadcasts.c.id == broadcast))
    to = State.EXPIRED if stage == Stage.EXPIRED else State.STOPPED
    rows = tx.execute(
        select(batches).where(
            b.broadcast == broadcast,
            b.is_done.is_(False),
            or_(b.lease_until.is_(None), b.lease_until <= now),
        )
    ).all()
    for row in rows:
        lease = Lease.of(row)
        if lease.role is Role.TAG:
            tagging.close(tx, lease, to, "", now)
        elif lease.role is Role.JOB and not tag_ends.close(tx, lease, to, now):
            continue
        leases.settle(tx, lease, now)
        never = (lease.rows(), d.state == State.PLANNED, d.claimed_at.is_(None))
        tx.execute(update(deliveries).where(*never).values(state=to, reason="", done_at=now))
        held = {"state": State.HELD, "reason": "unknown", "done_at": now}
        tx.execute(update(deliveries).where(lease.rows(), d.state == State.PLANNED).values(held))
        outcomes.count(tx, lease)
        leases.give_back(tx, lease, is_done=True)


def _give_up_silent(tx: Connection, broadcast: int, now: datetime) -> None:
    """Count the rows of a mass job as sent whose end was never told."""
    b, d = batches.c, deliveries.c
    rows = tx.execute(
        select(batches)
        .where(b.broadcast == broadcast, b.job.is_not(None), b.report == "")
        .order_by(b.number)
    ).all()
    for row in rows:
        lease = Lease.of(row)
        if lease.role is Role.JOB:
            tag_ends.give_up(tx, lease, now - _SILENT)
        silent = (lease.rows(), d.state == State.QUEUED, d.claimed_at < now - _SILENT)
        sent = {"state": State.SENT, "reason": "no_report", "done_at": now}
        if tx.execute(update(deliveries).where(*silent).values(sent)).rowcount:
            outcomes.count(tx, lease)
