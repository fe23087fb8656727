"""One aiohttp application: the platform's API, the control interface and the phone page."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bot.sandbox import authorize, pages, weixin
from bot.sandbox.control import bench, counts, followers, mass, phones, stream
from bot.sandbox.control import request as reading
from bot.sandbox.state import Platform
from bot.sandbox.weixin import PLATFORM

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.config import SandboxConfig

STATIC = Path(__file__).parent / "static"
BODY_MAX = 12 * 1024 * 1024  # a ten-megabyte picture and its multipart frame
LOG = logging.getLogger("bot.sandbox")


def make_app(config: SandboxConfig) -> web.Application:
    """Return the sandbox as an application; `app[PLATFORM]` is its state."""
    app = web.Application(middlewares=[reading.refuse_politely], client_max_size=BODY_MAX)
    app[PLATFORM] = Platform(config)
    app.cleanup_ctx.append(_open_session)
    app.on_shutdown.append(_hang_up)
    app.add_routes(
        [
            web.get("/", _page),
            web.static("/sandbox/static", STATIC),
            web.get("/cgi-bin/showqrcode", weixin.showqrcode),
            web.get("/connect/oauth2/authorize", authorize.authorize),
            *phones.routes(),
            *bench.routes(),
            *followers.routes(),
            *mass.routes(),
            *counts.routes(),
            *stream.routes(),
            *pages.routes(),
            web.route("*", "/cgi-bin/{path:.*}", weixin.answer),
            web.route("*", "/wxaapi/{path:.*}", weixin.answer),
            web.route("*", "/sns/{path:.*}", weixin.answer),
        ]
    )
    return app


async def serve(config: SandboxConfig) -> None:
    """Serve until cancelled."""
    runner = web.AppRunner(make_app(config), access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, config.host, config.port).start()
        host, port = runner.addresses[0][:2]
        LOG.info("phones at http://%s:%s/ , pushes to %s", host, port, config.webhook_url)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def _page(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})


async def _open_session(app: web.Application) -> AsyncIterator[None]:
    """Open the client for pushes; each push has a connection of its own, as from many servers."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:
        app[PLATFORM].session = session
        yield


async def _hang_up(app: web.Application) -> None:
    await app[PLATFORM].close()
