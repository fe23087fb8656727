"""The audience becomes rows, page by page: what is not among them can never be sent to (I1).

A page is one transaction together with the place it ended, so a death in the middle goes on where
it was. Pages go by openid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    bindparam,
    delete,
    insert,
    literal,
    select,
    update,
)

from bot.clock import day
from bot.db import bulk
from bot.delivery import gate, planner, send_tags, unwanted
from bot.delivery.cuts import Cuts
from bot.delivery.ledger_tables import broadcasts, deliveries, people
from bot.delivery.order import Order, load
from bot.delivery.planner import Planned
from bot.delivery.states import Channel, Stage, State
from bot.logs import log
from bot.people import audience
from bot.runtime import Runtime

PAGE = 5_000
#: The frozen count may differ from the approved one by this share, and by so many.
_SHARE, _FEW = 0.02, 10
_WIDE = 2**256
_NAMES = (
    "broadcast", "n", "openid", "variant", "channel", "later", "state", "reason", "done_at",
)  # fmt: skip
_add = insert(deliveries).values({name: bindparam(name) for name in _NAMES})
#: Reasons for which a row is over at once: it is not even shown on the page of messages.
_NEVER = frozenset((gate.GONE, gate.OFF, gate.QUIET, unwanted.DONE))


async def freeze(rt: Runtime, number: int) -> Order:
    """Freeze an order to its end, from wherever it is; returns it as it then stands."""
    while True:
        order = await rt.db.transact(lambda tx: page(rt, tx, number))
        if order.stage is not Stage.FREEZING:
            log.info("broadcast_frozen", broadcast=number, rows=order.frozen, stage=order.stage)
            return order


def page(rt: Runtime, tx: Connection, number: int) -> Order:
    """Freeze one page of the audience; the last one decides what becomes of the order."""
    order, now = load(tx, number, is_locked=True), rt.clock.now()
    if order.stage is not Stage.FREEZING:
        return order
    if not order.cursor:
        _note_all(rt, tx, order, now)
    found = _next(tx, order)
    if not found:
        return _ended(rt, tx, order, now)
    cuts = Cuts.read(tx, number)
    left = planner.room(rt, tx, order, now, cuts.rows)
    planned = planner.plan(rt, tx, order, found, left, now)
    bulk.execute(tx, _add, [_row(order, one, cuts, now) for one in planned])
    cuts.save(tx, number)
    changed = {
        "frozen": order.frozen + len(planned),
        "cursor": found[-1],
        "digest": _digest(order.digest, found),
        "plan": cuts.as_json(),
    }
    return _change(tx, number, changed)


def digest_of(openids: Sequence[str]) -> str:
    """Return the digest of a whole audience, whatever its order: hex of a sum of SHA-256."""
    return _digest("", openids)


def _note_all(rt: Runtime, tx: Connection, order: Order, now: datetime) -> None:
    """Note the whole audience as it is now: one statement, and pages of it cost nothing more."""
    who = all_of(rt, order, now).subquery()
    tx.execute(delete(people).where(people.c.broadcast == order.id))
    tx.execute(
        insert(people).from_select(
            ("broadcast", "openid"), select(literal(order.id, BigInteger), who.c.openid)
        )
    )


def _next(tx: Connection, order: Order) -> Sequence[str]:
    """Return the openids of the next page of the audience."""
    p = people.c
    rest = select(p.openid).where(p.broadcast == order.id, p.openid > order.cursor)
    return list(tx.scalars(rest.order_by(p.openid).limit(PAGE)))


def people_after(
    rt: Runtime, tx: Connection, order: Order, cursor: str, now: datetime, most: int = PAGE
) -> Sequence[str]:
    """Return the openids of the next page of the audience, those after `cursor`."""
    who = who_of(rt, order, now).subquery()
    page_of = select(who.c.openid).where(who.c.openid > cursor).order_by(who.c.openid)
    return list(tx.scalars(page_of.limit(most)))


def all_of(rt: Runtime, order: Order, now: datetime) -> Select[Any]:
    """Return the whole audience of an order, as it is read fastest all at once."""
    wanted = audience.from_json(order.audience)
    return audience.in_one_pass(wanted, order.account, day(now), rt.audiences)


def who_of(rt: Runtime, order: Order, now: datetime) -> Select[Any]:
    """Return the whole audience of an order, as it is read fastest page by page."""
    wanted = audience.from_json(order.audience)
    return audience.parents(wanted, order.account, day(now), rt.audiences)


def _row(order: Order, one: Planned, cuts: Cuts, now: datetime) -> dict[str, Any]:
    variant = _variant(order, one.openid)
    state = State.PLANNED
    if one.channel is Channel.PULL:
        state = State.OPTED_OUT if one.reason in _NEVER else State.KEPT
    return {
        "broadcast": order.id,
        "n": cuts.place(one.channel, variant, state, one.reason, order.canary),
        "openid": one.openid,
        "variant": variant,
        "channel": one.channel.value,
        "later": " ".join(one.later),
        "state": state.value,
        "reason": one.reason,
        "done_at": None if state is State.PLANNED else now,
    }


def _variant(order: Order, openid: str) -> int:
    """Return which of two texts a parent gets: by a hash, so the same whoever asks."""
    if len(order.texts) == 1:
        return 0
    return hashlib.blake2b(f"{order.about}\0{openid}".encode(), digest_size=1).digest()[0] & 1


def _digest(before: str, openids: Sequence[str]) -> str:
    added = sum(int.from_bytes(hashlib.sha256(one.encode()).digest()) for one in openids)
    return f"{(int(before or '0', 16) + added) % _WIDE:064x}"


def _ended(rt: Runtime, tx: Connection, order: Order, now: datetime) -> Order:
    """Close the freezing: on to waiting, or refused where it is not what was approved."""
    stage, reason = Stage.WAITING, ""
    tx.execute(delete(people).where(people.c.broadcast == order.id))
    if not order.frozen:
        stage, reason = Stage.REFUSED, "nobody"
    elif order.expected is not None:
        allowed = max(_FEW, order.expected * _SHARE)
        if abs(order.frozen - order.expected) > allowed:
            stage, reason = Stage.REFUSED, "count_changed"
    if stage is Stage.WAITING:
        send_tags.choose(rt, tx, order, now)
    ended = now if stage is Stage.REFUSED else None
    changed = {"stage": stage, "reason": reason, "frozen_at": now, "ended_at": ended}
    return _change(tx, order.id, changed)


def _change(tx: Connection, number: int, values: dict[str, Any]) -> Order:
    tx.execute(update(broadcasts).where(broadcasts.c.id == number).values(values))
    return load(tx, number)
