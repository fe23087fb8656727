"""Pictures and tracked links for everybody: what is published is shown, and nothing else."""

from __future__ import annotations

import asyncio

from aiohttp import web
from sqlalchemy import select

from bot.errors import NotFound
from bot.h5.page import Page, get
from bot.h5.visit import Visit
from bot.week import counting, photos, wall
from bot.week.wall_tables import links

_HOME = "/h/week"


async def show(visit: Visit) -> web.Response:
    """Send a picture of a published story."""
    name = visit.request.match_info["photo"]
    async with visit.rt.db.read() as tx:
        if not await wall.is_public(tx, name):
            raise NotFound
    content = await asyncio.to_thread(photos.read, visit.rt, name)
    if content is None:
        raise NotFound
    return web.Response(body=content, content_type="image/jpeg")


async def follow(visit: Visit) -> web.Response:
    """Count that a tracked link was opened, and lead to the page of ours it stands for."""
    code = visit.request.match_info["code"]
    async with visit.rt.db.write() as tx:
        target = await tx.scalar(select(links.c.target).where(links.c.code == code))
        if target is not None and visit.request.method == "GET":
            await counting.click(visit.rt, tx, code)
    is_ours = target is not None and target.startswith(f"{_HOME}")
    return visit.redirect(target if target and is_ours else _HOME)


PAGES: tuple[Page, ...] = (
    get("/week/photos/{photo}", show),
    get("/s/{code}", follow),
)
