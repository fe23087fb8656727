"""The hand on an ordered campaign, within one's scope: undo, pause, go on, stop, rows seen."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import actions, queries, withdrawing
from bot.campaigns.draft import Campaign
from bot.campaigns.queries import STOP
from bot.campaigns.states import State, Verdict
from bot.console import audit
from bot.delivery import control
from bot.errors import InvalidInput
from bot.people.actor import Actor
from bot.runtime import Runtime

REASON_LEAST = 6


async def pause(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Let nothing more leave until somebody lets it go on."""
    await control.pause(tx, await _broadcast(tx, actor, number))
    await _noted(rt, tx, actor, number, Verdict.PAUSED)


async def resume(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Let it go on."""
    await control.resume(tx, await _broadcast(tx, actor, number), rt.clock.now())
    await _noted(rt, tx, actor, number, Verdict.RESUMED)


async def stop(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> bool:
    """End it for good; says whether it was undone before anything left.

    One whose article is not in the account yet was never ordered: it becomes a draft again.
    """
    campaign = await queries.one(tx, actor, number, STOP)
    if campaign.state is State.APPROVED:
        await actions.move(tx, campaign, {"state": State.DRAFT, "digest": "", "article": ""})
        early = True
    else:
        early = await control.stop(tx, _placed(campaign), rt.clock.now())
    if early:
        await withdrawing.begin(rt, tx, number)
    await _noted(rt, tx, actor, number, Verdict.UNDONE if early else Verdict.STOPPED)
    return early


async def seen(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, why: str) -> None:
    """Note that somebody looked at the rows whose outcome nobody knows; none is sent again.

    Raises:
        InvalidInput: no reason is given.
    """
    await _broadcast(tx, actor, number)
    if len(why.strip()) < REASON_LEAST:
        raise InvalidInput("campaign.reason")
    await _noted(rt, tx, actor, number, Verdict.SEEN, why.strip())


async def _broadcast(tx: AsyncConnection, actor: Actor, number: int) -> int:
    return _placed(await queries.one(tx, actor, number, STOP))


def _placed(campaign: Campaign) -> int:
    if campaign.broadcast is None:
        raise InvalidInput("campaign.not_ordered")
    return campaign.broadcast


async def _noted(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, verdict: Verdict, why: str = ""
) -> None:
    campaign = await queries.one(tx, actor, number, STOP)
    await actions.note(rt, tx, actor, number, verdict, why=why)
    area = campaign.draft.area
    await audit.note(rt, tx, actor, f"campaign.{verdict}", f"campaign:{number}", area=area)
