"""What a batch that tags has to do: who passes the gate gets the tag, who does not loses it.

| row | before the call | tagged | untagged | refused |
|---|---|---|---|---|
| planned, may be sent to | claimed | tagged | | refused, with the code |
| planned, may not | closed at once: it has no tag | | | |
| claimed or tagged, may not any more | claimed, with the reason | | closed, with the reason | |

A call may be made again after any death: tagging twice is tagging once. A row is closed only when
it surely has no tag: what may have one is untagged first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, select, update

from bot.delivery import autostop, brake, days, erasing, leases, means, send_tags, unwanted
from bot.delivery.claims import LeaseLost
from bot.delivery.leases import Lease
from bot.delivery.ledger_tables import deliveries
from bot.delivery.order import Order
from bot.delivery.states import OPEN, Channel, Meter, Stage, State
from bot.delivery.tag_rows import NOT_OURS, Came, Row, code_of, end_of, is_off, write
from bot.delivery.tag_tables import send_untags
from bot.runtime import Runtime
from bot.wechat import errors
from bot.wechat.tags import PARTIAL

#: Codes of one parent among the fifty of a call: who it is must be found.
OF_ONE = frozenset((45059, 49003))
#: The tag is not there any more: somebody deleted it.
NO_TAG = frozenset((45159, 40152))
#: A parent the platform names as failed is tried so often.
_TRIES = 2
_AGAIN_IN, _UNTAG_IN = timedelta(seconds=5), timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Work:
    """Rows to be tagged and untagged now; or none, and then when to come again (None: never)."""

    order: Order
    rows: list[Row] = field(default_factory=list)
    tag: int = 0
    again_at: datetime | None = None


def claim(rt: Runtime, tx: Connection, lease: Lease, order: Order) -> Work:
    """Claim the next window of a batch that tags; `order` is as it stands in this transaction.

    Quiet hours do not matter: nobody sees a tag.

    Raises:
        LeaseLost: another process has taken the batch over.
    """
    now = rt.clock.now()
    if not leases.keep(tx, lease, now):
        raise LeaseLost
    tag = send_tags.of(tx, lease).tag
    if tag is None or order.stage is not Stage.RUNNING or brake.is_on(tx):
        return Work(order)
    if now >= order.not_after:
        close(tx, lease, State.EXPIRED, "not_after", now)
        return Work(order)
    rows = _checked(rt, tx, order, _open(rt, tx, lease), now)
    over = [row for row in rows if row.is_clean and row.reason]
    taken, late, again_at = _granted(tx, order, [row for row in rows if row not in over], now)
    over += [row for row in late if row.is_clean]
    write(tx, lease.broadcast, [(row, *end_of(row.reason)) for row in over], now)
    held = [replace(row, tries=row.tries + (not row.reason)) for row in taken]
    kept = [row for row in [*held, *late] if not row.is_clean or not row.reason]
    still = [(row, State.CLAIMED, row.reason) for row in kept if row.state in OPEN]
    write(tx, lease.broadcast, still, now)
    held = [replace(row, state=State.CLAIMED) if row.state in OPEN else row for row in held]
    return Work(order, held, tag, again_at or (now if over else None))


def record(
    tx: Connection, order: Order, lease: Lease, came: Sequence[Came], now: datetime
) -> datetime | None:
    """Write down a window; returns when the batch may go on, None: at once."""
    _forgotten(tx, lease, [one.row for one in came if is_off(one)])
    told = [(one.row, *_meaning(one)) for one in came]
    write(
        tx, lease.broadcast, [(r, to, why) for r, to, why in told if to is not r.state or why], now
    )
    again_at = None
    failed = {(type(one.error), code_of(one), one.row.meter): one for one in came if one.error}
    for one in failed.values():
        again_at = _consequence(tx, order, lease, one, now) or again_at
    return again_at


def close(tx: Connection, lease: Lease, to: State, reason: str, now: datetime) -> None:
    """Close what has not got the tag for sure; no job leaves for it any more."""
    d = deliveries.c
    still = d.state.in_([State.PLANNED.value, State.CLAIMED.value])
    values = {"state": to, "reason": reason, "done_at": now}
    tx.execute(update(deliveries).where(lease.rows(), still).values(values))


def is_done(tx: Connection, lease: Lease, states: Mapping[str, int]) -> bool:
    """Say whether everybody of a batch has the tag, or surely has not."""
    if states.get(State.PLANNED) or states.get(State.CLAIMED):
        return False
    return not _erased(tx, lease, 1)


def refusals(
    rt: Runtime, tx: Connection, order: Order, openids: Sequence[str], now: datetime
) -> dict[str, str]:
    """Return why each of these parents may not get a mass send; the others are left out."""
    found = unwanted.refused(rt, tx, order, openids, now)
    read = means.read(tx, order, (Channel.MASS,), openids, now + leases.LEASE)
    why = {openid: read.fails(Channel.MASS, openid) for openid in openids}
    return {openid: reason for openid, reason in why.items() if reason} | found


def _open(rt: Runtime, tx: Connection, lease: Lease) -> list[Row]:
    """Return the next rows without a certain end, those who had everything deleted first."""
    most = rt.settings.send_concurrency * int(days.limits()["tag_call"])
    gone = _erased(tx, lease, most)
    known, d = {row.n for row in gone}, deliveries.c
    query = select(d.n, d.openid, d.state, d.tries, d.reason).where(
        lease.rows(),
        d.state.in_([State.PLANNED.value, State.CLAIMED.value]),
        d.openid != "",
    )
    rows = tx.execute(query.order_by(d.n).limit(most)).all()
    found = [
        Row(r.n, r.openid, State(r.state), r.tries, r.reason if r.state == State.CLAIMED else "")
        for r in rows
        if r.n not in known
    ]
    return [*gone, *found][:most]


def _erased(tx: Connection, lease: Lease, most: int) -> list[Row]:
    u, d = send_untags.c, deliveries.c
    query = (
        select(u.n, u.openid, d.state, d.tries)
        .join_from(send_untags, deliveries, and_(d.broadcast == u.broadcast, d.n == u.n))
        .where(u.broadcast == lease.broadcast, u.n.between(lease.first_n, lease.last_n))
    )
    rows = tx.execute(query.order_by(u.n).limit(most)).all()
    return [Row(r.n, r.openid, State(r.state), r.tries, erasing.ERASED) for r in rows]


def _checked(
    rt: Runtime, tx: Connection, order: Order, rows: Sequence[Row], now: datetime
) -> list[Row]:
    """Return the rows, those who may not be sent to with the reason."""
    asked = [row.openid for row in rows if not row.reason]
    why = refusals(rt, tx, order, asked, now) if asked else {}
    return [replace(row, reason=row.reason or why.get(row.openid, "")) for row in rows]


def _granted(
    tx: Connection, order: Order, rows: Sequence[Row], now: datetime
) -> tuple[list[Row], list[Row], datetime | None]:
    """Return the rows the day's calls are enough for, those too late, when the others come."""
    size, tomorrow = int(days.limits()["tag_call"]), days.midnight(now)
    taken: list[Row] = []
    late: list[Row] = []
    again_at = None
    for meter in (Meter.UNTAG, Meter.TAG):
        mine = [row for row in rows if row.meter is meter]
        many = 0
        if mine and not days.is_closed(tx, order.account, meter, now):
            many = size * days.take(tx, order.account, meter, -(-len(mine) // size), now)
        taken += mine[:many]
        if not mine[many:]:
            continue
        if tomorrow < order.not_after or meter is Meter.UNTAG:
            again_at = min(tomorrow, order.not_after)
        else:  # never in time: the page of messages has it
            late += [replace(row, reason="quota") for row in mine[many:]]
            again_at = now
    return taken, late, again_at


def _meaning(one: Came) -> tuple[State, str]:
    row, error = one.row, one.error
    if row.reason:
        return end_of(row.reason) if is_off(one) else (row.state, row.reason)
    if error is None:
        return State.TAGGED, ""
    if not _is_refusal(error) or (error.code == PARTIAL and row.tries < _TRIES):
        return row.state, ""
    why = f"wechat.{error.code}"
    # an earlier call may have given it the tag: it is taken away before the row is closed
    return (State.REFUSED if row.tries <= 1 else row.state), why


def _is_refusal(error: errors.WeChatError) -> bool:
    """Say whether an error is about this parent, and final."""
    if errors.is_of_account(error) or error.code in NO_TAG:
        return False
    return isinstance(error, errors.Refused | errors.Gone)


def _forgotten(tx: Connection, lease: Lease, rows: Sequence[Row]) -> None:
    """Forget the openids of those who had everything deleted: they have no tag any more."""
    u = send_untags.c
    for row in rows:
        if row.reason == erasing.ERASED:
            tx.execute(delete(send_untags).where(u.broadcast == lease.broadcast, u.n == row.n))


def _consequence(
    tx: Connection, order: Order, lease: Lease, one: Came, now: datetime
) -> datetime | None:
    """Do what an error asks of the whole batch; returns when to go on."""
    row, error = one.row, one.error
    assert error is not None
    if error.code in NO_TAG:
        autostop.pause(tx, order.id, "tag_gone", now)
        send_tags.forget(tx, send_tags.of(tx, lease))
        return now
    if isinstance(error, errors.Quota):
        days.close(tx, order.account, row.meter, error.code, now)
        return None
    if errors.is_of_account(error) and not isinstance(error, errors.Retry):
        autostop.pause(tx, order.id, f"wechat.{error.code}", now)
    if isinstance(error, errors.Retry):
        return now + timedelta(seconds=error.after_s)
    if isinstance(error, errors.Unknown):
        return now + _AGAIN_IN
    return now + _UNTAG_IN if row.reason and error.code != NOT_OURS else None
