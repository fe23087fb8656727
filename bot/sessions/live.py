"""The bell of one session: it rings when somebody signs in and when the minute's code changes."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import live
from bot.console.live import State, Theme
from bot.console.visit import Visit
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.sessions import gate_token, queries
from bot.sessions.queries import CHECK


async def events(visit: Visit) -> web.StreamResponse:
    """Tell the page at the door that it has something new to show."""
    number = visit.number("session")
    async with visit.rt.db.read() as tx:
        await queries.one(tx, visit.actor, CHECK, number)
    return await live.stream(visit, _theme(visit.rt, number))


def _theme(rt: Runtime, number: int) -> Theme:
    async def whole(tx: AsyncConnection) -> State:
        there = await queries.there(tx, number)
        return (sum(there), gate_token.minute(rt.clock.now()))

    async def mine(tx: AsyncConnection, actor: Actor) -> State:
        is_seen = await queries.is_seen(tx, actor, CHECK, number)
        return await whole(tx) if is_seen else (0, 0)

    return Theme(
        f"session-{number}", CHECK, whole, mine, said=lambda state: {"count": int(state[0])}
    )
