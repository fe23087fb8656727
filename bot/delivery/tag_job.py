"""Make the tag of a send, wait until its rows have it, queue one job for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.delivery import autostop, channels, tag_steps
from bot.delivery.leases import LEASE, MARGIN_S, Lease, Rest
from bot.delivery.tag_steps import Do, Step
from bot.errors import StoreAway
from bot.runtime import Runtime
from bot.wechat import errors

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway
    from bot.wechat.tags import Tag


class TagJob:
    """One hold on the batch that queues a job for a tag."""

    def __init__(self, rt: Runtime, lease: Lease) -> None:
        self._rt, self._lease = rt, lease
        self._until = 0.0

    async def run(self) -> Rest | None:
        """Go step by step as far as it goes now; None when the job is with the platform, or over.

        Raises:
            LeaseLost: another process has taken the batch over.
            StoreAway: the database does not answer.
        """
        while True:
            started = self._rt.clock.monotonic()
            step = await self._rt.db.transact(partial(tag_steps.look, self._rt, lease=self._lease))
            self._until = started + LEASE.total_seconds() - MARGIN_S
            if step.do is Do.REST:
                return step.rest
            if step.do is Do.MOVE:
                continue
            rest = await self._ask(step)
            if rest is not None:
                return rest

    async def _ask(self, step: Step) -> Rest | None:
        """Do a step that needs the platform; None: look again."""
        assert self._rt.connect is not None
        now = self._rt.clock.now
        try:
            gateway = await self._rt.connect()
            if step.do is Do.MAKE:
                return await self._make(gateway, step)
            step = await self._counted(gateway, step)
            if step.do is not Do.SEND:
                return step.rest
            if self._rt.clock.monotonic() >= self._until:
                return Rest(now() + LEASE)
            job = await channels.send_tag(gateway, step.order, step.tag, step.key)
        except errors.WeChatError as error:
            return await self._failed(step, error)
        except StoreAway:
            if step.do is not Do.SEND:
                raise
            return await self._failed(step, errors.unreachable("token"))
        await self._rt.db.transact(lambda tx: tag_steps.queued(tx, self._lease, step, job))
        return None

    async def _make(self, gateway: Gateway, step: Step) -> Rest | None:
        """Make the tag, or take the one made before a death; one that is in use is not ours."""
        known = await _named(gateway, step)
        if known is not None and known.followers:
            await self._rt.db.transact(lambda tx: self._pause(tx, step, "tag_name"))
            return None
        tag = known or await gateway.create_tag(step.tag.name)
        now = self._rt.clock.now()
        await self._rt.db.transact(lambda tx: tag_steps.made(tx, self._lease, tag.id, now))
        return Rest(now)

    async def _counted(self, gateway: Gateway, step: Step) -> Step:
        """Ask how many have the tag, and claim."""
        known = await _named(gateway, step)
        if known is None or known.id != step.tag.tag:
            now = self._rt.clock.now()
            await self._rt.db.transact(lambda tx: tag_steps.gone(tx, step, now))
            return Step(Do.MOVE, step.order, step.tag)
        claimed = partial(tag_steps.claim, self._rt, lease=self._lease, followers=known.followers)
        return await self._rt.db.transact(claimed)

    async def _failed(self, step: Step, error: errors.WeChatError) -> Rest | None:
        now, lease = self._rt.clock.now(), self._lease
        return await self._rt.db.transact(lambda tx: tag_steps.failed(tx, lease, step, error, now))

    def _pause(self, tx: Connection, step: Step, reason: str) -> None:
        autostop.pause(tx, step.order.id, reason, self._rt.clock.now())


async def _named(gateway: Gateway, step: Step) -> Tag | None:
    tags = await gateway.list_tags()
    return next((one for one in tags if one.name == step.tag.name), None)
