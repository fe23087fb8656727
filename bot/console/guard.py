"""What stands before every page: the right host and origin, the session, its token, permission.

Source: OWASP ASVS 5.0.0, 3.5.1, 3.5.3, 8.2.1, 8.4.1; RELIABILITY 4.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from aiohttp import web

from bot.console.page import ANYBODY, STAFF, Page
from bot.console.visit import PREFIX, Visit
from bot.errors import BotError, NotAllowed
from bot.people import sessions, staff
from bot.people.sealed import derived
from bot.settings import Settings

FIELD, HEADER = "csrf", "X-CSRF-Token"
_GREETING = 43  # characters of 32 random bytes
_SAFE = frozenset({"GET", "HEAD"})


class LoginNeeded(BotError):
    """Nobody is logged in, or the second factor is missing."""


class Forged(BotError):
    """The request did not come from a page of ours."""


def cookie_name(settings: Settings) -> str:
    """Return the cookie's name; `__Host-` binds it to this host and to TLS."""
    return "__Host-console" if is_secure(settings) else "console"


def greeting_name(settings: Settings) -> str:
    """Return the name of the cookie a browser has before it has a session."""
    return f"{cookie_name(settings)}-greeting"


def is_secure(settings: Settings) -> bool:
    """Say whether browsers reach the console by TLS."""
    return settings.console_origin.startswith("https://")


def origins(settings: Settings, port: int) -> Sequence[str]:
    """Return the origins the console answers under."""
    if settings.console_origin:
        return (settings.console_origin.rstrip("/"),)
    return tuple(f"http://{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def check_host(request: web.Request, allowed: Sequence[str]) -> None:
    """Refuse a host that is not ours: another name for this address is an attack (rebinding)."""
    if request.host not in {urlsplit(origin).netloc for origin in allowed}:
        raise Forged


def check_origin(request: web.Request, allowed: Sequence[str]) -> None:
    """Refuse a change that another site asks for.

    Browsers send Origin with every POST; a client that sends neither is refused as well.
    """
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    if origin is None:
        parts = urlsplit(request.headers.get("Referer", ""))
        origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in allowed or request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forged


async def recognise(visit: Visit) -> None:
    """Find the session of the cookie and who it belongs to; note its use."""
    key = visit.request.cookies.get(cookie_name(visit.rt.settings), "")
    if not key:
        return
    async with visit.rt.db.read() as tx:
        session = await sessions.load(tx, key, visit.now)
        who = await staff.actor(tx, session.staff) if session else None
    if session is None or who is None:
        return
    visit.session = session
    if session.full:
        visit.who = who
    if session.is_due(visit.now):
        async with visit.rt.db.write() as tx:
            await sessions.touch(tx, session, visit.now)


def check_permission(visit: Visit, page: Page) -> None:
    """Refuse who may not open the page.

    Raises:
        LoginNeeded: nobody is logged in.
        NotAllowed: the person's roles do not reach it.
    """
    if page.permission == ANYBODY:
        return
    if visit.who is None:
        raise LoginNeeded
    if page.permission != STAFF and not visit.who.may(page.permission):
        raise NotAllowed


def greet(visit: Visit) -> None:
    """Give a browser without a session something its forms can be told by: login is guarded too."""
    if visit.session is not None:
        return
    name = greeting_name(visit.rt.settings)
    known = visit.request.cookies.get(name, "")
    if len(known) != _GREETING:
        known = visit.new_greeting = secrets.token_urlsafe(32)
    key = derived(visit.rt.code_key, "console-greeting")
    visit.greeting = hmac.new(key, known.encode(), hashlib.sha256).hexdigest()


async def check_token(visit: Visit, page: Page) -> None:
    """Refuse a change without the token of the session, or of the greeting before there is one."""
    if page.method in _SAFE:
        return
    given = visit.request.headers.get(HEADER, "")
    if not given:
        given = (await visit.form()).values.get(FIELD, "")
    if not hmac.compare_digest(given.encode(), visit.csrf.encode()):
        raise Forged


def address(request: web.Request, settings: Settings) -> str:
    """Return the address of the person: behind trusted proxies what the outermost of them saw."""
    hops = settings.proxy_hops
    named = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(named) >= hops and named[-hops]:
        return named[-hops]
    return request.remote or ""


def is_own_path(path: str) -> bool:
    """Say whether a path to go on to is one of the console's own, and nothing cleverer."""
    if not (path.isascii() and path.isprintable()) or "\\" in path:
        return False
    plain = unquote(path.partition("?")[0])
    is_straight = not any(odd in plain for odd in ("//", "..", "\\", "#", ":"))
    return is_straight and (plain == PREFIX or plain.startswith(f"{PREFIX}/"))
