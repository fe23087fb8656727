"""From the words of a campaign to what the ledger sends on each channel."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from bot.campaigns.draft import MASS_ARTICLE, MASS_TEXT, Words
from bot.delivery.order import LINK, Content
from bot.delivery.states import Channel
from bot.wechat import notice_fields

#: Where the platform shows articles.
ARTICLES = "https://mp.weixin.qq.com/"


def contents(words: Words, origin: str, article: str = "") -> tuple[Content, ...]:
    """Return one content, or two for a split by chance.

    `origin` is where parents reach our pages; `article` the media id of the draft in the account.
    """
    return tuple(_content(words, text, origin, article) for text in words.texts)


def said(words: Words, text: str) -> str:
    """Return the text of a customer message: the link stands in it, or below."""
    if not words.target or LINK in text or words.card:
        return text
    return f"{text}\n{LINK}"


def fitted(words: Words) -> dict[str, tuple[str, str]]:
    """Return each field of the notice: as typed, and as the platform will take it."""
    return {key: (value, notice_fields.fit(key, value)) for key, value in words.notice.items()}


def channels(words: Words) -> tuple[Channel, ...]:
    """Return the channels something is said on; the page of messages is always one."""
    found = [Channel.CUSTOM]
    found += [Channel.NOTICE] if words.template else []
    found += [Channel.MASS] if words.mass in (MASS_TEXT, MASS_ARTICLE) else []
    return (*found, Channel.PULL)


def leading(words: Words, address: str = "") -> Words:
    """Return the words with the article's address as their target, where it is published.

    Before it is, the platform's own page stands for the address.
    """
    return replace(words, target=address or ARTICLES) if words.publish else words


def article_html(words: Words, origin: str = "") -> str:
    """Return the body of the article: one paragraph a line, nothing but our own tags."""
    lines = (line.strip() for line in plain(words, words.text, origin).splitlines())
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def plain(words: Words, text: str, origin: str = "") -> str:
    """Return a text for many at once: the target itself stands for one's own link."""
    return text.replace(LINK, absolute(words.target, origin)).strip()


def absolute(target: str, origin: str) -> str:
    """Return the address of a target; a path of ours with our origin."""
    return f"{origin.rstrip('/')}{target}" if target.startswith("/") else target


def _content(words: Words, text: str, origin: str, article: str) -> Content:
    link = LINK if words.target else ""
    return Content(
        pull={"title": words.title, "text": text.replace(LINK, "").strip(), "url": link},
        custom=_custom(words, text),
        notice=_notice(words, link),
        mass=_mass(words, text, origin, article),
        target=words.target,
    )


def _custom(words: Words, text: str) -> dict[str, str]:
    if not words.card:
        return {"text": said(words, text)}
    about = words.description or text[:60]
    return {"title": words.title, "description": about, "picture_url": words.picture, "url": LINK}


def _notice(words: Words, link: str) -> dict[str, Any] | None:
    if not words.template:
        return None
    data = {key: value for key, (_, value) in fitted(words).items()}
    return {"template_id": words.template, "data": data, "url": link}


def _mass(words: Words, text: str, origin: str, article: str) -> dict[str, str] | None:
    if words.mass == MASS_TEXT:
        with_link = f"{text}\n{LINK}" if words.target and LINK not in text else text
        return {"text": plain(words, with_link, origin)}
    if words.mass == MASS_ARTICLE and article:
        return {"media_id": article}
    return None
