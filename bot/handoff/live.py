"""The bell of the inbox: it rings for each scope in which a ticket changed."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import live
from bot.console.live import State
from bot.console.visit import Visit
from bot.handoff import queries
from bot.handoff.tables import State as Stands
from bot.handoff.tables import tickets
from bot.people.actor import Actor

_STATE = (
    func.max(tickets.c.changed_at),
    func.count(),
    func.coalesce(func.sum(case((tickets.c.state == Stands.WAITING, 1), else_=0)), 0),
)


async def _whole(tx: AsyncConnection) -> State:
    return tuple((await tx.execute(select(*_STATE))).one())


async def _mine(tx: AsyncConnection, actor: Actor) -> State:
    return tuple((await tx.execute(select(*_STATE).where(queries.seen(actor)))).one())


THEME = live.Theme(
    "inbox", queries.READ, _whole, _mine, said=lambda state: {"waiting": int(state[2])}
)


async def events(visit: Visit) -> web.StreamResponse:
    """Tell a page when a ticket in its scope changed."""
    return await live.stream(visit, THEME)
