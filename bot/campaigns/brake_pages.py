"""The kill switch and the fence: whether anything may leave at all."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import func, select

from bot.campaigns.queries import READ, RELEASE, STOP
from bot.console import audit
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.delivery import brake, fence
from bot.delivery.ledger_tables import broadcasts
from bot.delivery.states import Stage

_MOVING = (Stage.FREEZING, Stage.WAITING, Stage.RUNNING)


async def show(visit: Visit) -> web.Response:
    """Show whether sending is free, and the button that stops everything."""
    async with visit.rt.db.read() as tx:
        pulled, stands = await brake.pulled(tx), await fence.is_up(tx)
        moving = await tx.scalar(
            select(func.count()).select_from(broadcasts).where(broadcasts.c.stage.in_(_MOVING))
        )
    return visit.render(
        "campaigns/sending.html", brake=pulled, fence=stands, moving=moving,
        can_stop=visit.may(STOP), can_release=visit.may(RELEASE),
    )  # fmt: skip


async def pull(visit: Visit) -> web.Response:
    """Stop every broadcast of the installation."""
    async with visit.rt.db.write() as tx:
        if await brake.pulled(tx) is None:
            await brake.pull(tx, visit.now, visit.actor.name[:40])
            await audit.note(visit.rt, tx, visit.actor, "sending.pulled", "sending")
    return visit.redirect("/sending", done="sending.pulled_done")


async def release(visit: Visit) -> web.Response:
    """Let broadcasts go on."""
    async with visit.rt.db.write() as tx:
        if await brake.release(tx) is not None:
            await audit.note(visit.rt, tx, visit.actor, "sending.released", "sending")
    return visit.redirect("/sending", done="sending.released_done")


PAGES: tuple[Page, ...] = (
    get("/sending", READ, show),
    post("/sending/pull", STOP, pull),
    post("/sending/release", RELEASE, release),
)
