"""What the service may answer: one frozen record for each kind of passive reply.

`kind` is the MsgType; `fields` are the elements behind it, texts already clean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias

from bot.wechat import texts

Fields: TypeAlias = "dict[str, str | int | Fields | list[Fields]]"


class Reply(Protocol):
    """What `reply.render` asks of a reply."""

    kind: ClassVar[str]

    def fields(self, articles_max: int) -> Fields:
        """Return the elements after MsgType, cut to what the push allows."""
        ...


@dataclass(frozen=True, slots=True)
class TextReply:
    """Words, cut to 2,048 bytes; line breaks and quoted `<a href>` links work."""

    kind: ClassVar[str] = "text"
    text: str

    def fields(self, articles_max: int) -> Fields:  # noqa: ARG002 - one protocol for all
        """Return the words."""
        return {"Content": texts.fit(self.text)}


@dataclass(frozen=True, slots=True)
class ImageReply:
    """A picture of the media store."""

    kind: ClassVar[str] = "image"
    media_id: str

    def fields(self, articles_max: int) -> Fields:  # noqa: ARG002 - one protocol for all
        """Return the picture."""
        return {"Image": {"MediaId": texts.clean(self.media_id)}}


@dataclass(frozen=True, slots=True)
class VoiceReply:
    """A recording of the media store."""

    kind: ClassVar[str] = "voice"
    media_id: str

    def fields(self, articles_max: int) -> Fields:  # noqa: ARG002 - one protocol for all
        """Return the recording."""
        return {"Voice": {"MediaId": texts.clean(self.media_id)}}


@dataclass(frozen=True, slots=True)
class VideoReply:
    """A video of the media store."""

    kind: ClassVar[str] = "video"
    media_id: str
    title: str = ""
    description: str = ""

    def fields(self, articles_max: int) -> Fields:  # noqa: ARG002 - one protocol for all
        """Return the video and its words."""
        words = {"Title": self.title, "Description": self.description}
        return {"Video": _filled({"MediaId": self.media_id, **words})}


@dataclass(frozen=True, slots=True)
class MusicReply:
    """A link to music; the platform requires a thumb."""

    kind: ClassVar[str] = "music"
    thumb_media_id: str
    url: str = ""
    high_quality_url: str = ""
    title: str = ""
    description: str = ""

    def fields(self, articles_max: int) -> Fields:  # noqa: ARG002 - one protocol for all
        """Return the links and their words."""
        words = {"Title": self.title, "Description": self.description}
        links = {"MusicUrl": self.url, "HQMusicUrl": self.high_quality_url}
        return {"Music": _filled({**words, **links, "ThumbMediaId": self.thumb_media_id})}


@dataclass(frozen=True, slots=True)
class Article:
    """A card with a link."""

    title: str
    description: str
    picture_url: str
    url: str


@dataclass(frozen=True, slots=True)
class NewsReply:
    """Cards; the surplus over what the push allows is cut."""

    kind: ClassVar[str] = "news"
    articles: tuple[Article, ...]

    def fields(self, articles_max: int) -> Fields:
        """Return the first cards and their number."""
        listed = [_card(article) for article in self.articles[:articles_max]]
        return {"ArticleCount": len(listed), "Articles": {"item": listed}}


@dataclass(frozen=True, slots=True)
class TransferReply:
    """Hands the conversation to the human desk, to one account when given."""

    kind: ClassVar[str] = "transfer_customer_service"
    kf_account: str | None = None

    def fields(self, articles_max: int) -> Fields:  # noqa: ARG002 - one protocol for all
        """Return the account, if one is named."""
        if self.kf_account is None:
            return {}
        return {"TransInfo": {"KfAccount": texts.clean(self.kf_account)}}


def _card(article: Article) -> Fields:
    return {
        "Title": texts.clean(article.title),
        "Description": texts.clean(article.description),
        "PicUrl": texts.clean(article.picture_url),
        "Url": texts.clean(article.url),
    }


def _filled(values: dict[str, str]) -> Fields:
    return {name: texts.clean(value) for name, value in values.items() if value}
