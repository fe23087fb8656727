"""Take the tags of sends away again once nothing needs them: the account has a hundred.

A tag goes when its job has ended by the platform's word, or was never queued. One with more
followers than may be deleted (45057) is emptied first, down to that number, fifty a call, over days
if the calls take so long; `send_tag.cursor` says how far it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, delete, or_, select, update

from bot.delivery import brake, days, send_tags
from bot.delivery.leases import LEASE, MARGIN_S
from bot.delivery.ledger_tables import batches, broadcasts, deliveries
from bot.delivery.send_tags import SendTag
from bot.delivery.states import Meter
from bot.delivery.tag_tables import send_tags as rows_of_tags
from bot.delivery.tag_tables import send_untags
from bot.errors import StoreAway
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat import errors

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway

_TOO_MANY = 45057
_SOON, _LATER = timedelta(minutes=1), timedelta(hours=1)
#: Emptied at least, where the platform's count is behind.
_LEAST = 500


@dataclass(frozen=True, slots=True)
class _Hold:
    """One hold on a tag that goes; `token` is its fencing number."""

    tag: SendTag
    account: str
    token: int
    cursor: int

    def mine(self) -> Any:
        t = rows_of_tags.c
        return and_(
            t.broadcast == self.tag.broadcast,
            t.variant == self.tag.variant,
            t.token == self.token,
        )


async def sweep(rt: Runtime) -> int:
    """Take away what is due; returns how many tags are gone."""
    count = 0
    while rt.connect is not None:
        hold = await rt.db.transact(partial(_take, rt))
        if hold is None:
            return count
        gateway = await rt.connect()
        try:
            is_gone = await _remove(rt, gateway, hold)
        except errors.WeChatError as error:
            is_gone, again_at = False, rt.clock.now() + _wait(error)
            log.warning("send_tag_stays", broadcast=hold.tag.broadcast, reason=str(error))
            await rt.db.transact(partial(_release, hold=hold, again_at=again_at))
        count += is_gone
    return count


async def _remove(rt: Runtime, gateway: Gateway, hold: _Hold) -> bool:
    """Delete a tag if it is still ours; empty it first where it must be."""
    known = next((one for one in await gateway.list_tags() if one.name == hold.tag.name), None)
    if known is None or not _is_ours(hold, known.id, known.followers):
        await rt.db.transact(partial(_gone, rt, hold=hold))
        return True
    try:
        await gateway.delete_tag(known.id)
    except errors.Refused as error:
        if error.code != _TOO_MANY:
            raise
        many = max(_LEAST, known.followers - int(days.limits()["tag_fans"]))
        await _Emptying(rt, gateway, hold, known.id).run(many)
        return False
    await rt.db.transact(partial(_gone, rt, hold=hold))
    return True


def _is_ours(hold: _Hold, number: int, count: int) -> bool:
    """Say whether a tag of this name is the one made; nobody has it before its number is kept."""
    return number == hold.tag.tag if hold.tag.tag is not None else not count


class _Emptying:
    """Takes a tag from so many followers, window after window."""

    def __init__(self, rt: Runtime, gateway: Gateway, hold: _Hold, number: int) -> None:
        self._rt, self._gateway, self._hold, self._number = rt, gateway, hold, number
        self._slots = asyncio.Semaphore(rt.settings.send_concurrency)

    async def run(self, many: int) -> None:
        """Untag so many, as far as today's calls go; the next look deletes the tag, or goes on."""
        cursor, count = self._hold.cursor, 0
        while count < many:
            until = self._rt.clock.monotonic() + LEASE.total_seconds() - MARGIN_S
            window = partial(self._window, cursor=cursor, most=many - count)
            rows = await self._rt.db.transact(window)
            if not rows:
                return
            await self._untag([row.openid for row in rows], until)
            cursor, count = rows[-1].n, count + len(rows)
        await self._rt.db.transact(partial(_release, hold=self._hold, again_at=None, cursor=cursor))

    def _window(self, tx: Connection, cursor: int, most: int) -> Sequence[Any]:
        """Return the next followers to untag; none where it cannot go on now: the tag is let go."""
        now, hold, d = self._rt.clock.now(), self._hold, deliveries.c
        held = {"lease_until": now + LEASE, "cursor": cursor}
        if not tx.execute(update(rows_of_tags).where(hold.mine()).values(held)).rowcount:
            return []
        size = int(days.limits()["tag_call"])
        query = select(d.n, d.openid).where(
            hold.tag.rows(), d.n > cursor, d.openid != "", d.claimed_at.is_not(None)
        )
        window = min(most, size * self._rt.settings.send_concurrency)
        rows = tx.execute(query.order_by(d.n).limit(window)).all()
        if not rows:  # through: the platform's count is behind, or others have it
            _release(tx, hold, now + _LATER, cursor=0)
            return []
        is_closed = days.is_closed(tx, hold.account, Meter.UNTAG, now)
        calls = -(-len(rows) // size)
        granted = 0 if is_closed else days.take(tx, hold.account, Meter.UNTAG, calls, now)
        if not granted:
            _release(tx, hold, days.midnight(now), cursor=cursor)
        return rows[: granted * size]

    async def _untag(self, openids: Sequence[str], until: float) -> None:
        size = int(days.limits()["tag_call"])
        calls = [self._call(openids[at : at + size], until) for at in range(0, len(openids), size)]
        await asyncio.gather(*calls)

    async def _call(self, openids: Sequence[str], until: float) -> None:
        async with self._slots:
            if self._rt.clock.monotonic() >= until:
                return
            try:
                await self._gateway.untag(openids, self._number)
            except (errors.Refused, errors.Unknown, errors.Gone, StoreAway) as error:
                # some keep it: the platform's count says whether enough have lost it
                log.info("send_tag_kept", broadcast=self._hold.tag.broadcast, reason=str(error))


def _take(rt: Runtime, tx: Connection) -> _Hold | None:
    """Take a tag that may go, under a lease."""
    if brake.is_on(tx):  # a restored backup does not know which tags are in use
        return None
    now, t, b, c = rt.clock.now(), rows_of_tags.c, batches.c, broadcasts.c
    is_free = and_(
        or_(t.lease_until.is_(None), t.lease_until <= now),
        or_(t.next_at.is_(None), t.next_at <= now),
    )
    row = tx.execute(
        select(rows_of_tags, c.account)
        .join_from(rows_of_tags, batches, and_(b.broadcast == t.broadcast, b.number == t.batch))
        .join(broadcasts, c.id == t.broadcast)
        .where(t.gone_at.is_(None), b.is_done, or_(b.job.is_(None), b.report != ""), is_free)
        .order_by(t.broadcast, t.variant)
        .limit(1)
        .with_for_update(of=rows_of_tags, skip_locked=True)
    ).first()
    if row is None:
        return None
    hold = _Hold(send_tags.of_row(row), row.account, row.token, row.cursor)
    if row.tag is None and row.tried_at is None:
        _gone(rt, tx, hold)
        return _take(rt, tx)
    held = {"token": row.token + 1, "lease_until": now + LEASE, "next_at": None}
    tx.execute(update(rows_of_tags).where(hold.mine()).values(held))
    return _Hold(hold.tag, row.account, row.token + 1, row.cursor)


def _release(
    tx: Connection, hold: _Hold, again_at: datetime | None, cursor: int | None = None
) -> None:
    values: dict[str, object] = {"lease_until": None, "next_at": again_at}
    values |= {} if cursor is None else {"cursor": cursor}
    tx.execute(update(rows_of_tags).where(hold.mine()).values(values))


def _gone(rt: Runtime, tx: Connection, hold: _Hold) -> None:
    gone = {"gone_at": rt.clock.now(), "lease_until": None}
    tx.execute(update(rows_of_tags).where(hold.mine()).values(gone))
    tx.execute(delete(send_untags).where(hold.tag.untags()))


def _wait(error: errors.WeChatError) -> timedelta:
    is_soon = isinstance(error, errors.Retry | errors.Unknown)
    return _SOON if is_soon else _LATER
