"""Stories for the staff: who waits longest first, what the check found, let through or refused."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.week import access, moderating, photos, wall
from bot.week.access import MODERATE
from bot.week.wall import PUBLISHED, REJECTED, WAITING
from bot.week.words import words

_STATES = (WAITING, PUBLISHED, REJECTED)
_REASON = 200


async def show(visit: Visit) -> web.Response:
    """Show the stories of a state."""
    state = visit.query("state", WAITING)
    state = state if state in _STATES else WAITING
    async with visit.rt.db.read() as tx:
        counts = await moderating.counts(tx, visit.actor)
        counts[WAITING] = counts.get(WAITING, 0) + counts.pop(wall.SEEN, 0)
        page = Pager.of(visit, counts.get(state, 0))
        found = await moderating.listed(tx, visit.actor, state, offset=page.offset, limit=page.size)
        pictures = await wall.pictures(tx, [row.id for row in found])
        names = dict(await access.every(tx))
    return visit.render(
        "week/stories.html", stories=found, pictures=pictures, names=names, counts=counts,
        state=state, page=page, words=words(),
    )  # fmt: skip


async def look(visit: Visit) -> web.Response:
    """Show one story."""
    return await _shown(visit, visit.blank())


async def _shown(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        story = await moderating.one(tx, visit.actor, visit.number("post"))
        pictures = (await wall.pictures(tx, [story.id]))[story.id]
        names = dict(await access.every(tx))
    return visit.render(
        "week/story.html", status=status, story=story, pictures=pictures, names=names, form=form,
        doubts=[words().doubts[name] for name in story.doubts.split()],
        is_second=story.state == wall.SEEN, is_own=story.first_by == visit.actor.id,
    )  # fmt: skip


async def photo(visit: Visit) -> web.Response:
    """Send a picture of a story one may look at."""
    async with visit.rt.db.read() as tx:
        name = await moderating.photo(tx, visit.actor, visit.part("photo"))
    content = await asyncio.to_thread(photos.read, visit.rt, name)
    if content is None:
        raise NotFound
    return web.Response(body=content, content_type="image/jpeg")


async def approve(visit: Visit) -> web.Response:
    """Let a story through."""
    try:
        async with visit.rt.db.write() as tx:
            state = await moderating.approve(visit.rt, tx, visit.actor, visit.number("post"))
    except NotAllowed as error:
        raise InvalidInput("wall.own_look") from error
    return visit.redirect("/week/wall", done=f"wall.{state}")


async def reject(visit: Visit) -> web.Response:
    """Refuse a story; the parent reads why."""
    form = await visit.form()
    reason = form.text("reason", most=_REASON)
    if not form:
        return await _shown(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    async with visit.rt.db.write() as tx:
        await moderating.reject(visit.rt, tx, visit.actor, visit.number("post"), reason)
    return visit.redirect("/week/wall", done="wall.rejected")


PAGES: tuple[Page, ...] = (
    get("/week/wall", MODERATE, show),
    get("/week/wall/{post}", MODERATE, look),
    get("/week/photos/{photo}", MODERATE, photo),
    post("/week/wall/{post}/approve", MODERATE, approve),
    post("/week/wall/{post}/reject", MODERATE, reject),
)
