"""Addresses outside the API: pictures of articles, and the articles themselves."""

from __future__ import annotations

import html

from aiohttp import web

from bot.sandbox.weixin import PLATFORM

POLICY = "default-src 'none'; img-src *; style-src 'unsafe-inline'"  # articles run no scripts


async def picture(request: web.Request) -> web.Response:
    """Return a picture that was uploaded for articles."""
    found = request.app[PLATFORM].account.images.get(request.match_info["key"])
    if found is None:
        raise web.HTTPNotFound
    headers = {"Content-Type": found.content_type, "X-Content-Type-Options": "nosniff"}
    return web.Response(body=found.content, headers=headers)


async def article(request: web.Request) -> web.Response:
    """Return an article; a deleted one is not there any more."""
    found = request.app[PLATFORM].account.pages.get(request.match_info["key"])
    if found is None:
        raise web.HTTPNotFound
    title = html.escape(str(found["title"]))
    text = f"<!doctype html><title>{title}</title><h1>{title}</h1>{found['content']}"
    headers = {"Content-Security-Policy": POLICY}
    return web.Response(text=text, content_type="text/html", headers=headers)


def routes() -> list[web.RouteDef]:
    """Return the addresses of this file."""
    return [web.get("/mmbiz/{key}", picture), web.get("/s/{key}", article)]
