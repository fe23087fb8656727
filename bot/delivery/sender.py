"""Send one batch: claim a window, let it leave, write down what came back, claim the next.

A batch may be sent by any process at any time, and again: what was sent is never sent twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.delivery import allowance, autostop, channels, claims, incidents, leases, outcomes
from bot.delivery.allowance import Failure
from bot.delivery.claims import Claim, LeaseLost, Turn
from bot.delivery.leases import LEASE, MARGIN_S, Lease, Rest
from bot.delivery.order import Order, load, now_of
from bot.delivery.outcomes import Outcome
from bot.delivery.states import Channel, Role, State
from bot.delivery.tag_job import TagJob
from bot.delivery.tagger import Tagger
from bot.errors import StoreAway
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat import errors

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway


async def send_batch(rt: Runtime, broadcast: int, number: int, owner: str) -> Rest | None:
    """Send a batch as far as it goes now; None when it is done.

    Raises:
        StoreAway: the database does not answer; what left and was not written down is settled
            when the batch is taken again.
    """
    now = rt.clock.now()
    taken = await rt.db.transact(lambda tx: leases.take(tx, broadcast, number, owner, now))
    if taken is None:
        return None
    if isinstance(taken, timedelta):
        return Rest(now + taken)
    try:
        return await _HOW[taken.role](rt, taken).run()
    except LeaseLost:
        log.warning("lease_lost", broadcast=broadcast, batch=number)
        return Rest(rt.clock.now() + LEASE)


class _Sending:
    """One hold on a batch."""

    def __init__(self, rt: Runtime, lease: Lease) -> None:
        self._rt, self._lease = rt, lease
        self._order: Order | None = None
        self._until = 0.0
        self._slots = asyncio.Semaphore(rt.settings.send_concurrency)

    async def run(self) -> Rest | None:
        """Send window after window until nothing more may leave."""
        gateway: Gateway | None = None
        came: Sequence[Outcome] = ()
        while True:
            turn, rest = await self._turn(came)
            if not turn.claims:
                return rest
            if gateway is None:
                assert self._rt.connect is not None
                gateway = await self._rt.connect()
            came = await self._leave(gateway, turn)

    async def _turn(self, came: Sequence[Outcome]) -> tuple[Turn, Rest | None]:
        started = self._rt.clock.monotonic()
        turn, rest = await self._rt.db.transact(partial(self._step, came))
        self._until = started + LEASE.total_seconds() - MARGIN_S
        return turn, rest

    def _step(self, came: Sequence[Outcome], tx: Connection) -> tuple[Turn, Rest | None]:
        """Record, stop if too much was refused, claim; all in one transaction."""
        rt, lease, now = self._rt, self._lease, self._rt.clock.now()
        order = self._order = now_of(tx, self._order) if self._order else load(tx, lease.broadcast)
        again_at = outcomes.record(tx, order, lease, came, now)
        allowance.settle(rt, tx, order, _failures(came), now)
        self._watch(tx, order, came, now)
        if again_at is not None:
            outcomes.count(tx, lease)
            leases.give_back(tx, lease, next_at=again_at)
            return Turn(order), Rest(again_at)
        turn = claims.claim(rt, tx, lease, now_of(tx, order))
        if turn.claims:
            return turn, None
        return turn, self._end(tx, turn)

    def _watch(self, tx: Connection, order: Order, came: Sequence[Outcome], now: datetime) -> None:
        refused = [
            one.error for one in came if isinstance(one.error, errors.Refused | errors.Quota)
        ]
        for error in {one.code: one for one in refused}.values():
            incidents.report_refusal_in(tx, error, now)
        if refused:
            outcomes.count(tx, self._lease)
            autostop.look(tx, order, now)

    def _end(self, tx: Connection, turn: Turn) -> Rest | None:
        """Let the batch go: done when nothing in it is planned any more."""
        states = outcomes.count(tx, self._lease)
        is_done = not states.get(State.PLANNED)
        is_now = turn.again_at is not None and turn.again_at <= self._rt.clock.now()
        wanted = None if is_now else turn.again_at
        next_at = min(wanted, turn.order.not_after) if wanted else None
        leases.give_back(tx, self._lease, is_done=is_done, next_at=next_at)
        return None if is_done else Rest(turn.again_at)

    async def _leave(self, gateway: Gateway, turn: Turn) -> list[Outcome]:
        if self._lease.channel is Channel.MASS:
            return await self._mass(gateway, turn.order, turn.claims)
        sent = [self._one(gateway, turn.order, claim) for claim in turn.claims]
        found = await asyncio.gather(*sent)
        return [one for one in found if one is not None]

    async def _one(self, gateway: Gateway, order: Order, claim: Claim) -> Outcome | None:
        """Send one message; None when the lease may end first: who is next settles the row."""
        async with self._slots:
            if self._rt.clock.monotonic() >= self._until:
                return None
            try:
                return Outcome(claim, message=await channels.send(self._rt, gateway, order, claim))
            except errors.WeChatError as error:
                return Outcome(claim, error)
            except StoreAway:  # the token is kept in the database: the request never left
                return Outcome(claim, errors.unreachable("token"))

    async def _mass(self, gateway: Gateway, order: Order, rows: Sequence[Claim]) -> list[Outcome]:
        if len(rows) < channels.MASS_LEAST:
            return [Outcome(one, errors.classify(40130, "", "message/mass/send")) for one in rows]
        try:
            job = await channels.send_mass(gateway, order, rows)
        except errors.WeChatError as error:
            return [Outcome(one, error) for one in rows]
        await self._rt.db.transact(lambda tx: leases.note_job(tx, self._lease, job))
        return [Outcome(one, message=job) for one in rows]


_HOW: Mapping[Role, type[_Sending | Tagger | TagJob]] = {
    Role.LIST: _Sending,
    Role.TAG: Tagger,
    Role.JOB: TagJob,
}


def _failures(came: Sequence[Outcome]) -> list[Failure]:
    """Return what surely did not leave; of an unknown outcome nothing is given back."""
    return [
        Failure((one.claim.channel, one.claim.openid), one.error.code)
        for one in came
        if one.error is not None and not isinstance(one.error, errors.Unknown)
    ]
