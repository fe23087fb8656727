"""Articles of drafts and publications: their rules, what is cleaned out of them, their addresses.

Source: draft_add page, developers.weixin.qq.com/doc/service/api/draftbox, read 2026-10.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.shelf import Article
    from bot.sandbox.state import Platform

KINDS = ("news", "newspic")
COVERS = ("image", "thumb")
ARTICLES_MAX = 8
CONTENT_BYTES = 1024 * 1024
SOURCE_URL_BYTES = 1024
DIGEST_DEFAULT = 54  # characters of the text, when no digest is given
SCRIPT = re.compile(r"<script\b.*?(</script\s*>|$)", re.IGNORECASE | re.DOTALL)
HANDLER = re.compile(r"""\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
PICTURE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ADDRESS = re.compile(r"""\s(?:data-)?src\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
TENCENT = re.compile(r"https?://mmbiz\.(qpic|qlogo)\.cn/")
OWN = re.compile(r"https?://[^/]+/mmbiz/([\w-]+)")
TAG = re.compile(r"<[^>]*>")


def checked(platform: Platform, given: Any, origin: str) -> Article:
    """Return one article as it is kept.

    Raises:
        ApiError: 45003, 45110, 45004, 45002, 45005 for sizes, 44004 without content, 40007 for a
            cover that is not a permanent picture.

    """
    if not isinstance(given, dict) or given.get("article_type", "news") not in KINDS:
        raise ApiError(40097)
    _check_sizes(platform, given)
    content = cleaned(platform, str(given["content"]))
    article = _kept(given, content)
    _check_cover(platform, article)
    key = platform.word(22)
    platform.account.pages[key] = article
    return {**article, "url": f"{origin}/s/{key}"}


def _check_sizes(platform: Platform, given: Article) -> None:
    config, content = platform.config, str(given.get("content") or "")
    title = str(given.get("title") or "")
    if not title or len(title) > config.draft_title_max:
        raise ApiError(45003)
    if len(str(given.get("author") or "")) > config.draft_author_max:
        raise ApiError(45110)
    if len(str(given.get("digest") or "")) > config.draft_digest_max:
        raise ApiError(45004)
    if not content:
        raise ApiError(44004)
    if len(content) >= config.draft_content_max or len(content.encode()) >= CONTENT_BYTES:
        raise ApiError(45002)
    if len(str(given.get("content_source_url") or "").encode()) > SOURCE_URL_BYTES:
        raise ApiError(45005)


def cleaned(platform: Platform, content: str) -> str:
    """Return content without scripts and without pictures from elsewhere.

    Source: the same page: scripts are removed, addresses of foreign pictures are filtered out. With
    `foreign_images` refuse they are 45166 here, so that a mistake is heard at once.
    """

    def keep(found: re.Match[str]) -> str:
        if _is_ours(platform, found[0]):
            return found[0]
        if platform.config.foreign_images == "refuse":
            raise ApiError(45166)
        return ""

    return PICTURE.sub(keep, HANDLER.sub("", SCRIPT.sub("", content)))


def _is_ours(platform: Platform, picture: str) -> bool:
    addresses = ADDRESS.findall(picture)
    return bool(addresses) and all(_is_known(platform, address) for address in addresses)


def _is_known(platform: Platform, address: str) -> bool:
    own = OWN.match(address)
    return bool(TENCENT.match(address) or (own and own[1] in platform.account.images))


def _kept(given: Article, content: str) -> Article:
    words = " ".join(TAG.sub(" ", content).split())
    return {
        "article_type": str(given.get("article_type", "news")),
        "title": str(given["title"]),
        "author": str(given.get("author") or ""),
        "digest": str(given.get("digest") or words[:DIGEST_DEFAULT]),
        "content": content,
        "content_source_url": str(given.get("content_source_url") or ""),
        "thumb_media_id": str(given.get("thumb_media_id") or ""),
        "show_cover_pic": 0,
        "need_open_comment": int(bool(given.get("need_open_comment"))),
        "only_fans_can_comment": int(bool(given.get("only_fans_can_comment"))),
        **{k: v for k, v in given.items() if k in ("image_info", "product_info", "cover_info")},
    }


def _check_cover(platform: Platform, article: Article) -> None:
    found = platform.account.materials.get(article["thumb_media_id"])
    if article["article_type"] == "news" and (found is None or found.kind not in COVERS):
        raise ApiError(40007)


def faulty(platform: Platform, articles: list[Article]) -> list[int]:
    """Return the numbers, from 1, of articles that cannot be published any more.

    A text that was nothing but foreign pictures, or a cover that has been deleted since.
    """
    found = []
    for number, article in enumerate(articles, 1):
        has_cover = article["thumb_media_id"] in platform.account.materials
        needs_cover = article["article_type"] == "news"
        if not article["content"].strip() or (needs_cover and not has_cover):
            found.append(number)
    return found
