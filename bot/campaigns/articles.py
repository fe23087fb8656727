"""What an article says, and its draft in the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.campaigns import content
from bot.campaigns.draft import MASS_ARTICLE, Draft, Words
from bot.delivery.states import Channel
from bot.errors import BotError, InvalidInput
from bot.runtime import Runtime
from bot.wechat import errors
from bot.wechat.drafts import DIGEST_MAX, DraftArticle

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway


class NotTaken(BotError):
    """The platform does not take an article; `why` is a sentence for staff, or a key of one."""

    def __init__(self, why: str) -> None:
        super().__init__("the platform does not take the article")
        self.why = why


def is_massed(draft: Draft) -> bool:
    """Say whether the mass send is an article."""
    return draft.words.mass == MASS_ARTICLE and Channel.MASS not in draft.excluded


def is_needed(draft: Draft) -> bool:
    """Say whether something must be put into the account before the campaign is ordered."""
    return draft.words.publish or is_massed(draft)


async def add(rt: Runtime, gateway: Gateway, words: Words) -> str:
    """Put the article into the account as a draft; returns its media id.

    Raises:
        NotTaken: trying again changes nothing.
        WeChatError: it may be tried later; a second draft does no harm.
    """
    article = DraftArticle(
        title=words.title,
        content=content.article_html(words, rt.settings.public_url),
        cover_media_id=words.cover,
        author=words.author,
        digest=words.description[:DIGEST_MAX],
        source_url=content.absolute(words.target, rt.settings.public_url),
    )
    try:
        return await gateway.add_draft([article])
    except InvalidInput as wrong:
        raise NotTaken(f"campaign.unpublished_{str(wrong).partition('.')[2]}") from wrong
    except errors.Refused as refused:
        raise NotTaken(sentence(refused)) from refused


def sentence(refused: errors.WeChatError) -> str:
    """Return what the platform said, and what helps, for staff."""
    said = refused.answer
    number = "" if said.code is None else f" ({said.code})"
    return f"{said.meaning}{number}. {said.remedy}"[:200]
