"""Articles: a draft, then published (readable by address) or used up by a mass send.

Limits are checked before the call. Source: WECHAT.md 5.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from bot.errors import InvalidInput
from bot.wechat import errors, texts
from bot.wechat.caller import Caller, needed, number

TITLE_MAX = 64
DIGEST_MAX = 120  # 120 or 128, the sources differ
CONTENT_MAX = 20_000  # characters, exclusive
CONTENT_MAX_BYTES = 1_048_576  # exclusive
ARTICLES_MAX = 8
#: Pictures from elsewhere are taken out by the platform; `media/uploadimg` gives these addresses.
IMAGE_HOSTS = frozenset({"mmbiz.qpic.cn", "mmbiz.qlogo.cn"})

_IMAGE = re.compile(r"<img\b(?P<inside>[^>]*)>", re.IGNORECASE)
_SOURCE = re.compile(
    r"""\b(?:data-)?src\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[a-z][^>]*>", re.IGNORECASE)
_STYLE_URL = re.compile(r"url\(\s*[\"']?(?P<url>[^\"')\s]*)", re.IGNORECASE)


class PublishStatus(IntEnum):
    """How publishing went; the numbers are the platform's.

    Source: freepublish_get, developers.weixin.qq.com/doc/service/api/public, read 2026-11-30.
    """

    PUBLISHED = 0
    RUNNING = 1
    NOT_ORIGINAL = 2
    FAILED = 3
    REFUSED = 4  # by the platform's review
    DELETED = 5  # by us, after it was published
    BLOCKED = 6  # by the platform, after it was published


@dataclass(frozen=True, slots=True)
class PublishState:
    """What became of a publish order; `article_id` and `urls` once it is published."""

    status: PublishStatus
    article_id: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftArticle:
    """One article of a draft.

    Attributes:
        title: 1 to 64 characters.
        content: HTML below 20,000 characters and 1 MiB, with pictures from `upload_image` only;
            scripts are taken out by the platform.
        cover_media_id: a permanent picture from `add_material`.
        author: shown under the title.
        digest: at most 120 characters; empty, and the platform takes the first words.
        source_url: behind "read the original".
        has_comments: whether followers may comment.
    """

    title: str
    content: str
    cover_media_id: str
    author: str = ""
    digest: str = ""
    source_url: str = ""
    has_comments: bool = False

    def body(self) -> dict[str, Any]:
        """Return the article as the platform takes it."""
        return {
            "title": texts.clean(self.title).strip(),
            "author": texts.clean(self.author).strip(),
            "digest": texts.clean(self.digest).strip(),
            "content": texts.clean(self.content),
            "content_source_url": self.source_url,
            "thumb_media_id": self.cover_media_id,
            "need_open_comment": int(self.has_comments),
            "only_fans_can_comment": int(self.has_comments),
        }


class Drafts(Caller):
    """Verbs about articles."""

    async def add_draft(self, articles: Sequence[DraftArticle]) -> str:
        """Keep 1 to 8 articles as a draft; return its media id.

        Raises:
            InvalidInput: names the field, as in `check`.
        """
        if not 0 < len(articles) <= ARTICLES_MAX:
            raise InvalidInput("draft.articles")
        for article in articles:
            check(article, self._image_hosts())
        asked = {"articles": [article.body() for article in articles]}
        return needed("draft/add", "POST", await self.write("draft/add", asked), "media_id")[0]

    async def update_draft(self, media_id: str, article: DraftArticle, index: int = 0) -> None:
        """Put an article in place of one of a draft, 0 the first; may be made again.

        Raises:
            InvalidInput: names the field, as in `check`.
        """
        check(article, self._image_hosts())
        asked = {"media_id": media_id, "index": index, "articles": article.body()}
        await self.write("draft/update", asked)

    async def delete_draft(self, media_id: str) -> None:
        """Delete a draft for good."""
        await self.write("draft/delete", {"media_id": media_id})

    async def publish(self, media_id: str) -> str:
        """Order a draft to be published; return the id to ask for.

        The outcome comes as a `Published` event, which may not arrive (R15): ask `publish_status`
        too. Publishing tells no follower and spends no mass send.
        """
        answer = await self.write("freepublish/submit", {"media_id": media_id})
        return needed("freepublish/submit", "POST", answer, "publish_id")[0]

    async def publish_status(self, publish_id: str) -> PublishState:
        """Return what became of a publish order."""
        api = "freepublish/get"
        answer = await self.ask(api, {"publish_id": publish_id})
        try:
            status = PublishStatus(number(api, "GET", answer, "publish_status"))
        except ValueError:
            raise errors.no_answer(api, "GET") from None
        return PublishState(status, str(answer.get("article_id", "")), _urls(answer))

    async def delete_published(self, article_id: str, index: int = 0) -> None:
        """Take a published article back, 1 the first, 0 all; cannot be undone."""
        await self.write("freepublish/delete", {"article_id": article_id, "index": index})

    def _image_hosts(self) -> frozenset[str]:
        """Return where pictures may lie: the platform, or the sandbox that stands in for it."""
        return IMAGE_HOSTS | {urlsplit(self.client.base_url).hostname or ""}


def check(article: DraftArticle, image_hosts: frozenset[str] = IMAGE_HOSTS) -> None:
    """Refuse an article that the platform would refuse or change.

    Raises:
        InvalidInput: `draft.title`, `draft.digest`, `draft.cover`, `draft.content` (empty or too
            long) or `draft.images` (a picture from elsewhere).
    """
    content = article.content
    faults = {
        "draft.title": not 0 < len(article.title.strip()) <= TITLE_MAX,
        "draft.digest": len(article.digest.strip()) > DIGEST_MAX,
        "draft.cover": not article.cover_media_id,
        "draft.content": not content.strip()
        or len(content) >= CONTENT_MAX
        or len(content.encode("utf-8", "replace")) >= CONTENT_MAX_BYTES,
        "draft.images": bool(foreign_images(content, image_hosts)),
    }
    for key, is_fault in faults.items():
        if is_fault:
            raise InvalidInput(key)


def foreign_images(content: str, hosts: frozenset[str] = IMAGE_HOSTS) -> tuple[str, ...]:
    """Return the addresses of pictures that do not lie on the platform, in their order."""
    images = [
        next(part for part in source.groups() if part is not None)
        for image in _IMAGE.finditer(content)
        for source in _SOURCE.finditer(image["inside"])
    ]
    tags = (unescape(tag[0]) for tag in _TAG.finditer(content))
    images += [found["url"] for tag in tags for found in _STYLE_URL.finditer(tag)]
    return tuple(url for url in images if not _is_on(unescape(url).strip(), hosts))


def _is_on(url: str, hosts: frozenset[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https", ""} and (parts.hostname or "") in hosts


def _urls(answer: Mapping[str, Any]) -> tuple[str, ...]:
    detail = answer.get("article_detail")
    items = detail.get("item") if isinstance(detail, Mapping) else None
    listed = [item for item in items or () if isinstance(item, Mapping)]
    return tuple(str(item["article_url"]) for item in listed if item.get("article_url"))
