"""What a customer message may hold: one frozen record for each kind.

`kind` is the msgtype; `body` is what stands under its name. Source: WECHAT.md 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from bot.wechat import texts
from bot.wechat.replies import Article

OPTIONS_MAX = 10  # errcode 45098 gives no number; WECHAT.md 5.1 advises 5 to 10


@dataclass(frozen=True, slots=True)
class MenuOption:
    """An answer to tap on; its id comes back as `Text.menu_id`, its text as the content."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class CustomText:
    """Words, cut to 2,048 bytes."""

    kind: ClassVar[str] = "text"
    text: str

    def body(self) -> dict[str, Any]:
        """Return the words."""
        return {"content": texts.fit(self.text)}


@dataclass(frozen=True, slots=True)
class CustomMenu:
    """A question with answers to tap on, ten at most; a tap opens 3 messages for a minute (R3)."""

    kind: ClassVar[str] = "msgmenu"
    head: str
    options: tuple[MenuOption, ...]
    tail: str = ""

    def body(self) -> dict[str, Any]:
        """Return head, options and tail."""
        listed = [
            {"id": option.id, "content": texts.clean(option.text)}
            for option in self.options[:OPTIONS_MAX]
        ]
        head, tail = texts.fit(self.head), texts.fit(self.tail)
        return {"head_content": head, "list": listed, "tail_content": tail}


@dataclass(frozen=True, slots=True)
class CustomNews:
    """One card with a link (two give 45008)."""

    kind: ClassVar[str] = "news"
    article: Article

    def body(self) -> dict[str, Any]:
        """Return the card."""
        card = {
            "title": texts.clean(self.article.title),
            "description": texts.clean(self.article.description),
            "url": self.article.url,
            "picurl": self.article.picture_url,
        }
        return {"articles": [card]}


@dataclass(frozen=True, slots=True)
class CustomImage:
    """A picture of the media store; a temporary one lives three days (40007)."""

    kind: ClassVar[str] = "image"
    media_id: str

    def body(self) -> dict[str, Any]:
        """Return the picture."""
        return {"media_id": self.media_id}


@dataclass(frozen=True, slots=True)
class CustomArticle:
    """A published article."""

    kind: ClassVar[str] = "mpnewsarticle"
    article_id: str

    def body(self) -> dict[str, Any]:
        """Return the article."""
        return {"article_id": self.article_id}


CustomContent: TypeAlias = CustomText | CustomMenu | CustomNews | CustomImage | CustomArticle
