"""Who sends a batch: a lease with a fencing number, and what becomes of a dead sender's rows.

A sender that lost its lease (paused, cut off) finds another number in the row and writes nothing
more (RELIABILITY 2.3, I10). What it had claimed is tried again only on channels where the platform
refuses a second copy of the key, and inside that window; elsewhere it is held for a person (I5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update

from bot.delivery.ledger_tables import batches, deliveries
from bot.delivery.states import KEYED, Channel, Role, State

#: How long a sender may be silent before another takes its batch.
LEASE = timedelta(seconds=15)
#: Openids one mass job takes, and so the rows of its batch (WECHAT 5.4).
WHOLE = 10_000
#: How long after the first attempt the platform surely still knows a key (WECHAT 5.2: 10 minutes,
#: 5.4: 24 hours), less a margin for clocks and for a slow request.
KEY_WINDOW = {Channel.TEMPLATE: timedelta(minutes=8), Channel.MASS: timedelta(hours=23)}

#: A request does not leave in the last seconds of a lease: it may be answered after its end.
MARGIN_S = 3.0


@dataclass(frozen=True, slots=True)
class Rest:
    """A batch that is not done: when to look again. None: when somebody lets it go on."""

    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lease:
    """A batch in hand: its rows, its channel, and the fencing number of this hold on it."""

    broadcast: int
    number: int
    token: int
    channel: Channel
    first_n: int
    last_n: int
    role: Role = Role.LIST

    def rows(self) -> ColumnElement[bool]:
        """Return the condition that a row of `delivery` is of this batch."""
        d = deliveries.c
        return and_(d.broadcast == self.broadcast, d.n.between(self.first_n, self.last_n))

    @classmethod
    def of(cls, row: Any) -> Lease:
        """Return the hold on a batch that its row of `broadcast_batch` tells of."""
        return cls(
            row.broadcast, row.number, row.token, Channel(row.channel), row.first_n, row.last_n,
            Role(row.role),
        )  # fmt: skip


def take(
    tx: Connection, broadcast: int, number: int, owner: str, now: datetime
) -> Lease | timedelta | None:
    """Take a batch: the lease, or how long to wait for it, or None when it is done."""
    b = batches.c
    mine = and_(b.broadcast == broadcast, b.number == number)
    row = tx.execute(select(batches).where(mine).with_for_update()).first()
    if row is None or row.is_done:
        return None
    wait = _wait(row.lease_until, row.next_at, now)
    if wait is not None:
        return wait
    tx.execute(
        update(batches)
        .where(mine)
        .values(token=row.token + 1, owner=owner, lease_until=now + LEASE, next_at=None)
    )
    lease = replace(Lease.of(row), token=row.token + 1)
    if lease.role is Role.LIST:
        settle(tx, lease, now)
    return lease


def _wait(
    lease_until: datetime | None, next_at: datetime | None, now: datetime
) -> timedelta | None:
    until = max((at for at in (lease_until, next_at) if at is not None), default=now)
    return until - now if until > now else None


_keep = (
    update(batches)
    .where(
        batches.c.broadcast == bindparam("b"),
        batches.c.number == bindparam("nth"),
        batches.c.token == bindparam("held"),
    )
    .values(lease_until=bindparam("until"))
)


def keep(tx: Connection, lease: Lease, now: datetime) -> bool:
    """Hold on to a batch; False when it was taken over."""
    mine = {"b": lease.broadcast, "nth": lease.number, "held": lease.token}
    return tx.execute(_keep, mine | {"until": now + LEASE}).rowcount == 1


def give_back(
    tx: Connection, lease: Lease, *, is_done: bool = False, next_at: datetime | None = None
) -> None:
    """Let a batch go: for good, or until the platform will take more."""
    b = batches.c
    tx.execute(
        update(batches)
        .where(b.broadcast == lease.broadcast, b.number == lease.number, b.token == lease.token)
        .values(lease_until=None, is_done=is_done, next_at=next_at)
    )


def release_all(tx: Connection) -> None:
    """End every lease: only for who knows that no other process sends."""
    tx.execute(update(batches).where(batches.c.lease_until.is_not(None)).values(lease_until=None))


def note_job(tx: Connection, lease: Lease, job: int) -> None:
    """Keep the platform's number of a mass job: its end is told by this number."""
    b = batches.c
    mine = (b.broadcast == lease.broadcast, b.number == lease.number)
    tx.execute(update(batches).where(*mine).values(job=job))


def settle(tx: Connection, lease: Lease, now: datetime) -> None:
    """Decide over what a sender before had claimed and never reported."""
    d = deliveries.c
    claimed = and_(lease.rows(), d.state == State.CLAIMED)
    for channel, window in KEY_WINDOW.items():
        again = and_(claimed, d.channel == channel, d.claimed_at > now - window)
        tx.execute(update(deliveries).where(again).values(state=State.PLANNED, reason="again"))
    held = {"state": State.HELD, "reason": "unknown", "done_at": now}
    tx.execute(update(deliveries).where(claimed).values(held))


def is_keyed(channel: Channel) -> bool:
    """Say whether the platform itself refuses a second copy."""
    return channel in KEYED
