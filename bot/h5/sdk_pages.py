"""What the script of our pages asks for before it asks the platform's script."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web

from bot.errors import InvalidInput
from bot.h5 import sdk
from bot.h5.login_pages import Owner
from bot.h5.page import Page, get
from bot.h5.visit import Visit
from bot.logs import log
from bot.wechat.errors import WeChatError


def pages(owner: Callable[[], Owner]) -> tuple[Page, ...]:
    """Return the one address: the configuration of a page of ours, for whoever has logged in."""

    async def show(visit: Visit) -> web.Response:
        url, held = visit.request.query.get("url", ""), owner()
        if not sdk.is_ours(visit.rt, url):
            raise InvalidInput("not a page of ours")
        if visit.rt.connect is None or not (held.app_id and held.has_secret):
            return _away()
        try:
            return web.json_response(await sdk.config(visit.rt, held.app_id, url))
        except WeChatError as error:
            log.info("ticket_refused", code=error.code)
            return _away()

    return (get("/sdk", show, login=True),)


def _away() -> web.Response:
    """Say that there is none now: the page keeps its plain words."""
    return web.json_response({}, status=HTTPStatus.SERVICE_UNAVAILABLE)
