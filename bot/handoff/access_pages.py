"""Wishes to read parents' words: what is to be decided, what is to be looked at afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.handoff import access, queries, view
from bot.org import tree
from bot.people.actor import Actor
from bot.runtime import Runtime

_Decision = Callable[[Runtime, AsyncConnection, Actor, int], Awaitable[None]]


async def listed(visit: Visit) -> web.Response:
    """Show the wishes in this person's scope."""
    async with visit.rt.db.read() as tx:
        rows = await access.listed(tx, visit.actor)
        names = await queries.names(
            tx, [n for r in rows for n in (r.staff, r.granted_by, r.refused_by, r.reviewed_by)]
        )
        places = await tree.named(tx, [row.area for row in rows])
    shown = [
        {
            "row": row,
            "topic": view.topic_name(visit, row.topic),
            "area": places[row.area].name if row.area in places else "",
            "is_pending": row.granted_at is None and row.refused_at is None,
            "is_reviewable": row.emergency and row.reviewed_at is None,
            "is_own": row.staff == visit.actor.id,
            "is_live": row.expires_at is not None and row.expires_at > visit.now,
        }
        for row in rows
    ]
    return visit.render("handoff/grants.html", shown=shown, names=names)


async def approve(visit: Visit) -> web.Response:
    """Open the words for 24 hours."""
    return await _decided(visit, access.approve, "access.approved")


async def refuse(visit: Visit) -> web.Response:
    """Keep the words shut."""
    return await _decided(visit, access.refuse, "access.refused")


async def review(visit: Visit) -> web.Response:
    """Note that an emergency was looked at."""
    return await _decided(visit, access.review, "access.reviewed")


async def badge(visit: Visit) -> int | None:
    """Return how many wishes wait for this person."""
    async with visit.rt.db.read() as tx:
        return await access.waiting(tx, visit.actor) or None


async def _decided(visit: Visit, decide: _Decision, done: str) -> web.Response:
    async with visit.rt.db.write() as tx:
        await decide(visit.rt, tx, visit.actor, visit.number("grant"))
    return visit.redirect("/inbox/grants", done=done)


PAGES: tuple[Page, ...] = (
    get("/inbox/grants", access.APPROVE, listed),
    post("/inbox/grants/{grant}/approve", access.APPROVE, approve),
    post("/inbox/grants/{grant}/refuse", access.APPROVE, refuse),
    post("/inbox/grants/{grant}/review", access.APPROVE, review),
)
