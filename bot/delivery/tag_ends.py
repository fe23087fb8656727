"""How the job of a send by a tag ends: what its attempts say, and what that makes of the rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from bot.delivery import days, leases, outcomes, send_tags
from bot.delivery.leases import KEY_WINDOW, Lease
from bot.delivery.ledger_tables import attempts, batches, deliveries
from bot.delivery.order import Order, load
from bot.delivery.send_tags import SendTag
from bot.delivery.states import Channel, State

#: Batches brought to their end in one transaction.
_FEW = 8


_MAYBE = ("", "unknown")  # outcomes of attempts that may have left


@dataclass(frozen=True, slots=True)
class Past:
    """What the attempts so far say. `since`: when the job may have left first."""

    nth: int = 0
    outcome: str = ""
    code: int | None = None
    since: datetime | None = None


def past(tx: Connection, lease: Lease) -> Past:
    """Return what is known of a job's attempts."""
    a = attempts.c
    mine = (a.broadcast == lease.broadcast, a.n == lease.first_n)
    rows = tx.execute(select(attempts).where(*mine).order_by(a["try"])).all()
    if not rows:
        return Past()
    since = min((row.at for row in rows if row.outcome in _MAYBE), default=None)
    return Past(len(rows), rows[-1].outcome, rows[-1].code, since)


def count(tx: Connection, tag: SendTag) -> int:
    """Return how many rows have the tag, as the batches count them."""
    counts = tx.scalars(select(batches.c.counts).where(tag.batches()))
    return sum(json.loads(said).get(State.TAGGED, 0) for said in counts)


def ending(tx: Connection, lease: Lease, order: Order, now: datetime) -> tuple[State, str] | None:
    """Return what becomes of the rows with the tag, once it is certain."""
    job = tx.scalar(
        select(batches.c.job).where(
            batches.c.broadcast == lease.broadcast, batches.c.number == lease.number
        )
    )
    if job is not None:
        return State.QUEUED, ""
    was = past(tx, lease)
    if was.outcome == "refused":
        return State.REFUSED, f"wechat.{was.code}"
    if was.since is not None:
        is_over = now - was.since > KEY_WINDOW[Channel.MASS] or now >= order.not_after
        return (State.HELD, "unknown") if is_over else None
    if now >= order.not_after:
        return State.EXPIRED, "not_after"
    if is_closed(tx, order, now) and days.midnight(now) >= order.not_after:
        return State.KEPT, "quota"
    return None


def move(tx: Connection, lease: Lease, tag: SendTag, to: State, reason: str, now: datetime) -> bool:
    """Bring one batch to the end of its job; False where none is left."""
    b, d = batches.c, deliveries.c
    is_open = or_(b.counts.contains(f'"{State.TAGGED}"'), b.is_done.is_(False))
    row = tx.execute(
        select(batches)
        .where(tag.batches(), is_open, or_(b.lease_until.is_(None), b.lease_until <= now))
        .order_by(b.number)
        .limit(1)
    ).first()
    if row is None:
        return False
    values: dict[str, object] = {"state": to, "reason": reason, "done_at": now}
    if to is State.QUEUED:
        since = past(tx, lease).since or _accepted_at(tx, lease)
        values |= {"done_at": None, "claimed_at": since, "message": row.job}
    mine = Lease.of(row)
    had = [State.TAGGED.value]
    had += [] if to is State.QUEUED else [State.PLANNED.value, State.CLAIMED.value]
    tx.execute(update(deliveries).where(mine.rows(), d.state.in_(had)).values(values))
    outcomes.count(tx, mine)
    leases.give_back(tx, mine, is_done=True)
    return True


def close(tx: Connection, lease: Lease, to: State, now: datetime) -> bool:
    """Bring the rows of a broadcast that is over to their end, a few batches at a time.

    Says whether all are: what the job may have left for is held, what it has left for is queued.
    """
    tag, order = send_tags.of(tx, lease), load(tx, lease.broadcast)
    if send_tags.is_tagging(tx, tag):
        return False
    end = ending(tx, lease, order, now)
    if end is None or end[0] in (State.EXPIRED, State.KEPT):
        is_maybe = past(tx, lease).since is not None
        end = (State.HELD, "unknown") if is_maybe else (to, "")
    return sum(move(tx, lease, tag, *end, now) for _ in range(_FEW)) < _FEW


def give_up(tx: Connection, lease: Lease, before: datetime) -> None:
    """Say of a job the platform never told the end of that nothing will come."""
    if _accepted_at(tx, lease) < before:
        b = batches.c
        mine = (b.broadcast == lease.broadcast, b.number == lease.number)
        tx.execute(update(batches).where(*mine).values(report='{"status": "no_report"}'))


def _accepted_at(tx: Connection, lease: Lease) -> datetime:
    a = attempts.c
    found: datetime = tx.execute(
        select(a.at)
        .where(a.broadcast == lease.broadcast, a.n == lease.first_n, a.outcome == "accepted")
        .order_by(a["try"])
        .limit(1)
    ).scalar_one()
    return found


def is_closed(tx: Connection, order: Order, now: datetime) -> bool:
    """Say whether no mass call is left today."""
    return days.is_closed(tx, order.account, Channel.MASS, now)
