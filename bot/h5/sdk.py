"""The JS-SDK: a page of ours proves to the platform's script whose it is.

Source: WECHAT.md 5.12 (JS-SDK, appendix 1 on signatures; developers.weixin.qq.com, read 2026-11).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from bot.delivery import tickets
from bot.h5.links import PREFIX
from bot.runtime import Runtime

if TYPE_CHECKING:
    from bot.wechat.tokens import Tokens

#: Where the platform's script lies; pages that load it say so in their policy.
SCRIPT = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
#: What our pages ask of it: nothing but the button that accepts subscription notices.
OPEN_TAGS = ("wx-open-subscribe",)
URL_MAX = 2048
_SHELF = "h5.tickets"


def signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """Return the signature of a page: its full address before `#`, as it is, not encoded."""
    url = url.partition("#")[0]
    said = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}"
    return hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest()


def is_ours(rt: Runtime, url: str) -> bool:
    """Say whether an address is a page of ours."""
    origin = rt.settings.public_url.rstrip("/")
    is_plain = len(url) <= URL_MAX and url.isascii() and url.isprintable() and " " not in url
    return bool(origin) and is_plain and url.startswith(f"{origin}{PREFIX}/")


async def config(rt: Runtime, app_id: str, url: str) -> dict[str, Any]:
    """Return what `wx.config` needs for a page of ours.

    Raises:
        WeChatError: the platform gave no ticket.
    """
    ticket = await _tickets(rt, app_id).get()
    nonce, second = secrets.token_hex(8), int(rt.clock.timestamp())
    return {
        "appId": app_id,
        "timestamp": second,
        "nonceStr": nonce,
        "signature": signature(ticket, nonce, second, url),
        "openTagList": list(OPEN_TAGS),
    }


def _tickets(rt: Runtime, app_id: str) -> Tokens:
    held: dict[str, Tokens] = rt.shelf.setdefault(_SHELF, {})

    def fetch() -> Awaitable[tuple[str, float]]:
        return _fetch(rt)

    if app_id not in held:
        held[app_id] = tickets.shared(rt.db, rt.clock, app_id, fetch)
    return held[app_id]


async def _fetch(rt: Runtime) -> tuple[str, float]:
    assert rt.connect is not None, "asked only where the platform can be reached"
    return await (await rt.connect()).jsapi_ticket()
