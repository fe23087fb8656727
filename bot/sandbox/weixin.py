"""Plays api.weixin.qq.com: faults, token, quota, body, then the call; refusals are HTTP 200."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from bot.sandbox.calls import (
    codes,
    console,
    custom,
    mass,
    media,
    menus,
    notices,
    oauth,
    tags,
    token,
    users,
)
from bot.sandbox.calls.call import Call, Download, Route, Upload
from bot.sandbox.errors import ApiError
from bot.sandbox.state import Platform

if TYPE_CHECKING:
    from collections.abc import Mapping

PLATFORM = web.AppKey("platform", Platform)
ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}")
BODY_KEPT = 4_000

ROUTES: Mapping[str, Route] = {
    **token.ROUTES,
    **custom.ROUTES,
    **menus.ROUTES,
    **users.ROUTES,
    **tags.ROUTES,
    **codes.ROUTES,
    **media.ROUTES,
    **notices.ROUTES,
    **mass.ROUTES,
    **oauth.ROUTES,
    **console.ROUTES,
}


async def answer(request: web.Request) -> web.StreamResponse:
    """Answer any path below /cgi-bin/ and /wxaapi/."""
    platform = request.app[PLATFORM]
    broken = await _break(platform, request.path)
    if broken is not None:
        _record(platform, request, {"status": broken.status})
        return broken
    try:
        done = await _work(platform, request)
    except ApiError as error:
        words = f"{error.text} rid: {platform.rid()}"
        done = {"errcode": error.code, "errmsg": words, **error.more}
    _record(platform, request, done if isinstance(done, dict) else {"file": done.filename})
    if platform.faults.take(request.path, "drop") and request.transport:
        request.transport.abort()
    return _response(done)


async def _break(platform: Platform, path: str) -> web.Response | None:
    """Wait or fail as the developer has asked, before any work is done."""
    slow = platform.faults.take(path, "slow")
    if slow:
        await platform.pause(slow.seconds)
    status = platform.faults.take(path, "status")
    if status:
        page = f"<html><body><h1>{status.status}</h1></body></html>"
        return web.Response(status=status.status, text=page, content_type="text/html")
    return None


async def _work(platform: Platform, request: web.Request) -> dict[str, Any] | Download:
    route = ROUTES.get(request.path)
    if route is None:
        raise ApiError(40066)
    if request.method != route.method:
        raise ApiError(43001 if route.method == "GET" else 43002)
    now = platform.clock.now()
    if route.needs_token:
        platform.tokens.check(request.query.get("access_token", ""), now)
    platform.quotas.count(platform.config, request.path, platform.clock.day(), now)
    error = platform.faults.take(request.path, "error")
    if error:
        raise ApiError(error.code)
    return route.handle(platform, await _read(request, route))


async def _read(request: web.Request, route: Route) -> Call:
    query = dict(request.query)
    if route.is_upload:
        return Call(request.path, query, upload=await _read_upload(request))
    if route.method == "GET":
        return Call(request.path, query)
    return Call(request.path, query, _read_json(await request.read(), route.charset_code))


def _read_json(body: bytes, charset_code: int) -> dict[str, Any]:
    if not body:
        raise ApiError(44002)
    if ESCAPE.search(body):
        raise ApiError(charset_code)
    try:
        value = json.loads(body)
    except ValueError as error:
        raise ApiError(47001) from error
    if not isinstance(value, dict):
        raise ApiError(47001)
    return value


async def _read_upload(request: web.Request) -> Upload | None:
    if not request.content_type.startswith("multipart/"):
        raise ApiError(41005)
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "media" and part.filename:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                return Upload(part.filename, kind, bytes(await part.read()))
    except ValueError as error:
        raise ApiError(41005) from error
    return None


def _response(done: dict[str, Any] | Download) -> web.Response:
    if isinstance(done, Download):
        name = f'attachment; filename="{done.filename}"'
        headers = {"Content-Disposition": name, "Content-Type": done.content_type}
        return web.Response(body=done.content, headers=headers)
    body = json.dumps(done, ensure_ascii=False, separators=(",", ":"))
    return web.Response(text=body, content_type="application/json")


def _record(platform: Platform, request: web.Request, done: dict[str, Any]) -> None:
    """Keep the call for the developer, without its token."""
    line = {
        "at": platform.clock.now(),
        "method": request.method,
        "path": request.path,
        "errcode": done.get("errcode", 0),
        "answer": {k: v for k, v in done.items() if k != "access_token"},
    }
    platform.calls.append(line)
    platform.hub.publish("call", line)


async def showqrcode(request: web.Request) -> web.Response:
    """Answer mp.weixin.qq.com's picture of a code: here a card that names the scene."""
    platform = request.app[PLATFORM]
    code = platform.account.codes.get(request.query.get("ticket", ""))
    if code is None or 0 < code.expires_at < platform.clock.now():
        raise web.HTTPNotFound
    return web.Response(text=_picture(code.scene), content_type="image/svg+xml")


def _picture(scene: str) -> str:
    words = "".join(c if c.isalnum() or c in "-_.:" else " " for c in scene)
    cells = (f"M{8 + 4 * (i % 33)} {8 + 4 * (i // 33)}h4v4h-4z" for i in _dark(scene))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 148 168">'
        '<rect width="148" height="168" fill="#fff"/>'
        f'<path fill="#1a1a1a" d="{"".join(cells)}"/>'
        f'<text x="74" y="158" text-anchor="middle" font-size="10">{words}</text></svg>'
    )


def _dark(scene: str) -> list[int]:
    """Return the dark cells of a picture that only looks like a code; it cannot be scanned."""
    state, dark = sum(scene.encode()) + 17, []
    for cell in range(33 * 33):
        state = (state * 1_103_515_245 + 12_345) % 2**31
        if state >> 30:
            dark.append(cell)
    return dark
