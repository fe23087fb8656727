"""The console as one aiohttp application: pages behind the guard, headers, errors in sentences."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import hdrs, web

from bot.console import guard, menu
from bot.console.page import Page
from bot.console.render import STATIC, Renderer
from bot.console.visit import PREFIX, STOPPING, Visit
from bot.errors import InvalidInput, NotAllowed, NotFound, StoreAway
from bot.logs import frames, log
from bot.people import roles, staff
from bot.runtime import Runtime

_VISIT = web.RequestKey("visit", Visit)
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
#: Number beside a menu item: asked on every full page, so it must be one cheap count.
Badge = Callable[[Visit], Awaitable[int | None]]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Server": "bot",
}
_YEAR_S = 31_536_000


@dataclass(slots=True)
class Site:
    """What the pages of all features are joined to; `open` once somebody can administrate."""

    rt: Runtime
    pages: Sequence[Page]
    names: Sequence[str]
    badges: Mapping[str, Badge] = field(default_factory=dict)
    #: The port the console really listens on.
    port: int = 0
    renderer: Renderer = field(init=False)
    items: list[menu.Item] = field(init=False)
    is_open: bool = False

    def __post_init__(self) -> None:
        self.renderer = Renderer(self.names)
        self.items = menu.load(self.names)
        known = {*roles.load().permissions, "staff", "anybody"}
        unknown = {p.permission for p in self.pages} | {i.permission for i in self.items}
        assert unknown <= known, f"permissions without a name: {sorted(unknown - known)}"

    def application(self) -> web.Application:
        """Return the application with every page."""
        app = web.Application(middlewares=[self._whole])
        app[STOPPING] = asyncio.Event()
        app.on_shutdown.append(_stop)
        for page in self.pages:
            app.router.add_route(
                page.method, f"{PREFIX}{page.path}", self._handler(page), name=None
            )
        app.router.add_route("GET", PREFIX, _to_start)
        app.router.add_route("GET", "/", _to_start)
        app.router.add_static(f"{PREFIX}/static", STATIC, append_version=False)
        app.on_response_prepare.append(self._headers)
        return app

    def _handler(self, page: Page) -> Answering:
        async def handle(request: web.Request) -> web.StreamResponse:
            visit = request[_VISIT]
            visit.request = request.clone(client_max_size=page.body_bytes)
            guard.check_origin(request, guard.origins(self.rt.settings, self.port))
            if visit.who is not None and not visit.is_partial:
                visit.menu = await self._menu(visit)
            guard.check_permission(visit, page)
            await guard.check_token(visit, page)
            return await page.handler(visit)

        return handle

    async def _menu(self, visit: Visit) -> list[menu.Section]:
        wanted = {i.path for i in self.items if visit.may(i.permission)}
        badges = {p: await badge(visit) for p, badge in self.badges.items() if p in wanted}
        return menu.shown(self.items, visit, badges)

    @web.middleware
    async def _whole(self, request: web.Request, handler: Answering) -> web.StreamResponse:
        """Run one request; whatever goes wrong becomes a page with a sentence."""
        visit = Visit(self.rt, request, self.renderer, secrets.token_hex(4))
        request[_VISIT] = visit
        try:
            guard.check_host(request, guard.origins(self.rt.settings, self.port))
            if request.path.startswith(f"{PREFIX}/static/"):
                return await handler(request)
            await self._check_open(request)
            await guard.recognise(visit)
            guard.greet(visit)
            answer = await handler(request)
        except web.HTTPException as error:
            return await self._error(visit, error.status)
        except Exception as error:  # noqa: BLE001 - the last fence: a page, never a trace
            return await self._failed(visit, error)
        self._cookie(visit, answer)
        return answer

    async def _check_open(self, request: web.Request) -> None:
        """Answer nothing but the set-up link until there is an administrator (fail closed)."""
        if self.is_open or request.path == f"{PREFIX}/invite":
            return
        async with self.rt.db.read() as tx:
            self.is_open = await staff.has_administrator(tx)
        if not self.is_open:
            raise NotFound("console.closed")

    async def _failed(self, visit: Visit, error: Exception) -> web.StreamResponse:
        if isinstance(error, guard.LoginNeeded):
            return await self._log_in(visit)
        if isinstance(error, ConnectionError):  # the browser has gone: nobody reads the answer
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        status, key = next(
            (found for kind, found in _KNOWN.items() if isinstance(error, kind)), _BUG
        )
        if key == _BUG[1]:
            log.error("page_failed", id=visit.id, bug=frames(error))
        text = str(error)
        if isinstance(error, InvalidInput) or text in self.renderer.messages:
            key = text
        return await self._error(visit, status, key)

    async def _log_in(self, visit: Visit) -> web.StreamResponse:
        if "HX-Request" in visit.request.headers or visit.request.method != "GET":
            return await self._error(visit, HTTPStatus.UNAUTHORIZED, "error.401")
        half = visit.session is not None
        return visit.redirect("/second-factor" if half else "/login", next=visit.request.path_qs)

    async def _error(self, visit: Visit, status: int, key: str = "") -> web.Response:
        if visit.who is not None and not visit.menu and status != HTTPStatus.SERVICE_UNAVAILABLE:
            visit.menu = await self._menu(visit)
        sentence = visit.text(key or f"error.{status}")
        if sentence.startswith("error."):
            sentence = visit.text("error.400" if status < 500 else "error.500")  # noqa: PLR2004
        return visit.render(
            "console/error.html", status=status, sentence=sentence, request_id=visit.id
        )

    def _cookie(self, visit: Visit, answer: web.StreamResponse) -> None:
        name, secure = guard.cookie_name(self.rt.settings), guard.is_secure(self.rt.settings)
        if visit.new_key:
            answer.set_cookie(
                name, visit.new_key, path="/", httponly=True, samesite="Lax", secure=secure
            )
        if visit.new_greeting:
            answer.set_cookie(
                guard.greeting_name(self.rt.settings),
                visit.new_greeting,
                path="/",
                httponly=True,
                samesite="Lax",
                secure=secure,
            )
        if visit.new_key == "":
            answer.del_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")

    async def _headers(self, request: web.Request, answer: web.StreamResponse) -> None:
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        if guard.is_secure(self.rt.settings):
            answer.headers[hdrs.STRICT_TRANSPORT_SECURITY] = f"max-age={_YEAR_S}"
        answer.headers[hdrs.CACHE_CONTROL] = _keeping(request, answer.status)


_KNOWN: dict[type[Exception], tuple[int, str]] = {
    InvalidInput: (HTTPStatus.BAD_REQUEST, "error.400"),
    NotAllowed: (HTTPStatus.FORBIDDEN, "error.403"),
    guard.Forged: (HTTPStatus.FORBIDDEN, "error.forged"),
    NotFound: (HTTPStatus.NOT_FOUND, "error.404"),
    StoreAway: (HTTPStatus.SERVICE_UNAVAILABLE, "error.503"),
}
_BUG = (HTTPStatus.INTERNAL_SERVER_ERROR, "error.500")


def _keeping(request: web.Request, status: int) -> str:
    """Return how long a browser may keep an answer: pages never, named files for ever."""
    if not request.path.startswith(f"{PREFIX}/static/") or status >= HTTPStatus.BAD_REQUEST:
        return "no-store"
    # modules import each other without a version: they are asked for again, and answered 304
    return f"public, max-age={_YEAR_S}, immutable" if "v" in request.query else "no-cache"


async def _stop(app: web.Application) -> None:
    app[STOPPING].set()


async def _to_start(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PREFIX}/"})
