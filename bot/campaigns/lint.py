"""What is wrong with a campaign before anybody sees it: words, lengths, links, fields.

An error stops it. A warning may stay with a written reason, and then needs a second person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml

from bot.campaigns import content
from bot.campaigns.draft import MASS_ARTICLE, MASS_NONE, MASS_TEXT, Draft, Words
from bot.delivery.order import LINK
from bot.wechat import notice_fields
from bot.wechat.drafts import TITLE_MAX
from bot.wechat.texts import TEXT_LIMIT_BYTES

Severity = Literal["error", "warn"]
#: A signed link is not longer; it stands for `{link}` when lengths are counted.
LINK_BYTES = 160
_HOLE = re.compile(r"\{[^{}\s]{0,40}\}")
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s<>\"\u3001\u3002\uff0c\uff1b\uff09)]+")
_SENTENCES = re.compile(r"[\u3002\uff01\uff1f!?\uff1b;\n]")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `key` is one of messages.yaml below `lint.`."""

    key: str
    severity: Severity
    where: str = "text"
    values: dict[str, Any] = field(default_factory=dict)


def check(draft: Draft, pages: Sequence[re.Pattern[str]], origin: str = "") -> list[Finding]:
    """Return everything that is wrong; `pages` are the paths of our own pages."""
    words = content.leading(draft.words)
    found = [
        *_words(words),
        *_holes(words),
        *_links(draft.words, pages),
        *_lengths(words, origin),
        *_notice(words),
        *_channels(draft),
    ]
    return list({(one.key, one.where, str(one.values)): one for one in found}.values())


def _words(words: Words) -> Iterator[Finding]:
    for where, text in _said(words):
        for ban in _rules()["bans"]:
            yield from _banned(where, text, ban, ban["key"], ban["severity"])
        market = _rules()["marketing"]
        severity = market["in_notice"] if where == "notice" else market["severity"]
        yield from _banned(where, text, market, "marketing", severity)


def _banned(
    where: str, text: str, ban: dict[str, Any], key: str, severity: Severity
) -> Iterator[Finding]:
    for sentence in _SENTENCES.split(text):
        plain = "".join(sentence.split())
        if any(free in plain for free in ban.get("unless", ())):
            continue
        met = [word for word in ban["words"] if word in plain]
        for word in met:
            if not any(word != other and word in other for other in met):
                yield Finding(key, severity, where, {"word": word})


def _holes(words: Words) -> Iterator[Finding]:
    for where, text in _said(words):
        for hole in _HOLE.findall(text):
            if hole != LINK or where not in ("text", "text_b"):
                yield Finding("placeholder", "error", where, {"word": hole})
            elif not words.target:
                yield Finding("link_without_target", "error", where)


def _links(words: Words, pages: Sequence[re.Pattern[str]]) -> Iterator[Finding]:
    if words.target and not is_open(words.target, pages):
        yield Finding("target", "error", "target")
    if words.picture and not is_open(words.picture, ()):
        yield Finding("address", "error", "picture", {"word": words.picture[:60]})
    for where, text in _said(words):
        for url in _URL.findall(text):
            if not is_open(url, ()):
                yield Finding("address", "error", where, {"word": url[:60]})


def is_open(address: str, pages: Sequence[re.Pattern[str]]) -> bool:
    """Say whether an address may be opened: a page of ours that exists, or a site by TLS."""
    if address.startswith("/"):
        path = address.partition("?")[0]
        return any(page.fullmatch(path) for page in pages)
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(_HOST.fullmatch(parts.hostname or ""))


def _lengths(words: Words, origin: str) -> Iterator[Finding]:
    is_article = words.publish or words.mass == MASS_ARTICLE
    for where, text in zip(("text", "text_b"), words.texts, strict=False):
        plain = content.said(words, text)
        size = len(plain.replace(LINK, "").encode()) + LINK_BYTES * plain.count(LINK)
        if not words.card and size > TEXT_LIMIT_BYTES:
            yield Finding("too_long", "error", where, {"have": size, "most": TEXT_LIMIT_BYTES})
        if words.mass == MASS_TEXT:
            size = len(content.plain(words, plain, origin).encode())
            if size > TEXT_LIMIT_BYTES:
                yield Finding("mass_long", "error", where, {"have": size, "most": TEXT_LIMIT_BYTES})
    if is_article and len(words.title) > TITLE_MAX:
        yield Finding("title_long", "error", "title", {"most": TITLE_MAX})


def _notice(words: Words) -> Iterator[Finding]:
    if bool(words.template) != bool(words.notice):
        yield Finding("notice_half", "error", "notice")
        return
    fitted = content.fitted(words)
    fields = list(words.notice)
    for fault in notice_fields.faults({k: after for k, (_, after) in fitted.items()}, fields):
        yield Finding(f"notice_{fault.why}", "error", "notice", {"word": fault.key})
    for key, (before, after) in fitted.items():
        if after and after != notice_fields.one_line(before):
            yield Finding("notice_cut", "warn", "notice", {"word": key, "after": after})


def _channels(draft: Draft) -> Iterator[Finding]:
    words = content.leading(draft.words)
    if words.card and not words.target:
        yield Finding("card_without_target", "error", "target")
    if (words.publish or words.mass == MASS_ARTICLE) and not words.cover:
        yield Finding("article_cover", "error", "cover")
    if words.mass != MASS_NONE and words.text_b:
        yield Finding("mass_split", "warn", "text_b")
    if draft.is_urgent:
        yield Finding("urgent", "warn", "urgent")
    if words.text_b and words.text_b == words.text:
        yield Finding("same_twice", "error", "text_b")


def _said(words: Words) -> Iterator[tuple[str, str]]:
    named = {
        "title": words.title,
        "text": words.text,
        "text_b": words.text_b,
        "description": words.description,
        "notice": "\n".join(words.notice.values()),
    }
    return ((where, text) for where, text in named.items() if text)


@cache
def _rules() -> dict[str, Any]:
    path = Path(__file__).with_name("lint.yaml")
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read
