"""The stream of events that keeps pages up to date."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.sandbox.weixin import PLATFORM

KEEP_ALIVE_S = 15.0


async def events(request: web.Request) -> web.StreamResponse:
    """Send every event until the page or the sandbox goes away."""
    hub = request.app[PLATFORM].hub
    answer = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    queue = hub.listen()
    try:
        await answer.prepare(request)
        await answer.write(b": open\n\n")
        while not hub.is_closed:
            line = await _next(queue)
            await answer.write(line.encode())
    except ConnectionError:
        return answer  # the page was closed
    finally:
        hub.leave(queue)
    return answer


async def _next(queue: asyncio.Queue[str]) -> str:
    """Return the next event, or a comment when nothing has happened for a while."""
    try:
        async with asyncio.timeout(KEEP_ALIVE_S):
            return await queue.get()
    except TimeoutError:
        return ": still here\n\n"


def routes() -> list[web.RouteDef]:
    """Return the address of the stream."""
    return [web.get("/sandbox/api/events", events)]
