"""Give the tag of a send to the rows of one batch, fifty a call, and take it away from others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.delivery import autostop, days, incidents, leases, outcomes, tagging
from bot.delivery.leases import LEASE, MARGIN_S, Lease, Rest
from bot.delivery.order import Order, load, now_of
from bot.delivery.states import Meter
from bot.delivery.tag_rows import Came, Row
from bot.delivery.tagging import Work
from bot.errors import StoreAway
from bot.runtime import Runtime
from bot.wechat import errors
from bot.wechat.tags import PARTIAL

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway


class Tagger:
    """One hold on a batch that tags."""

    def __init__(self, rt: Runtime, lease: Lease) -> None:
        self._rt, self._lease = rt, lease
        self._order: Order | None = None
        self._until = 0.0
        self._slots = asyncio.Semaphore(rt.settings.send_concurrency)
        self._more = {Meter.TAG: 0, Meter.UNTAG: 0}

    async def run(self) -> Rest | None:
        """Tag window after window; None when everybody has the tag, or surely has not."""
        gateway: Gateway | None = None
        came: Sequence[Came] = ()
        while True:
            started = self._rt.clock.monotonic()
            work, rest = await self._rt.db.transact(partial(self._step, came))
            if not work.rows:
                return rest
            self._until = started + LEASE.total_seconds() - MARGIN_S
            if gateway is None:
                assert self._rt.connect is not None
                gateway = await self._rt.connect()
            came = await self._leave(gateway, work)

    def _step(self, came: Sequence[Came], tx: Connection) -> tuple[Work, Rest | None]:
        """Record, stop if too much was refused, claim; all in one transaction."""
        rt, lease, now = self._rt, self._lease, self._rt.clock.now()
        order = self._order = now_of(tx, self._order) if self._order else load(tx, lease.broadcast)
        again_at = tagging.record(tx, order, lease, came, now)
        self._count(tx, order, came, now)
        work = Work(order, again_at=again_at)
        if again_at is None:
            work = tagging.claim(rt, tx, lease, now_of(tx, order))
        return (work, None) if work.rows else (work, self._end(tx, work.again_at))

    def _count(self, tx: Connection, order: Order, came: Sequence[Came], now: datetime) -> None:
        """Count the calls it took to find one parent of fifty; look whether too much is refused."""
        for meter, calls in self._more.items():
            if calls:
                days.take(tx, order.account, meter, calls, now)
        self._more = {Meter.TAG: 0, Meter.UNTAG: 0}
        refused = [
            one.error for one in came if isinstance(one.error, errors.Refused | errors.Quota)
        ]
        for error in {one.code: one for one in refused}.values():
            incidents.report_refusal_in(tx, error, now)
        if refused:
            outcomes.count(tx, self._lease)
            autostop.look(tx, order, now)

    def _end(self, tx: Connection, again_at: datetime | None) -> Rest | None:
        states = outcomes.count(tx, self._lease)
        is_done = tagging.is_done(tx, self._lease, states)
        leases.give_back(tx, self._lease, is_done=is_done, next_at=again_at)
        return None if is_done else Rest(again_at)

    async def _leave(self, gateway: Gateway, work: Work) -> list[Came]:
        size = int(days.limits()["tag_call"])
        groups = [
            mine[at : at + size]
            for meter in Meter
            if (mine := [row for row in work.rows if row.meter is meter])
            for at in range(0, len(mine), size)
        ]
        calls = [self._group(gateway, work.tag, rows) for rows in groups]
        return [one for found in await asyncio.gather(*calls) for one in found]

    async def _group(self, gateway: Gateway, tag: int, rows: Sequence[Row]) -> list[Came]:
        """Make one call; the rows of a call that may be late are settled by who is next."""
        async with self._slots:
            if self._rt.clock.monotonic() >= self._until:
                return []
            try:
                failed = await _call(gateway, tag, rows)
            except StoreAway:  # the token is kept in the database: the request never left
                return [Came(row, errors.unreachable("token")) for row in rows]
            except errors.WeChatError as error:
                if error.code not in tagging.OF_ONE or len(rows) == 1:
                    return [Came(row, error) for row in rows]
                failed = None
        if failed is None:
            return await self._halves(gateway, tag, rows)
        partial_ = errors.classify(PARTIAL, "", "tags/members/batchtagging")
        return [Came(row, partial_ if row.openid in failed else None) for row in rows]

    async def _halves(self, gateway: Gateway, tag: int, rows: Sequence[Row]) -> list[Came]:
        """Find who of a refused call it was."""
        middle = len(rows) // 2
        self._more[rows[0].meter] += 2
        found = [await self._group(gateway, tag, half) for half in (rows[:middle], rows[middle:])]
        return [*found[0], *found[1]]


async def _call(gateway: Gateway, tag: int, rows: Sequence[Row]) -> tuple[str, ...] | None:
    openids = [row.openid for row in rows]
    if rows[0].reason:
        return await gateway.untag(openids, tag)
    return await gateway.tag(openids, tag)
