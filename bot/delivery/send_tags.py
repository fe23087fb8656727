"""A mass send too large for lists goes by a tag of its own: when, and which batches do what.

The rows stay what they are; their batches tag instead of send (`Role.TAG`), and one more batch for
each text makes the tag and queues the one job (`Role.JOB`). Decided once, at the end of freezing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from bot.delivery import outcomes, planner
from bot.delivery.cuts import Cuts, base_of
from bot.delivery.leases import Lease
from bot.delivery.ledger_tables import STRIDE, batches, deliveries
from bot.delivery.order import Order
from bot.delivery.states import Channel, Role, State
from bot.delivery.tag_tables import send_tags, send_untags
from bot.logs import log
from bot.runtime import Runtime


@dataclass(frozen=True, slots=True)
class SendTag:
    """The tag of one text of a broadcast; `tag` is the platform's number, None before it is made.

    `batch` is the number of the batch that queues the job.
    """

    broadcast: int
    variant: int
    batch: int
    tag: int | None

    @property
    def name(self) -> str:
        """Return what the account's own pages show it as."""
        return f"s{self.broadcast}" + ("b" if self.variant else "")

    def batches(self) -> ColumnElement[bool]:
        """Return the condition that a row of `broadcast_batch` tags for it."""
        b, base = batches.c, base_of(Channel.MASS, self.variant)
        in_span = b.first_n.between(base + 1, base + STRIDE - 1)
        return and_(b.broadcast == self.broadcast, b.role == Role.TAG.value, in_span)

    def rows(self) -> ColumnElement[bool]:
        """Return the condition that a row of `delivery` is of this text's mass rows."""
        d, base = deliveries.c, base_of(Channel.MASS, self.variant)
        return and_(d.broadcast == self.broadcast, d.n.between(base + 1, base + STRIDE - 1))

    def untags(self) -> ColumnElement[bool]:
        """Return the condition that a row of `send_untag` is of this text."""
        u, base = send_untags.c, base_of(Channel.MASS, self.variant)
        return and_(u.broadcast == self.broadcast, u.n.between(base + 1, base + STRIDE - 1))


def choose(rt: Runtime, tx: Connection, order: Order, now: datetime) -> bool:
    """Let a frozen order's mass rows go by a tag where lists do not do; says whether they will."""
    b = batches.c
    mine = (b.broadcast == order.id, b.channel == Channel.MASS.value)
    lists = tx.scalar(select(func.count()).where(*mine)) or 0
    cuts = Cuts.read(tx, order.id)
    room = planner.mass_room(rt, tx, order, planner.begin(rt, order, now))
    if not room.goes_by_tag(lists, cuts.rows[Channel.MASS]):
        return False
    variants = sorted(
        {(first // STRIDE) & 1 for first in tx.scalars(select(b.first_n).where(*mine))}
    )
    tx.execute(update(batches).where(*mine).values(role=Role.TAG.value))
    for nth, variant in enumerate(variants):
        _add(tx, order.id, variant, cuts.next_number + nth)
    log.info("broadcast_by_tag", broadcast=order.id, rows=cuts.rows[Channel.MASS])
    return True


def _add(tx: Connection, broadcast: int, variant: int, number: int) -> None:
    base = base_of(Channel.MASS, variant)  # no row has this number: the batch has none
    tx.execute(
        insert(batches).values(
            broadcast=broadcast, number=number, channel=Channel.MASS.value, role=Role.JOB.value,
            first_n=base, last_n=base, is_done=False,
        )
    )  # fmt: skip
    tx.execute(insert(send_tags).values(broadcast=broadcast, variant=variant, batch=number))


def of(tx: Connection, lease: Lease) -> SendTag:
    """Return the tag a batch works for."""
    return next(
        one for one in all_of(tx, lease.broadcast) if one.variant == (lease.first_n // STRIDE) & 1
    )


def all_of(tx: Connection, broadcast: int) -> list[SendTag]:
    """Return the tags of a broadcast; none where its mass rows go by lists."""
    t = send_tags.c
    rows = tx.execute(select(send_tags).where(t.broadcast == broadcast).order_by(t.variant))
    return [of_row(row) for row in rows.all()]


def of_row(row: Any) -> SendTag:
    """Return the tag of a row of `send_tag`."""
    return SendTag(row.broadcast, row.variant, row.batch, row.tag)


def is_tagging(tx: Connection, tag: SendTag) -> bool:
    """Say whether a batch of it has rows that must still get the tag or lose it."""
    query = select(batches.c.number).where(tag.batches(), batches.c.is_done.is_(False))
    return tx.execute(query.limit(1)).first() is not None


def in_turn(tx: Connection, broadcast: int) -> ColumnElement[bool] | None:
    """Return which batches may work now: tags are made, then given, then sent to. None: all."""
    tags = all_of(tx, broadcast)
    if not tags:
        return None
    b = batches.c
    new = [tag.batch for tag in tags if tag.tag is None]
    if new:
        return (b.role == Role.LIST.value) | b.number.in_(new)
    sending = [tag.batch for tag in tags if not is_tagging(tx, tag)]
    return (b.role != Role.JOB.value) | b.number.in_(sending)


def forget(tx: Connection, tag: SendTag) -> None:
    """Begin anew after somebody took the tag away in the account's own pages: nobody has it."""
    t, d = send_tags.c, deliveries.c
    mine = (t.broadcast == tag.broadcast, t.variant == tag.variant)
    tx.execute(update(send_tags).where(*mine).values(tag=None, tried_at=None))
    had = d.state.in_([State.TAGGED.value, State.CLAIMED.value]) & (d.reason == "")
    tx.execute(update(deliveries).where(tag.rows(), had).values(state=State.PLANNED.value))
    for row in tx.execute(select(batches).where(tag.batches())).all():
        outcomes.count(tx, Lease.of(row))
    tx.execute(update(batches).where(tag.batches()).values(is_done=False))
    log.warning("send_tag_gone", broadcast=tag.broadcast)
