"""How far a campaign is, what became of it, and the buttons that hold it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import compose_pages, live, places, queries, results, running, sheet, wording
from bot.campaigns.draft import Campaign
from bot.campaigns.queries import EDIT, READ, RELEASE, STOP
from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Handler, Page, get, post
from bot.console.visit import Visit
from bot.delivery import brake, fence
from bot.delivery.control import BEFORE
from bot.delivery.states import OVER, Stage
from bot.errors import InvalidInput, NotFound
from bot.org import tree


async def show(visit: Visit) -> web.Response:
    """Show how far a campaign is and what became of it."""
    return await _show(visit, visit.blank())


async def figures(visit: Visit) -> web.Response:
    """Show the part of the page that refreshes itself."""
    async with visit.rt.db.read() as tx:
        campaign = await _ordered(visit, tx)
        known = await _figures(visit, tx, campaign)
    return visit.render("campaigns/figures.html", campaign=campaign, **known)


async def _show(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        campaign = await queries.one(tx, visit.actor, visit.number("campaign"))
        if campaign.broadcast is None:
            return visit.redirect(f"/campaigns/{campaign.id}")
        known = await _figures(visit, tx, campaign)
        past = await queries.history(tx, campaign.id)
        meant = await places.said(visit, tx, campaign.draft.audience)
    return visit.render(
        "campaigns/run.html", status=status, campaign=campaign, form=form, history=past,
        meant=meant, can_edit=queries.may(visit.actor, EDIT, campaign.draft.area),
        new_form=compose_pages.new_form(), can_release=visit.may(RELEASE), **known,
    )  # fmt: skip


async def _ordered(visit: Visit, tx: AsyncConnection) -> Campaign:
    campaign = await queries.one(tx, visit.actor, visit.number("campaign"))
    if campaign.broadcast is None:
        raise NotFound
    return campaign


async def _figures(visit: Visit, tx: AsyncConnection, campaign: Campaign) -> dict[str, Any]:
    assert campaign.broadcast is not None
    number = campaign.broadcast
    now = await results.progress(tx, number)
    stage, is_over = now.order.stage, now.order.stage in OVER
    nodes = await tree.children(tx, campaign.draft.area) if is_over else []
    below = {node.path: node.label(visit.today) for node in nodes if node.archived_at is None}
    return {
        "now": now,
        "is_over": is_over,
        "is_early": stage in BEFORE,
        "is_running": stage is Stage.RUNNING,
        "is_paused": stage is Stage.PAUSED,
        "leaves_at": live.leaves_at(now),
        "reasons": await results.reasons(tx, number) if is_over or now.frozen <= results.EXACT
        else [],
        "variants": await results.variants(tx, number),
        "areas": await results.by_area(tx, campaign, now.order, list(below)) if is_over else {},
        "below": below,
        "why": wording.of(visit),
        "brake": await brake.pulled(tx),
        "fence": await fence.is_up(tx),
        "can_stop": queries.may(visit.actor, STOP, campaign.draft.area),
    }  # fmt: skip


async def pause(visit: Visit) -> web.Response:
    """Let nothing more leave."""
    return await _changed(visit, running.pause, "campaign.paused_done")


async def resume(visit: Visit) -> web.Response:
    """Let it go on."""
    return await _changed(visit, running.resume, "campaign.resumed_done")


async def stop(visit: Visit) -> web.Response:
    """End it for good."""
    return await _changed(visit, running.stop, "campaign.stopped_done")


async def seen(visit: Visit) -> web.Response:
    """Note that the rows with an unknown outcome were looked at."""
    why = (await visit.form()).text("why", most=200)

    async def work(rt: Any, tx: Any, actor: Any, number: int) -> None:
        await running.seen(rt, tx, actor, number, why)

    return await _changed(visit, work, "campaign.seen_done")


async def _changed(visit: Visit, work: Callable[..., Awaitable[object]], done: str) -> web.Response:
    form, number = await visit.form(), visit.number("campaign")
    try:
        async with visit.rt.db.write() as tx:
            await work(visit.rt, tx, visit.actor, number)
    except InvalidInput as refused:
        form.refuse(refused)
        return await _show(visit, form, HTTPStatus.CONFLICT)
    return visit.redirect(f"/campaigns/{number}", done=done)


def _export(kind: str) -> Handler:
    async def export(visit: Visit) -> web.Response:
        async with visit.rt.db.read() as tx:
            campaign = await _ordered(visit, tx)
            assert campaign.broadcast is not None
            now = await results.progress(tx, campaign.broadcast)
            rows = await results.reasons(tx, campaign.broadcast)
            variants = await results.variants(tx, campaign.broadcast)
        body = await asyncio.to_thread(
            sheet.write, visit.renderer, wording.of(visit), now, rows, variants
        )
        async with visit.rt.db.write() as tx:
            area = campaign.draft.area
            await audit.note(visit.rt, tx, visit.actor, "campaign.exported",
                             f"campaign:{campaign.id}", area=area)  # fmt: skip
        return visit.download(f"campaign-{campaign.id}.{kind}", body, sheet.KINDS[kind])

    return export


PAGES: tuple[Page, ...] = (
    get("/sent/{campaign}", READ, show),
    get("/sent/{campaign}/figures", READ, figures),
    post("/sent/{campaign}/pause", STOP, pause),
    post("/sent/{campaign}/resume", STOP, resume),
    post("/sent/{campaign}/stop", STOP, stop),
    post("/sent/{campaign}/seen", STOP, seen),
    get("/sent-events", READ, live.events),
    post("/sent/{campaign}/export.csv", READ, _export("csv")),
)
