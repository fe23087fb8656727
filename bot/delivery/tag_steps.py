"""The job of a send by a tag, step by step: make the tag, wait, look again, claim, bring the end.

Every step is one transaction that starts from what the rows say, so any process goes on where
another died. The job's key is written down before its request leaves (I4); from then on until it
is known that it did not leave, the same key is all that may be tried (I5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import Connection, delete, insert, or_, update

from bot.calendar import quiet
from bot.delivery import (
    autostop,
    brake,
    claims,
    days,
    incidents,
    leases,
    send_tags,
    tag_ends,
    tag_gate,
)
from bot.delivery.claims import LeaseLost
from bot.delivery.leases import Lease, Rest
from bot.delivery.ledger_tables import attempts, batches
from bot.delivery.order import Order, load
from bot.delivery.send_tags import SendTag
from bot.delivery.states import Channel, Meter, Stage, State
from bot.delivery.tag_tables import send_tags as rows_of_tags
from bot.delivery.tag_tables import send_untags
from bot.delivery.tagging import NO_TAG
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat import errors

#: More followers have the tag than rows have: looked at again after so long.
_LOOK_IN, _AGAIN_IN = timedelta(seconds=60), timedelta(seconds=5)


class Do(Enum):
    """What comes next."""

    MAKE = auto()  # make the tag
    COUNT = auto()  # ask how many have it, then claim
    SEND = auto()  # queue the job
    MOVE = auto()  # one batch has been brought to the job's end: go on
    REST = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next, and with what. `rest` None: the batch is done."""

    do: Do
    order: Order
    tag: SendTag
    key: str = ""
    nth: int = 0
    rest: Rest | None = None


def look(rt: Runtime, tx: Connection, lease: Lease) -> Step:
    """Return the next step, and do what needs no request.

    Raises:
        LeaseLost: another process has taken the batch over.
    """
    now = rt.clock.now()
    if not leases.keep(tx, lease, now):
        raise LeaseLost
    order, tag = load(tx, lease.broadcast), send_tags.of(tx, lease)
    end = tag_ends.ending(tx, lease, order, now)
    if end is not None:
        return _to_end(tx, lease, order, tag, *end, now)
    is_stopped = order.stage is not Stage.RUNNING or brake.is_on(tx)
    if is_stopped or (tag.tag is not None and send_tags.is_tagging(tx, tag)):
        return _rest(tx, lease, order, tag, None)
    if tag.tag is None:
        return _make(tx, lease, order, tag, now)
    if not tag_ends.count(tx, tag):  # nobody is left to be sent to
        return _done(tx, lease, order, tag)
    opens = now if order.is_urgent else quiet.next_open(rt.settings, now)
    if opens > now:
        return _rest(tx, lease, order, tag, min(opens, order.not_after))
    return Step(Do.COUNT, order, tag)


def claim(rt: Runtime, tx: Connection, lease: Lease, followers: int) -> Step:
    """Claim the job, every wish read again; by the platform so many followers have the tag.

    Raises:
        LeaseLost: another process has taken the batch over.
    """
    step, now = look(rt, tx, lease), rt.clock.now()
    if step.do is not Do.COUNT:
        return step
    order, tag, before = step.order, step.tag, tag_ends.past(tx, lease)
    if before.since is None:
        if tag_gate.reopen(rt, tx, order, tag, now):  # some must lose the tag first
            return _rest(tx, lease, order, tag, None)
        if followers > (tagged := tag_ends.count(tx, tag)):
            log.warning("send_tag_strangers", broadcast=order.id, more=followers - tagged)
            incidents.report_in(tx, "broadcast.tag", now, broadcast=order.id)
            return _rest(tx, lease, order, tag, min(now + _LOOK_IN, order.not_after))
    if tag_ends.is_closed(tx, order, now) or not days.take(tx, order.account, Channel.MASS, 1, now):
        return _rest(tx, lease, order, tag, min(days.midnight(now), order.not_after))
    key, nth = claims.key(rt, order.id, lease.first_n), before.nth + 1
    values = {"broadcast": order.id, "n": lease.first_n, "try": nth, "at": now}
    said = {"channel": Channel.MASS.value, "key": key, "token": lease.token}
    tx.execute(insert(attempts).values(values | said))
    return Step(Do.SEND, order, tag, key, nth)


def made(tx: Connection, lease: Lease, number: int, now: datetime) -> None:
    """Keep the platform's number of the tag: from now on it may be given.

    Raises:
        LeaseLost: another process has taken the batch over.
    """
    if not leases.keep(tx, lease, now):
        raise LeaseLost
    t, tag = rows_of_tags.c, send_tags.of(tx, lease)
    mine = (t.broadcast == tag.broadcast, t.variant == tag.variant, t.tag.is_(None))
    tx.execute(update(rows_of_tags).where(*mine).values(tag=number))
    leases.give_back(tx, lease)


def queued(tx: Connection, lease: Lease, step: Step, job: int) -> None:
    """Note the job with every batch it is for, whoever has the lease now: it is a fact."""
    b = batches.c
    _tried(tx, lease, step.nth, "accepted", None)
    own = (b.broadcast == lease.broadcast) & (b.number == lease.number)
    tx.execute(update(batches).where(or_(own, step.tag.batches())).values(job=job))
    tx.execute(delete(send_untags).where(step.tag.untags()))


def failed(
    tx: Connection, lease: Lease, step: Step, error: errors.WeChatError, now: datetime
) -> Rest | None:
    """Do what an error of a job, or of making or counting its tag, asks; None: look again."""
    again_at, outcome = None, type(error).__name__.lower()
    if isinstance(error, errors.Refused | errors.Quota):
        incidents.report_refusal_in(tx, error, now)
    if error.code in NO_TAG:
        outcome = "no_tag"
        gone(tx, step, now)
    elif isinstance(error, errors.Quota) and step.do is Do.SEND:
        days.close(tx, step.order.account, Channel.MASS, error.code, now)
    elif isinstance(error, errors.Retry):
        again_at = now + timedelta(seconds=error.after_s)
    elif isinstance(error, errors.Unknown):
        again_at = now + _AGAIN_IN
    elif errors.is_of_account(error) or step.do is not Do.SEND:
        outcome = "paused"
        autostop.pause(tx, step.order.id, f"wechat.{error.code}", now)
    else:
        outcome = "refused"
    if step.do is Do.SEND:
        _tried(tx, lease, step.nth, outcome, error.code)
    if again_at is None:
        return None
    leases.give_back(tx, lease, next_at=again_at)
    return Rest(again_at)


def gone(tx: Connection, step: Step, now: datetime) -> None:
    """Stop where somebody took the tag away; resumed, it is made and given anew."""
    autostop.pause(tx, step.order.id, "tag_gone", now)
    send_tags.forget(tx, step.tag)


def _to_end(
    tx: Connection, lease: Lease, order: Order, tag: SendTag, to: State, reason: str, now: datetime
) -> Step:
    if tag_ends.move(tx, lease, tag, to, reason, now):
        return Step(Do.MOVE, order, tag)
    if send_tags.is_tagging(tx, tag):  # somebody holds a batch
        return _rest(tx, lease, order, tag, now + _AGAIN_IN)
    return _done(tx, lease, order, tag)


def _make(tx: Connection, lease: Lease, order: Order, tag: SendTag, now: datetime) -> Step:
    if not days.take(tx, order.account, Meter.NEW_TAG, 1, now):
        return _rest(tx, lease, order, tag, min(days.midnight(now), order.not_after))
    t = rows_of_tags.c
    mine = (t.broadcast == tag.broadcast, t.variant == tag.variant, t.tried_at.is_(None))
    tx.execute(update(rows_of_tags).where(*mine).values(tried_at=now))
    return Step(Do.MAKE, order, tag)


def _rest(
    tx: Connection, lease: Lease, order: Order, tag: SendTag, again_at: datetime | None
) -> Step:
    leases.give_back(tx, lease, next_at=again_at)
    return Step(Do.REST, order, tag, rest=Rest(again_at))


def _done(tx: Connection, lease: Lease, order: Order, tag: SendTag) -> Step:
    leases.give_back(tx, lease, is_done=True)
    return Step(Do.REST, order, tag)


def _tried(tx: Connection, lease: Lease, nth: int, outcome: str, code: int | None) -> None:
    a = attempts.c
    mine = (a.broadcast == lease.broadcast, a.n == lease.first_n, a["try"] == nth)
    tx.execute(update(attempts).where(*mine).values(outcome=outcome, code=code))
