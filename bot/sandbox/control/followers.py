"""Crowds under /sandbox/api/followers: very many light phones at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import crowd
from bot.sandbox.control import request as reading
from bot.sandbox.errors import NotHere
from bot.sandbox.weixin import PLATFORM

if TYPE_CHECKING:
    from bot.sandbox.state import Platform

COUNT_MAX = 10_000_000
KINDS: dict[str, Any] = {
    "count": int,
    "prefix": str,
    "follow": bool,
    "tag_ids": list,
    "accepted": dict,
    "wrote_ago_s": int | float,
}


async def create(request: web.Request) -> web.Response:
    """Make `count` followers; with `push` their follows are pushed afterwards, a few at a time."""
    platform, given = request.app[PLATFORM], await reading.body(request)
    is_pushed = given.pop("push", False) is True
    made = crowd.make(platform, _wanted(given))
    if is_pushed:
        platform.spawn(crowd.announce(platform, made))
    ends = {"first": made[0].openid, "last": made[-1].openid}
    return reading.answer({"count": len(made), **ends, **_counts(platform)}, status=201)


async def show(request: web.Request) -> web.Response:
    """Count phones and followers."""
    return reading.answer(_counts(request.app[PLATFORM]))


def _counts(platform: Platform) -> dict[str, int]:
    phones = platform.phones.values()
    return {"phones": len(phones), "followers": sum(p.is_following for p in phones)}


def _wanted(given: dict[str, Any]) -> crowd.Wanted:
    """Return what is asked for; a wrong field or kind is refused with its name."""
    for name, value in given.items():
        if name not in KINDS or not isinstance(value, KINDS[name]):
            raise NotHere(f"{name} is not a field of a crowd, or of another kind")
    if not 1 <= given.get("count", 0) <= COUNT_MAX:
        raise NotHere(f"count is between 1 and {COUNT_MAX}")
    return crowd.Wanted(**{**given, "tag_ids": tuple(given.get("tag_ids", ()))})


def routes() -> list[web.RouteDef]:
    """Return the addresses of this file."""
    base = "/sandbox/api/followers"
    return [web.get(base, show), web.post(base, create)]
