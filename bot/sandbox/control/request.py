"""Reads requests to the control interface and words its refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.config import ConfigError
from bot.sandbox.errors import NotHere
from bot.sandbox.weixin import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.phones import Phone

PREFIX = "/sandbox/api/"


async def body(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a request; no body is an empty object."""
    raw = await request.read()
    if not raw:
        return {}
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise NotHere(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise NotHere("the body is not a JSON object")
    return value


def answer(data: Any, status: int = 200) -> web.Response:
    """Return data as JSON that a person can read too."""
    text = json.dumps(data, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")


def phone(request: web.Request) -> Phone:
    """Return the phone the address names."""
    return request.app[PLATFORM].phone(request.match_info["openid"])


@web.middleware
async def refuse_politely(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn refusals into JSON, and keep pages of other origins from pressing our buttons."""
    if not request.path.startswith(PREFIX):
        return await handler(request)
    origin = request.headers.get("Origin")
    if origin and origin.partition("://")[2] != request.host:
        return answer({"error": "another origin"}, status=403)
    try:
        return await handler(request)
    except NotHere as error:
        return answer({"error": str(error)}, status=error.status)
    except ConfigError as error:
        return answer({"error": str(error)}, status=400)
