"""The cookies of parents' pages: the session, and a login under way.

Under TLS their names begin with `__Host-`: the browser then takes them from this host alone, over
TLS alone and for the path `/` alone (RFC 6265bis, 4.1.3.2), so no neighbour can plant one.
"""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.h5.links import PREFIX
from bot.h5.logins import LASTS
from bot.h5.sessions import LONGEST
from bot.settings import Settings

SESSION, LOGIN = "h5-session", "h5-login"
_LIFE: dict[str, timedelta] = {SESSION: LONGEST, LOGIN: LASTS}


def is_secure(settings: Settings) -> bool:
    """Say whether phones reach the pages by TLS."""
    return settings.public_url.startswith("https://")


def read(settings: Settings, request: web.Request, name: str) -> str:
    """Return a cookie's value, empty when there is none."""
    return request.cookies.get(_full(settings, name), "")


def put(settings: Settings, answer: web.StreamResponse, name: str, value: str) -> None:
    """Give the phone a cookie: no script reads it, no other site's form carries it."""
    answer.set_cookie(
        _full(settings, name), value, path=_path(settings), httponly=True, samesite="Lax",
        secure=is_secure(settings), max_age=int(_LIFE[name].total_seconds()),
    )  # fmt: skip


def drop(settings: Settings, answer: web.StreamResponse, name: str) -> None:
    """Take a cookie away."""
    answer.del_cookie(
        _full(settings, name), path=_path(settings), httponly=True, samesite="Lax",
        secure=is_secure(settings),
    )  # fmt: skip


def _full(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if is_secure(settings) else name


def _path(settings: Settings) -> str:
    return "/" if is_secure(settings) else PREFIX
