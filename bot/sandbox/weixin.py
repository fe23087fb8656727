"""Plays api.weixin.qq.com: faults, token, quota, body, then the call; refusals are HTTP 200."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from bot.sandbox.calls import (
    codes,
    console,
    custom,
    drafts,
    mass,
    materials,
    media,
    menus,
    notices,
    oauth,
    publishing,
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
ITEMS_KEPT, TEXT_KEPT = 100, 4_000

ROUTES: Mapping[str, Route] = {
    **token.ROUTES,
    **custom.ROUTES,
    **menus.ROUTES,
    **users.ROUTES,
    **tags.ROUTES,
    **codes.ROUTES,
    **media.ROUTES,
    **notices.ROUTES,
    **materials.ROUTES,
    **drafts.ROUTES,
    **publishing.ROUTES,
    **mass.ROUTES,
    **oauth.ROUTES,
    **console.ROUTES,
}


async def answer(request: web.Request) -> web.StreamResponse:
    """Answer any path below /cgi-bin/ and /wxaapi/; half the latency lies before the work."""
    platform = request.app[PLATFORM]
    seconds = platform.latency_s()
    await _pass(seconds / 2)
    broken = await _break(platform, request)
    if broken is not None:
        return broken
    done = await _outcome(platform, request)
    _record(platform, request, done if isinstance(done, dict) else {"file": done.filename})
    await _pass(seconds / 2)
    if platform.faults.take(request.path, "drop"):
        return _hang_up(platform, request, "drop")
    return _response(done)


async def _pass(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)


async def _outcome(platform: Platform, request: web.Request) -> dict[str, Any] | Download:
    """Do the work and return its answer, or the refusal as the platform words it."""
    try:
        return await _work(platform, request)
    except ApiError as error:
        words = f"{error.text} rid: {platform.rid()}"
        return {"errcode": error.code, "errmsg": words, **error.more}


async def _break(platform: Platform, request: web.Request) -> web.Response | None:
    """Wait or fail as the developer has asked; `accept` does the work and does not tell."""
    slow = platform.faults.take(request.path, "slow")
    if slow:
        await platform.pause(slow.seconds)
    if platform.faults.take(request.path, "drop_before"):
        return _hang_up(platform, request, "drop_before")
    broken = platform.faults.take(request.path, "status")
    if not broken:
        return None
    if platform.faults.accepts(broken):
        await _outcome(platform, request)
    _record(platform, request, {"status": broken.status}, f"http {broken.status}")
    page = f"<html><body><h1>{broken.status}</h1></body></html>"
    return web.Response(status=broken.status, text=page, content_type="text/html")


def _hang_up(platform: Platform, request: web.Request, kind: str) -> web.Response:
    """Close the connection without an answer."""
    if kind == "drop":
        platform.refusals[request.path, kind] += 1
    else:
        _record(platform, request, {"dropped": True}, kind)
    if request.transport:
        request.transport.abort()
    return web.Response()


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
    if error and not platform.faults.accepts(error):
        raise ApiError(error.code)
    done = route.handle(platform, await _read(request, route))
    if error:
        raise ApiError(error.code)
    return done


async def _read(request: web.Request, route: Route) -> Call:
    query, origin = dict(request.query), str(request.url.origin())
    if route.is_upload:
        upload, form = await _read_upload(request)
        return Call(request.path, query, upload=upload, form=form, origin=origin)
    if route.method == "GET":
        return Call(request.path, query, origin=origin)
    body = _read_json(await request.read(), route.charset_code)
    return Call(request.path, query, body, origin=origin)


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


async def _read_upload(request: web.Request) -> tuple[Upload | None, dict[str, str]]:
    """Return the file called media, and the form's other fields."""
    if not request.content_type.startswith("multipart/"):
        raise ApiError(41005)
    upload, form = None, {}
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            content = bytes(await part.read())
            if part.name == "media" and part.filename:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                upload = Upload(part.filename, kind, content)
            elif part.name:
                form[part.name] = content.decode(errors="replace")
    except ValueError as error:
        raise ApiError(41005) from error
    return upload, form


def _response(done: dict[str, Any] | Download) -> web.Response:
    if isinstance(done, Download):
        name = f'attachment; filename="{done.filename}"'
        headers = {"Content-Disposition": name, "Content-Type": done.content_type}
        return web.Response(body=done.content, headers=headers)
    body = json.dumps(done, ensure_ascii=False, separators=(",", ":"))
    return web.Response(text=body, content_type="application/json")


def _record(
    platform: Platform, request: web.Request, done: dict[str, Any], trouble: str = ""
) -> None:
    """Keep the call for the developer, without its token, and count it when it was refused."""
    code = done.get("errcode", 0)
    if trouble or code:
        platform.refusals[request.path, trouble or str(code)] += 1
    if not platform.config.keep_calls and not platform.hub.is_heard:
        return
    line = {
        "at": platform.clock.now(),
        "method": request.method,
        "path": request.path,
        "errcode": code,
        "answer": {k: _brief(v) for k, v in done.items() if k != "access_token"},
    }
    platform.calls.append(line)
    platform.hub.publish("call", line)


def _brief(value: Any) -> Any:
    """Return a value of an answer; of long lists and texts only how long they are."""
    if isinstance(value, dict):
        return {key: _brief(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_brief(v) for v in value] if len(value) <= ITEMS_KEPT else f"{len(value)} items"
    if isinstance(value, str) and len(value) > TEXT_KEPT:
        return f"{len(value)} characters"
    return value


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
