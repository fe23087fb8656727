"""The pages of parents as one aiohttp application: links, headers, and errors in kind words."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import hdrs, web

from bot.errors import BotError, InvalidInput, NotFound, StoreAway
from bot.h5 import cookies, links, sessions
from bot.h5.page import Page
from bot.h5.render import STATIC, Renderer
from bot.h5.visit import TYPE, Visit
from bot.logs import frames, log
from bot.runtime import Runtime

FIELD = "token"
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
#: Of pages that ask the platform's script for something (its JS-SDK), and of no others.
SDK_CSP = f"{CSP}; script-src 'self' https://res.wx.qq.com; connect-src 'self'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # the address of a personal page is its key: it is told to nobody
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex, nofollow",
}
_YEAR_S = 31_536_000
_VISIT = web.RequestKey("parent_visit", Visit)
_LINK, _LOGIN = "link", "login"
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Expired(NotFound):
    """The link does not open anything: made up, past its hour, or its data is gone."""


class LoginNeeded(BotError):
    """Nobody has logged in on this phone, or the session has ended."""


class Forged(BotError):
    """The form did not come from a page of ours."""


@dataclass(slots=True)
class Site:
    """What the pages of all features are joined to."""

    rt: Runtime
    pages: Sequence[Page]
    names: Sequence[str]
    renderer: Renderer = field(init=False)

    def __post_init__(self) -> None:
        self.renderer = Renderer(self.names)

    def application(self) -> web.Application:
        """Return the application with every page, to be mounted below `links.PREFIX`."""
        app = web.Application(middlewares=[self._whole])
        for page in self.pages:
            add = app.router.add_get if page.method == "GET" else app.router.add_post
            add(page.path, self._handler(page))
        app.router.add_static("/static", STATIC, append_version=False)
        app.on_response_prepare.append(self._headers)
        return app

    def _handler(self, page: Page) -> Answering:
        async def handle(request: web.Request) -> web.StreamResponse:
            visit = request[_VISIT]
            visit.uses_sdk = page.sdk
            if page.body_bytes:
                visit.request = request.clone(client_max_size=page.body_bytes)
            if page.purpose:
                visit.link = await self._opened(request, page.purpose)
            if page.login:
                visit.session = await self._recognised(visit)
            if page.greets:
                visit.session = await self._greeted(visit)
            if page.method == "POST":
                await _check_token(visit)
            return await page.handler(visit)

        return handle

    async def _opened(self, request: web.Request, purpose: str) -> links.Link:
        key = request.match_info["key"]
        async with self.rt.db.write() as tx:
            link = await links.opened(tx, key, purpose, self.rt.clock.now())
        if link is None:
            raise Expired
        return link

    async def _recognised(self, visit: Visit) -> sessions.Session:
        key = cookies.read(self.rt.settings, visit.request, cookies.SESSION)
        async with self.rt.db.read() as tx:
            session = await sessions.load(tx, key, visit.now)
        if session is None:
            raise LoginNeeded
        if session.is_due(visit.now):
            async with self.rt.db.write() as tx:
                await sessions.touch(tx, session, visit.now)
        return session

    async def _greeted(self, visit: Visit) -> sessions.Session | None:
        """Return the session if there is one; without its cookie nothing is read."""
        if not cookies.read(self.rt.settings, visit.request, cookies.SESSION):
            return None
        with suppress(LoginNeeded):
            return await self._recognised(visit)
        return None

    @web.middleware
    async def _whole(self, request: web.Request, handler: Answering) -> web.StreamResponse:
        """Run one request; whatever goes wrong becomes a page with a sentence."""
        visit = Visit(self.rt, request, self.renderer, secrets.token_hex(4))
        request[_VISIT] = visit
        try:
            answer = await handler(request)
        except web.HTTPException as error:
            answer = _error(visit, error.status)
        except Exception as error:  # noqa: BLE001 - the last fence: a page, never a trace
            answer = self._failed(visit, error)
        if visit.chosen_type is not None:
            self._remember(visit, answer)
        return answer

    def _failed(self, visit: Visit, error: Exception) -> web.Response:
        if isinstance(error, ConnectionError):  # the phone has gone: nobody reads the answer
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        if isinstance(error, LoginNeeded) and visit.request.method in ("GET", "HEAD"):
            here = visit.request.path.removeprefix(f"{links.PREFIX}/")
            return visit.redirect(f"{links.PREFIX}/login", to=here)
        for kind, (status, name) in _KNOWN.items():
            if isinstance(error, kind):
                return _error(visit, status, name)
        log.error("parent_page_failed", id=visit.id, bug=frames(error))
        return _error(visit, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _remember(self, visit: Visit, answer: web.StreamResponse) -> None:
        answer.set_cookie(
            TYPE,
            "big" if visit.chosen_type else "plain",
            path=links.PREFIX,
            max_age=_YEAR_S,
            httponly=True,
            samesite="Lax",
            secure=cookies.is_secure(self.rt.settings),
        )

    async def _headers(self, request: web.Request, answer: web.StreamResponse) -> None:
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        visit = request.get(_VISIT)
        answer.headers["Content-Security-Policy"] = SDK_CSP if visit and visit.uses_sdk else CSP
        if cookies.is_secure(self.rt.settings):
            answer.headers[hdrs.STRICT_TRANSPORT_SECURITY] = f"max-age={_YEAR_S}"
        answer.headers[hdrs.CACHE_CONTROL] = _keeping(request, answer.status)


_KNOWN: dict[type[Exception], tuple[int, str]] = {
    Expired: (HTTPStatus.NOT_FOUND, _LINK),
    LoginNeeded: (HTTPStatus.UNAUTHORIZED, _LOGIN),
    Forged: (HTTPStatus.FORBIDDEN, ""),
    NotFound: (HTTPStatus.NOT_FOUND, ""),
    InvalidInput: (HTTPStatus.BAD_REQUEST, ""),
    StoreAway: (HTTPStatus.SERVICE_UNAVAILABLE, ""),
}


async def _check_token(visit: Visit) -> None:
    """Refuse a form that no page of this link or session showed.

    Origin tells nothing here: under `no-referrer` browsers send `null` with our own forms, too.
    """
    given = (await visit.form()).get(FIELD, "")
    is_foreign = visit.request.headers.get("Sec-Fetch-Site") == "cross-site"
    if is_foreign or not hmac.compare_digest(given.encode(), visit.token.encode()):
        raise Forged


def _error(visit: Visit, status: int, name: str = "") -> web.Response:
    kind = name or str(int(status))
    return visit.render("h5/error.html", status=status, kind=kind, request_id=visit.id)


def _keeping(request: web.Request, status: int) -> str:
    """Return how long a phone may keep an answer: pages never, named files for ever."""
    is_file = request.path.startswith(f"{links.PREFIX}/static/")
    if not is_file or status >= HTTPStatus.BAD_REQUEST:
        return "no-store"
    return f"public, max-age={_YEAR_S}, immutable" if "v" in request.query else "no-cache"
