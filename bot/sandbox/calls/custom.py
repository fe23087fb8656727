"""Customer-service messages and the typing mark.

Source: customer message pages, developers.weixin.qq.com/doc/service, read 2026-10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import bubbles
from bot.sandbox.calls.call import OK, Route, follower
from bot.sandbox.errors import ApiError
from bot.sandbox.ledger import Message
from bot.sandbox.reach import reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform

Body = dict[str, Any]


def send(platform: Platform, call: Call) -> Body:
    """Put a message on the phone, if the person's actions allow one."""
    phone = follower(platform, call.text("touser"))
    kind = call.text("msgtype")
    if kind not in KINDS:
        raise ApiError(40008)
    body = call.part(kind)
    KINDS[kind](platform, body)
    phone.window.spend(platform.clock.now())
    phone.talked_at, phone.typing_until = platform.clock.now(), 0.0
    reach(platform, phone, Message("custom", bubbles.from_custom(kind, body), call.body))
    platform.tell_phone(phone)
    return OK


def typing(platform: Platform, call: Call) -> Body:
    """Show or hide that the account is typing."""
    phone, now = follower(platform, call.text("touser")), platform.clock.now()
    command = call.text("command")
    if command not in ("Typing", "CancelTyping"):
        raise ApiError(45072)
    if now - phone.talked_at > platform.config.typing_exchange_s:
        raise ApiError(45080)
    if command == "Typing" and phone.typing_until > now:
        raise ApiError(45081)
    shown_s = platform.config.typing_shown_s if command == "Typing" else 0.0
    phone.typing_until = now + shown_s
    platform.hub.publish("typing", {"openid": phone.openid, "seconds": shown_s})
    return OK


def _text(platform: Platform, body: Body) -> None:
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise ApiError(44004)
    if len(content.encode()) > platform.config.text_bytes_max:
        raise ApiError(45002)


def _media(platform: Platform, body: Body) -> None:
    for name in ("media_id", "thumb_media_id"):
        if name in body and platform.media(str(body[name])) is None:
            raise ApiError(40007)
    if "media_id" not in body and "musicurl" not in body:
        raise ApiError(40007)


def _news(_platform: Platform, body: Body) -> None:
    articles = body.get("articles")
    if not isinstance(articles, list) or not articles:
        raise ApiError(44003)
    if len(articles) > 1:
        raise ApiError(45008)


def _msgmenu(platform: Platform, body: Body) -> None:
    items = body.get("list")
    if not isinstance(items, list) or not 1 <= len(items) <= platform.config.msgmenu_items_max:
        raise ApiError(45098)
    for item in items:
        if not isinstance(item, dict) or not item.get("id") or not item.get("content"):
            raise ApiError(47001)
        if len(str(item["content"]).encode()) > platform.config.msgmenu_item_bytes_max:
            raise ApiError(45099)


def _named(name: str) -> Callable[[Platform, Body], None]:
    """Return a check that one field is there."""

    def check(_platform: Platform, body: Body) -> None:
        if not body.get(name):
            raise ApiError(40035)

    return check


KINDS: dict[str, Callable[[Platform, Body], None]] = {
    "text": _text,
    "image": _media,
    "voice": _media,
    "video": _media,
    "music": _media,
    "news": _news,
    "mpnews": _named("media_id"),
    "mpnewsarticle": _named("article_id"),
    "msgmenu": _msgmenu,
    "wxcard": _named("card_id"),
    "miniprogrampage": _named("appid"),
}

ROUTES = {
    "/cgi-bin/message/custom/send": Route("POST", send),
    "/cgi-bin/message/custom/typing": Route("POST", typing),
}
