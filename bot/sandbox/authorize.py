"""Plays open.weixin.qq.com: sends a browser on with a code, as the person whose phone opened it."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from yarl import URL

from bot.sandbox.calls import oauth
from bot.sandbox.weixin import PLATFORM

PAGE = Path(__file__).parent / "static" / "authorize.html"
COOKIE = "sandbox_openid"  # set by the phone page when a link is tapped
VIRTUAL = "oVirtual"


async def authorize(request: web.Request) -> web.StreamResponse:
    """Redirect with `code` and `state`; ask who it is when nobody's phone opened the page.

    Source: web page authorization, developers.weixin.qq.com/doc/service, read 2026-10.
    """
    platform, query = request.app[PLATFORM], request.query
    target = query.get("redirect_uri", "")
    trouble = _trouble(query.get("appid") == platform.config.app_id, target, query.get("scope", ""))
    if trouble:
        return web.Response(status=400, text=trouble)
    openid = query.get(COOKIE) or request.cookies.get(COOKIE, "")
    if openid not in platform.phones:
        return web.FileResponse(PAGE)
    if platform.config.is_snapshot:
        openid = VIRTUAL + openid[len(VIRTUAL) :]
    code = oauth.grant_code(platform, openid, query["scope"])
    place = URL(target).update_query(code=code, state=query.get("state", ""))
    raise web.HTTPFound(place)


def _trouble(is_ours: bool, target: str, scope: str) -> str:  # noqa: FBT001 - the claim comes first
    """Return why the page is refused, empty when it is fine."""
    if not is_ours:
        return "invalid appid"
    if not target.startswith(("http://", "https://")):
        return "invalid redirect_uri (10003)"
    return "" if scope in oauth.SCOPES else "invalid scope (10005)"
