"""What became of the requests of one window, written down with what it means for each row.

| outcome | channel with a key | channel without |
|---|---|---|
| accepted | sent (a mass job: queued until its event) | sent |
| not carried out, try later | planned again, the batch waits | the same |
| unknown: timeout, reset, -1 | planned again with the same key inside its window | held |
| this channel cannot reach the parent | next channel, else refused | the same |
| the day's limit is used up | channel closed, next channel, else the page of messages | the same |
| the account or the content may not | planned again, the broadcast is paused | the same |
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from bot.db import bulk
from bot.delivery import autostop, days
from bot.delivery.claims import Claim
from bot.delivery.leases import Lease, is_keyed
from bot.delivery.ledger_tables import attempts, batches, deliveries
from bot.delivery.order import Order
from bot.delivery.states import Channel, State
from bot.wechat import errors

#: Reason of a row that may have left and is tried with the same key.
AGAIN = "again"
#: After an unknown outcome of a keyed request the same key is tried after so long.
_AGAIN_IN = timedelta(seconds=5)

_report = (
    update(deliveries)
    .where(
        deliveries.c.broadcast == bindparam("b"),
        deliveries.c.n == bindparam("row"),
        deliveries.c.state == bindparam("from"),
    )
    .values(
        state=bindparam("to"), reason=bindparam("why"), channel=bindparam("next"),
        later=bindparam("rest"), done_at=bindparam("at"), message=bindparam("number"),
        claimed_at=bindparam("since"),
    )
)  # fmt: skip
_tried = (
    update(attempts)
    .where(
        attempts.c.broadcast == bindparam("b"),
        attempts.c.n == bindparam("row"),
        attempts.c["try"] == bindparam("nth"),
    )
    .values(outcome=bindparam("what"), code=bindparam("errcode"))
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request came to: the platform's number of the message, or an error, or neither."""

    claim: Claim
    error: errors.WeChatError | None = None
    message: int | None = None


def record(
    tx: Connection, order: Order, lease: Lease, outcomes: Sequence[Outcome], now: datetime
) -> datetime | None:
    """Write down a window; returns when the batch may go on, None: at once."""
    if not outcomes:
        return None
    bulk.execute(tx, _report, [_row(lease, one, now) for one in outcomes])
    noted = outcomes[:1] if lease.channel is Channel.MASS else outcomes
    bulk.execute(tx, _tried, [_attempt(lease, one) for one in noted])
    again_at = None
    for one in outcomes:
        if one.error is not None:
            again_at = _consequence(tx, order, one.claim.channel, one.error, now) or again_at
    return again_at


def count(tx: Connection, lease: Lease) -> Counter[str]:
    """Count a batch's rows by state and keep the count with the batch."""
    d, b = deliveries.c, batches.c
    rows = tx.execute(select(d.state, func.count()).where(lease.rows()).group_by(d.state))
    states: Counter[str] = Counter(dict(rows.all()))
    tx.execute(
        update(batches)
        .where(b.broadcast == lease.broadcast, b.number == lease.number)
        .values(counts=json.dumps(states))
    )
    return states


def _row(lease: Lease, one: Outcome, now: datetime) -> dict[str, Any]:
    state, reason, is_next = _meaning(one)
    claim = one.claim
    after = claim.later if not is_next else claim.later[1:]
    return {
        "b": lease.broadcast,
        "row": claim.n,
        "from": State.CLAIMED.value,
        "to": state.value,
        "why": reason,
        "next": (claim.later[0] if is_next else claim.channel).value,
        "rest": " ".join(after),
        "at": None if state in (State.PLANNED, State.QUEUED) else now,
        "number": one.message,
        # empty: it surely did not leave, and another try is a first one
        "since": None if state is State.PLANNED and reason != AGAIN else claim.since,
    }


def _meaning(one: Outcome) -> tuple[State, str, bool]:
    """Return the state, the reason, and whether the row goes on to its next channel."""
    error, claim, channel = one.error, one.claim, one.claim.channel
    if error is None:
        return (State.QUEUED if channel is Channel.MASS else State.SENT), "", False
    if isinstance(error, errors.Unknown):
        return (
            (State.PLANNED, AGAIN, False) if is_keyed(channel) else (State.HELD, "unknown", False)
        )
    reason = f"wechat.{error.code}" if error.code is not None else "no_answer"
    if isinstance(error, errors.Retry) or _stops_all(error):
        return State.PLANNED, reason, False
    is_closed = errors.is_channel_closed(error) or isinstance(error, errors.Quota)
    if claim.later and is_closed:
        return State.PLANNED, reason, True
    return (State.KEPT if isinstance(error, errors.Quota) else State.REFUSED), reason, False


def _stops_all(error: errors.WeChatError) -> bool:
    """Say whether every parent would be refused the same way: nothing is lost, a person looks."""
    return errors.is_of_account(error) and not isinstance(error, errors.Quota | errors.Retry)


def _consequence(
    tx: Connection, order: Order, channel: Channel, error: errors.WeChatError, now: datetime
) -> datetime | None:
    """Do what an error asks of the whole channel; returns when to go on."""
    if isinstance(error, errors.Quota):
        days.close(tx, order.account, channel, error.code, now)
    if _stops_all(error):
        autostop.pause(tx, order.id, f"wechat.{error.code}", now)
    if isinstance(error, errors.Retry):
        return now + timedelta(seconds=error.after_s)
    if isinstance(error, errors.Unknown) and is_keyed(channel):
        return now + _AGAIN_IN
    return None


def _attempt(lease: Lease, one: Outcome) -> dict[str, Any]:
    """Return what an attempt came to; a mass job has one, noted under the batch's first row."""
    error = one.error
    what = "accepted" if error is None else type(error).__name__.lower()
    return {
        "b": lease.broadcast,
        "row": lease.first_n if one.claim.channel is Channel.MASS else one.claim.n,
        "nth": one.claim.tries,
        "what": what,
        "errcode": error.code if error is not None else None,
    }
