"""Turns replies and customer-service messages into what a chat screen draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import replies, texts

if TYPE_CHECKING:
    from bot.sandbox.wire import Fields

Bubble = dict[str, Any]


def from_reply(fields: Fields) -> Bubble:
    """Return the bubble of a passive reply that has passed its checks."""
    kind = str(fields["MsgType"])
    if kind == "text":
        return {"type": "text", "content": str(fields["Content"])}
    if kind == "news":
        return {"type": "news", "articles": [_article(a) for a in replies.articles(fields)]}
    if kind == "transfer_customer_service":
        return {"type": "system", "content": texts.say("transferred")}
    part = replies.part(fields, kind.capitalize())
    return _media(kind, {key.lower(): value for key, value in part.items()})


def from_custom(kind: str, body: dict[str, Any]) -> Bubble:
    """Return the bubble of a customer-service message of this kind."""
    if kind == "text":
        return {"type": "text", "content": str(body["content"])}
    if kind == "news":
        return {"type": "news", "articles": [_article(a) for a in body["articles"]]}
    if kind == "msgmenu":
        return {
            "type": "msgmenu",
            "head": str(body.get("head_content", "")),
            "items": [{"id": str(i["id"]), "content": str(i["content"])} for i in body["list"]],
            "tail": str(body.get("tail_content", "")),
        }
    if kind in ("mpnews", "mpnewsarticle", "mpvideo", "wxcard", "miniprogrampage"):
        return _card(kind, body)
    return _media(kind, {key.replace("_", ""): value for key, value in body.items()})


def template(title: str, fields: list[tuple[str, str]], url: str) -> Bubble:
    """Return the card of a template message or a subscription notice."""
    return {"type": "template", "title": title, "fields": fields, "url": url}


def _article(article: dict[str, Any]) -> Bubble:
    lower = {str(key).lower(): str(value) for key, value in article.items()}
    return {key: lower.get(key, "") for key in ("title", "description", "picurl", "url")}


def _media(kind: str, part: dict[str, Any]) -> Bubble:
    media_id = str(part.get("mediaid", ""))
    return {
        "type": kind,
        "media_id": media_id,
        "url": f"/sandbox/api/media/{media_id}" if media_id else "",
        "title": str(part.get("title", "")),
        "description": str(part.get("description", "")),
        "music_url": str(part.get("musicurl", "")),
    }


def _card(kind: str, body: dict[str, Any]) -> Bubble:
    name = str(body.get("title") or body.get("article_id") or body.get("media_id") or "")
    return {"type": "card", "kind": kind, "title": name or str(body.get("card_id", ""))}
