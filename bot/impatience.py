"""An HTTP server that does not wait for ever: silent and trickling clients are hung up on.

aiohttp alone keeps a connection that never finishes its first request for `keepalive_timeout`
(default over an hour); we promise to run without a proxy in front (RELIABILITY 0, point 4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.dialogue.webhook import SERVER
from bot.logs import frames, log

#: How long a refused body is still read, so that its sender sees the refusal (aiohttp: 10 s).
LINGER_S = 1.0
#: Idle time between two requests of one connection; longer than a reverse proxy keeps it (60 s).
KEEPALIVE_S = 65.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Handler(RequestHandler):
    """Closes when the first request's headers have not come in time."""

    first_request_s = 8.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._loop.call_later(self.first_request_s, self._hang_up_if_silent)

    def _hang_up_if_silent(self) -> None:
        if self._request_count == 0 and self.transport is not None:
            self.force_close()
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is not HTTP, or met a bug, with a status alone.

        aiohttp would log and send back the broken line, which may hold an openid, and name itself.
        """
        del message  # it quotes the request
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and exc is not None:
            log.error("request_failed", status=status, bug=frames(exc))
        else:
            log.info("request_broken", status=status, reason=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("a part of the answer is sent already")
        answer = web.Response(status=status, headers={"Server": SERVER})
        answer.force_close()
        return answer


class Runner(web.AppRunner):
    """Runs an application with impatient connections, a short way in, and without an access log.

    `direct` requests, by method and path, go to their handler without router and middlewares.
    The access log would write query strings, and they hold openids (RELIABILITY 1.2).
    """

    def __init__(
        self,
        app: web.Application,
        *,
        slow_client_s: float,
        direct: Mapping[tuple[str, str], Handler],
    ) -> None:
        super().__init__(
            app,
            access_log=None,
            keepalive_timeout=KEEPALIVE_S,
            lingering_time=min(LINGER_S, slow_client_s),
            handle_signals=False,
        )
        self._direct = direct
        self._handler = type("Handler", (_Handler,), {"first_request_s": slow_client_s})

    async def _make_server(self) -> Any:
        server = await super()._make_server()
        handler, loop = self._handler, asyncio.get_running_loop()
        direct, others = self._direct, server.request_handler

        async def handle(request: Any) -> web.StreamResponse:
            found = direct.get((request.method, request.path))
            return await (found or others)(request)

        server.request_handler = handle
        kwargs = server._kwargs  # noqa: SLF001 - aiohttp offers no hook for the protocol class

        class Server(type(server)):  # type: ignore[misc]
            def __call__(self) -> RequestHandler:
                made: RequestHandler = handler(self, loop=loop, **kwargs)
                return made

        server.__class__ = Server
        return server
