"""A parent's signed link, and the page of past messages for everybody."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web
from sqlalchemy import select

from bot.campaigns import content, past
from bot.delivery import clicks
from bot.delivery.ledger_tables import broadcasts, deliveries
from bot.delivery.order import of_row
from bot.errors import NotFound
from bot.h5.links import PREFIX
from bot.h5.page import get
from bot.h5.visit import Visit
from bot.runtime import Runtime

_NUMBER_MOST = 12  # characters of a campaign's number


async def follow(visit: Visit) -> web.Response:
    """Note that a link was opened, and go where it leads; a link that is not ours: a kind page."""
    found = clicks.read(visit.rt, visit.request.match_info["token"])
    if found is None:
        return visit.render("campaigns/gone.html", status=HTTPStatus.NOT_FOUND)
    async with visit.rt.db.write() as tx:
        mine = (deliveries.c.broadcast == found[0], deliveries.c.n == found[1])
        query = select(deliveries.c.variant, broadcasts).join_from(
            deliveries, broadcasts, broadcasts.c.id == deliveries.c.broadcast
        )
        row = (await tx.execute(query.where(*mine))).mappings().first()
        target = of_row(row).texts[row["variant"]].target if row else ""
        if not is_allowed(target) and not is_played(visit.rt, target):
            return visit.render("campaigns/gone.html", status=HTTPStatus.NOT_FOUND)
        if visit.request.method == "GET":
            await clicks.note(tx, *found, visit.now)
    return web.Response(status=HTTPStatus.FOUND, headers={"Location": target})


def is_allowed(target: str) -> bool:
    """Say whether a stored target may be gone to: a page of ours, or another site by TLS."""
    is_own = target.startswith(f"{PREFIX}/") and "\\" not in target and ".." not in target
    return is_own or target.startswith("https://")


def is_played(rt: Runtime, target: str) -> bool:
    """Say whether a stored target is an article of the sandbox, which has no TLS."""
    platform = rt.settings.wechat_api
    return platform.startswith("http://") and target.startswith(f"{platform.rstrip('/')}/s/")


async def show_past(visit: Visit) -> web.Response:
    """Show what was sent to many and may be read by everybody, the newest first."""
    stage = visit.request.query.get("stage", "")
    stage = stage if stage in past.STAGES else ""
    async with visit.rt.db.read() as tx:
        found = await past.listed(tx, stage)
    return visit.render("campaigns/past.html", found=found, stage=stage, stages=past.STAGES)


async def show_one(visit: Visit) -> web.Response:
    """Show one of them.

    Raises:
        NotFound: there is none, or it is not for everybody.
    """
    text = visit.request.match_info["campaign"]
    if not (text.isascii() and text.isdigit()) or len(text) > _NUMBER_MOST:
        raise NotFound
    async with visit.rt.db.read() as tx:
        found = await past.one(tx, int(text))
    if found is None:
        raise NotFound
    words = found.words
    text = content.plain(words, words.text, visit.rt.settings.public_url)
    can_open = is_allowed(words.target)
    return visit.render("campaigns/past_one.html", one=found, text=text, can_open=can_open)


PAGES = (
    get("/c/{token}", follow),
    get("/past", show_past),
    get("/past/{campaign}", show_one),
)
