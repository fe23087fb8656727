"""From an approved campaign to an order in the ledger; never from anything else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import content
from bot.campaigns.draft import MASS_ARTICLE, Campaign, of_row
from bot.campaigns.states import State
from bot.campaigns.tables import campaigns
from bot.clock import day
from bot.delivery import order as ledger
from bot.delivery.order import Order
from bot.delivery.states import Channel
from bot.errors import InvalidInput
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat.drafts import DraftArticle
from bot.wechat.errors import WeChatError

#: So many go first and alone.
CANARY = 50
#: A time so long past is a mistake; an approval that came a moment late is none.
LATE = timedelta(minutes=30)


def account(rt: Runtime) -> str:
    """Return the account we speak for."""
    return rt.account_id()


def today(rt: Runtime) -> date:
    """Return the day in Guangzhou."""
    return day(rt.clock.now())


def order_of(rt: Runtime, campaign: Campaign, now: datetime) -> Order:
    """Return what would be ordered now."""
    draft = campaign.draft
    approved_at = campaign.changed_at if campaign.state is State.APPROVED else now
    begins = draft.not_before or approved_at
    held = approved_at + timedelta(seconds=rt.settings.hold_s)
    ends = max(begins, held) + timedelta(minutes=draft.valid_minutes)
    return Order(
        account=account(rt),
        kind=draft.kind,
        about=campaign.about,
        texts=content.contents(draft.words, rt.settings.public_url, campaign.article),
        audience=draft.audience.to_json(),
        not_before=begins,
        not_after=ends,
        consent=draft.purpose,
        excluded=draft.excluded,
        is_urgent=draft.is_urgent,
        expected=campaign.expected,
        canary=CANARY,
        hold_s=rt.settings.hold_s,
    )


async def place(rt: Runtime, tx: AsyncConnection, number: int) -> int:
    """Order an approved campaign; a second call finds the first order.

    Raises:
        InvalidInput: it is not approved, was changed since it was submitted, or its time is over.
    """
    row = (await tx.execute(select(campaigns).where(campaigns.c.id == number))).mappings().one()
    campaign = of_row(row)
    if campaign.state is not State.APPROVED or campaign.submitted != campaign.digest:
        raise InvalidInput("campaign.not_approved")
    now = rt.clock.now()
    order = order_of(rt, campaign, now)
    if order.not_after <= now:
        raise InvalidInput("campaign.past")
    placed = await ledger.place(tx, order, now)
    await tx.execute(
        update(campaigns)
        .where(campaigns.c.id == number, campaigns.c.state == State.APPROVED)
        .values(state=State.ORDERED, broadcast=placed, changed_at=now)
    )
    return placed


async def order_approved(rt: Runtime) -> int:
    """Put the articles of approved campaigns into the account, then order them; how many."""
    async with rt.db.read() as tx:
        wanted = select(campaigns).where(campaigns.c.state == State.APPROVED)
        waiting = [of_row(row) for row in (await tx.execute(wanted)).mappings()]
    done = 0
    for campaign in waiting:
        done += await _prepare(rt, campaign)
    return done


async def _prepare(rt: Runtime, campaign: Campaign) -> bool:
    """Make the article's draft, if there is to be one; a second one after a crash does no harm."""
    article = campaign.article
    uses_mass = Channel.MASS not in campaign.draft.excluded
    if campaign.draft.words.mass == MASS_ARTICLE and uses_mass and not article:
        made = await _made(rt, campaign)
        if made is None:
            return False
        article = made
    async with rt.db.write() as tx:
        mine = campaigns.c.id == campaign.id
        await tx.execute(update(campaigns).where(mine).values(article=article))
        try:
            await place(rt, tx, campaign.id)
        except InvalidInput:  # its time is over: it goes back to whoever wrote it
            still = mine & (campaigns.c.state == State.APPROVED)
            await tx.execute(update(campaigns).where(still).values(state=State.REJECTED, digest=""))
            return False
    return True


async def _made(rt: Runtime, campaign: Campaign) -> str | None:
    words = campaign.draft.words
    if rt.connect is None:
        return None
    article = DraftArticle(
        title=words.title,
        content=content.article_html(words),
        cover_media_id=words.cover,
        author=words.author,
        digest=words.description[:120],
        source_url=content.absolute(words.target, rt.settings.public_url),
    )
    try:
        gateway = await rt.connect()
        return await gateway.add_draft([article])
    except (WeChatError, InvalidInput) as error:
        log.warning("campaign_article_failed", campaign=campaign.id, reason=type(error).__name__)
        return None
