"""Claiming: in one transaction the last window is recorded and the next one may leave (I3, I4).

Everything that could forbid a send is read here: brake, fence, stage, times, quiet hours, the
day's limits, and each parent's wishes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.calendar import quiet
from bot.db import bulk
from bot.delivery import allowance, brake, days, gate, leases, means, unwanted
from bot.delivery.leases import Lease
from bot.delivery.ledger_tables import attempts, deliveries
from bot.delivery.order import Order
from bot.delivery.states import Channel, Stage, State
from bot.runtime import Runtime

#: Rows claimed at once: what a kill can leave unknown, and how late a wish may come.
WINDOW = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """One row that may leave now. `key` is the same for every try of the row."""

    n: int
    openid: str
    channel: Channel
    later: tuple[Channel, ...]
    tries: int
    variant: int
    key: str
    #: When it may have left first: the platform's memory of the key runs from here.
    since: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """What may leave now; or nothing, and then when to come again (None: never)."""

    order: Order
    claims: list[Claim] = field(default_factory=list)
    again_at: datetime | None = None


class LeaseLost(Exception):
    """Another process has the batch now."""


_d = deliveries.c
_next = (
    select(_d.n, _d.openid, _d.channel, _d.later, _d.tries, _d.variant, _d.claimed_at)
    .where(
        _d.broadcast == bindparam("b"),
        _d.n.between(bindparam("first"), bindparam("last")),
        _d.state == State.PLANNED,
    )
    .order_by(_d.n)
    .limit(bindparam("many"))
)
_claim = (
    update(deliveries)
    .where(
        deliveries.c.broadcast == bindparam("b"),
        deliveries.c.n == bindparam("row"),
        deliveries.c.state == bindparam("from"),
    )
    .values(state=bindparam("to"), tries=bindparam("nth"), claimed_at=bindparam("since"))
)
_over = (
    update(deliveries)
    .where(deliveries.c.broadcast == bindparam("b"), deliveries.c.n == bindparam("row"))
    .values(state=bindparam("to"), reason=bindparam("why"), done_at=bindparam("at"))
)
_move = (
    update(deliveries)
    .where(deliveries.c.broadcast == bindparam("b"), deliveries.c.n == bindparam("row"))
    .values(
        channel=bindparam("next"), later=bindparam("rest"), state=bindparam("to"),
        reason=bindparam("why"), done_at=bindparam("at"),
    )
)  # fmt: skip
_attempt = insert(attempts).values(
    {name: bindparam(name) for name in ("broadcast", "n", "try", "channel", "key", "token", "at")}
)


def claim(rt: Runtime, tx: Connection, lease: Lease, order: Order) -> Turn:
    """Claim the next window of a batch; `order` is as it stands in this transaction.

    Raises:
        LeaseLost: another process has taken the batch over.
    """
    now = rt.clock.now()
    if not leases.keep(tx, lease, now):
        raise LeaseLost
    if order.stage is not Stage.RUNNING or brake.is_on(tx):
        return Turn(order)
    if now >= order.not_after:
        _expire(tx, lease, now)
        return Turn(order)
    if not order.is_urgent and (opens := quiet.next_open(rt.settings, now)) > now:
        return Turn(order, again_at=opens)
    rows, again_at = _open(tx, order, lease, _planned(rt, tx, lease), now)
    fit = _fit(tx, order, lease, rows, now)
    allowed = _allowed(rt, tx, order, lease, fit, now)
    taken = _granted(tx, order, allowed, now)
    allowance.take(tx, order, [(one.channel, one.openid) for one in taken], now)
    _write(tx, lease, taken, now)
    return Turn(order, taken, again_at if not rows else now)


def key(rt: Runtime, broadcast: int, n: int) -> str:
    """Return what the platform knows one message by: 32 characters (WECHAT R10), ours alone."""
    said = f"send\0{broadcast}\0{n}".encode()
    return hashlib.blake2b(said, digest_size=16, key=rt.code_key[:64]).hexdigest()


def _planned(rt: Runtime, tx: Connection, lease: Lease) -> Sequence[Any]:
    # without a key what is claimed and not yet on its way is lost to a kill: no more than can leave
    many = WINDOW if leases.is_keyed(lease.channel) else rt.settings.send_concurrency
    many = leases.WHOLE if lease.channel is Channel.MASS else many
    asked = {"b": lease.broadcast, "first": lease.first_n, "last": lease.last_n, "many": many}
    return tx.execute(_next, asked).all()


def _open(
    tx: Connection, order: Order, lease: Lease, rows: Sequence[Any], now: datetime
) -> tuple[Sequence[Any], datetime | None]:
    """Return the rows whose channel is open; the others go on to their next channel, or wait.

    With them: when to come again if there are none.
    """
    closed = {
        name
        for name in {row.channel for row in rows}
        if days.is_closed(tx, order.account, Channel(name), now)
    }
    shut = [row for row in rows if row.channel in closed]
    if not shut:
        return rows, None
    tomorrow = days.midnight(now)
    can_wait = tomorrow < order.not_after
    moving = [_moved(lease, row, now) for row in shut if row.later or not can_wait]
    if moving:
        bulk.execute(tx, _move, moving)
    is_waiting = can_wait and any(not row.later for row in shut)
    return [row for row in rows if row.channel not in closed], tomorrow if is_waiting else now


def _fit(
    tx: Connection, order: Order, lease: Lease, rows: Sequence[Any], now: datetime
) -> Sequence[Any]:
    """Return the rows whose channel still reaches the parent; the others go on, or are kept.

    A row that may have left before is not asked again: it goes with the same key.
    """
    new = [row for row in rows if row.claimed_at is None]
    channels = {Channel(row.channel) for row in new}
    openids = [row.openid for row in new]
    read = means.read(tx, order, channels, openids, now + leases.LEASE)
    why = {row.n: read.fails(Channel(row.channel), row.openid) for row in new}
    moving = [_moved(lease, row, now, why[row.n]) for row in new if why[row.n]]
    if moving:
        bulk.execute(tx, _move, moving)
    return [row for row in rows if not why.get(row.n)]


def _moved(lease: Lease, row: Any, now: datetime, why: str = "quota") -> Mapping[str, Any]:
    """Return how a row goes on to its next channel, or ends on the page of messages."""
    head, _, rest = row.later.partition(" ")
    state, reason = (State.PLANNED, "") if head else (State.KEPT, why)
    return {
        "b": lease.broadcast,
        "row": row.n,
        "next": head or row.channel,
        "rest": rest,
        "to": state.value,
        "why": reason,
        "at": None if head else now,
    }


def _granted(tx: Connection, order: Order, rows: list[Claim], now: datetime) -> list[Claim]:
    """Count the rows against the day's limits; what is over them waits for the next look."""
    granted: list[Claim] = []
    for channel in dict.fromkeys(row.channel for row in rows):
        mine = [row for row in rows if row.channel is channel]
        granted += mine[: days.take(tx, order.account, channel, len(mine), now)]
    return granted


def _allowed(
    rt: Runtime, tx: Connection, order: Order, lease: Lease, rows: Sequence[Any], now: datetime
) -> list[Claim]:
    """Return the rows that may leave, and close the others."""
    refused = unwanted.refused(rt, tx, order, [row.openid for row in rows], now)
    over = [_closed(lease, row, refused[row.openid], now) for row in rows if row.openid in refused]
    over += [_unknown(lease, row, now) for row in rows if _is_forgotten(row, now)]
    if over:
        bulk.execute(tx, _over, over)
    closed = {row["row"] for row in over}
    return [_of(rt, lease, row, now) for row in rows if row.n not in closed]


def _is_forgotten(row: Any, now: datetime) -> bool:
    """Say whether a row may have left so long ago that the platform forgot its key."""
    window = leases.KEY_WINDOW.get(row.channel)
    return bool(row.claimed_at and window and now - row.claimed_at > window)


def _closed(lease: Lease, row: Any, reason: str, now: datetime) -> Mapping[str, Any]:
    if row.claimed_at:  # it may have left before: nobody can say that it did not
        return _unknown(lease, row, now)
    state = State.KEPT if reason == gate.TIRED else State.OPTED_OUT
    return {"b": lease.broadcast, "row": row.n, "to": state.value, "why": reason, "at": now}


def _unknown(lease: Lease, row: Any, now: datetime) -> Mapping[str, Any]:
    held = {"to": State.HELD.value, "why": "unknown", "at": now}
    return {"b": lease.broadcast, "row": row.n} | held


def _of(rt: Runtime, lease: Lease, row: Any, now: datetime) -> Claim:
    channel = Channel(row.channel)
    by = lease.first_n if channel is Channel.MASS else row.n
    later = tuple(Channel(name) for name in row.later.split())
    named = key(rt, lease.broadcast, by)
    since = row.claimed_at or now
    return Claim(row.n, row.openid, channel, later, row.tries + 1, row.variant, named, since)


def _write(tx: Connection, lease: Lease, taken: Sequence[Claim], now: datetime) -> None:
    if not taken:
        return
    change = {"b": lease.broadcast, "from": State.PLANNED.value, "to": State.CLAIMED.value}
    rows = [change | {"row": one.n, "nth": one.tries, "since": one.since} for one in taken]
    bulk.execute(tx, _claim, rows)
    noted = taken[:1] if lease.channel is Channel.MASS else taken
    bulk.execute(
        tx,
        _attempt,
        [
            {
                "broadcast": lease.broadcast,
                "n": lease.first_n if one.channel is Channel.MASS else one.n,
                "try": one.tries,
                "channel": one.channel.value,
                "key": one.key,
                "token": lease.token,
                "at": now,
            }
            for one in noted
        ],
    )


def _expire(tx: Connection, lease: Lease, now: datetime) -> None:
    """Close what did not leave in time; it is never sent late (I7)."""
    d = deliveries.c
    untried = (lease.rows(), d.state == State.PLANNED, d.claimed_at.is_(None))
    over = {"state": State.EXPIRED, "reason": "not_after", "done_at": now}
    tx.execute(update(deliveries).where(*untried).values(over))
    held = {"state": State.HELD, "reason": "unknown", "done_at": now}
    tx.execute(update(deliveries).where(lease.rows(), d.state == State.PLANNED).values(held))
