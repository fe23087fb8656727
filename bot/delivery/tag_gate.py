"""The last look before the job of a send by a tag: who must lose the tag first (I3, I9).

Read in the transaction that claims the job. Of millions who were let through when they were tagged
only those are asked about again of whom anything has changed: wishes, consents, other messages.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, or_, select, update

from bot.db.among import among
from bot.delivery import outcomes, tag_rows, tagging
from bot.delivery.leases import Lease
from bot.delivery.ledger_tables import batches, broadcasts, deliveries
from bot.delivery.order import Order
from bot.delivery.send_tags import SendTag
from bot.delivery.states import State
from bot.delivery.tag_rows import Row
from bot.delivery.tag_tables import send_untags
from bot.people.families import consents
from bot.people.followers import followers
from bot.runtime import Runtime

_PAGE = 10_000
#: A row of a turn may be written so long after the instant it bears.
_SLACK = timedelta(hours=1)


def reopen(rt: Runtime, tx: Connection, order: Order, tag: SendTag, now: datetime) -> int:
    """Let batches take the tag from who may not be sent to any more; returns how many rows."""
    rows = [row for page in _pages(_changed(tx, order, now)) for row in _had(tx, tag, page)]
    why = {
        openid: reason
        for page in _pages(row.openid for row in rows)
        for openid, reason in tagging.refusals(rt, tx, order, page, now).items()
    }
    leaving = [row for row in rows if row.openid in why]
    told = [(row, State.CLAIMED, why[row.openid]) for row in leaving]
    tag_rows.write(tx, order.id, told, now)
    erased = tx.scalars(select(send_untags.c.n).where(tag.untags())).all()
    _open(tx, tag, {row.n for row in leaving}.union(erased))
    return len(leaving) + len(erased)


def _changed(tx: Connection, order: Order, now: datetime) -> set[str]:
    """Return who may have a reason since the freezing: far fewer than have the tag, mostly."""
    f, c, d, b = followers.c, consents.c, deliveries.c, broadcasts.c
    since = (order.frozen_at or now) - _SLACK
    is_off = or_(f.follows.is_(False), f.reminders_off_at.is_not(None), f.quiet_until > now)
    asked: list[Select[Any]] = [select(f.openid).where(f.account == order.account, is_off)]
    if order.consent:
        withdrawn = (c.kind == order.consent, c.is_given.is_(False), c.at >= since)
        asked.append(select(c.openid).where(c.account == order.account, *withdrawn))
    alive = (b.id != order.id, b.round > 0, or_(b.ended_at.is_(None), b.ended_at >= since))
    others = list(tx.scalars(select(b.id).where(*alive)))
    if others:
        asked.append(select(d.openid).where(d.broadcast.in_(others), d.claimed_at >= since))
    return {openid for query in asked for openid in tx.scalars(query) if openid}


def _had(tx: Connection, tag: SendTag, openids: Sequence[str]) -> list[Row]:
    d = deliveries.c
    rows = tx.execute(
        select(d.n, d.openid, d.tries).where(
            tag.rows(), among(tx, d.openid, openids), d.openid != "", d.state == State.TAGGED.value
        )
    )
    return [Row(row.n, row.openid, State.TAGGED, row.tries) for row in rows]


def _open(tx: Connection, tag: SendTag, numbers: set[int]) -> None:
    """Open the batches of these rows again."""
    if not numbers:
        return
    found = sorted(numbers)
    for row in tx.execute(select(batches).where(tag.batches())).all():
        if bisect_left(found, row.first_n) < bisect_right(found, row.last_n):
            outcomes.count(tx, Lease.of(row))
            mine = (batches.c.broadcast == row.broadcast, batches.c.number == row.number)
            tx.execute(update(batches).where(*mine).values(is_done=False))


def _pages(openids: Iterable[str]) -> Iterator[list[str]]:
    found = list(openids)
    for at in range(0, len(found), _PAGE):
        yield found[at : at + _PAGE]
