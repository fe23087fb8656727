"""Checks the fields of an opened reply as the platform would.

Source: passive reply page, developers.weixin.qq.com/doc/service, read 2026-10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bot.sandbox.findings import Finding, broken, note

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.wire import Fields

# Only one article may answer these; events take up to eight.
ONE_ARTICLE = frozenset({"text", "image", "voice", "video", "shortvideo", "news", "location"})
ARTICLES_MAX = 8
SECONDS_DIGITS = 10


class Rules(NamedTuple):
    """What the checks need to know about the account and the push that is answered."""

    account_id: str
    openid: str
    push_kind: str
    text_bytes_max: int
    has_media: Callable[[str], bool]


def check(fields: Fields, rules: Rules) -> list[Finding]:
    """Return remarks about a reply; surplus articles are cut off in place.

    Raises:
        Broken: the reply cannot be shown.

    """
    _check_names(fields, rules)
    notes = _check_time(fields)
    kind = str(fields.get("MsgType", ""))
    if kind not in KINDS:
        raise broken("kind", kind=kind)
    return notes + KINDS[kind](fields, rules)


def _check_names(fields: Fields, rules: Rules) -> None:
    expected = {"ToUserName": rules.openid, "FromUserName": rules.account_id}
    for name, value in expected.items():
        if not fields.get(name):
            raise broken("missing", name=name)
        if fields[name] != value:
            raise broken("swapped", name=name, expected=value, actual=fields[name])
    if not fields.get("MsgType"):
        raise broken("missing", name="MsgType")


def _check_time(fields: Fields) -> list[Finding]:
    value = str(fields.get("CreateTime", ""))
    is_seconds = value.isascii() and value.isdigit() and len(value) == SECONDS_DIGITS
    return [] if is_seconds else [note("create_time", value=value)]


def _check_text(fields: Fields, rules: Rules) -> list[Finding]:
    content = str(fields.get("Content", ""))
    size = len(content.encode())
    if not content:
        raise broken("empty_content")
    if size > rules.text_bytes_max:
        raise broken("content_too_long", bytes=size, max=rules.text_bytes_max)
    return [note("windows_newline")] if "\r" in content else []


def _check_media(fields: Fields, rules: Rules) -> list[Finding]:
    node = str(fields["MsgType"]).capitalize()
    media_id = str(part(fields, node).get("MediaId", ""))
    if not rules.has_media(media_id):
        raise broken("media", media_id=media_id)
    return []


def _check_music(fields: Fields, rules: Rules) -> list[Finding]:
    thumb = str(part(fields, "Music").get("ThumbMediaId", ""))
    if thumb and not rules.has_media(thumb):
        raise broken("media", media_id=thumb)
    return []


def _check_news(fields: Fields, rules: Rules) -> list[Finding]:
    found = articles(fields)
    if not found:
        raise broken("no_articles")
    notes = []
    if str(fields.get("ArticleCount", "")) != str(len(found)):
        notes.append(note("article_count", said=fields.get("ArticleCount"), real=len(found)))
    limit = 1 if rules.push_kind in ONE_ARTICLE else ARTICLES_MAX
    if len(found) > limit:
        notes.append(note("articles_cut", max=limit, cut=len(found) - limit))
        fields["Articles"] = {"item": found[:limit]}
    for number, article in enumerate(found[:limit], 1):
        if not article.get("Title"):
            notes.append(note("article_title", number=number))
    return notes


def _check_nothing(_fields: Fields, _rules: Rules) -> list[Finding]:
    return []


def part(fields: Fields, name: str) -> dict[str, Any]:
    """Return a nested node; an absent or flat one is empty."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def articles(fields: Fields) -> list[dict[str, Any]]:
    """Return the articles of a news reply; JSON may bring them as a bare list or one object."""
    value: Any = fields.get("Articles")
    if isinstance(value, dict):
        value = value.get("item", [value])
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, dict)]


KINDS: dict[str, Callable[[Fields, Rules], list[Finding]]] = {
    "text": _check_text,
    "image": _check_media,
    "voice": _check_media,
    "video": _check_media,
    "music": _check_music,
    "news": _check_news,
    "transfer_customer_service": _check_nothing,
}
