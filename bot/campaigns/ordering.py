"""From an approved campaign to an order in the ledger; never from anything else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import articles, content, publishing, withdrawing
from bot.campaigns.articles import NotTaken
from bot.campaigns.draft import Campaign, of_row
from bot.campaigns.states import State, Verdict
from bot.campaigns.tables import campaigns, reviews
from bot.clock import day
from bot.delivery import order as ledger
from bot.delivery.order import Order
from bot.errors import InvalidInput
from bot.logs import log
from bot.runtime import Runtime
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


def order_of(rt: Runtime, campaign: Campaign, now: datetime, address: str = "") -> Order:
    """Return what would be ordered now; `address` is that of its published article."""
    draft = campaign.draft
    words = content.leading(draft.words, address)
    approved_at = campaign.changed_at if campaign.state is State.APPROVED else now
    begins = draft.not_before or approved_at
    held = approved_at + timedelta(seconds=rt.settings.hold_s)
    ends = max(begins, held) + timedelta(minutes=draft.valid_minutes)
    return Order(
        account=account(rt),
        kind=draft.kind,
        about=campaign.about,
        texts=content.contents(words, rt.settings.public_url, campaign.article),
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
    now, address = rt.clock.now(), await publishing.known(tx, campaign)
    if campaign.draft.words.publish and not address:
        raise InvalidInput("campaign.not_approved")
    order = order_of(rt, campaign, now, address)
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
    """Put what it needs into the account, then order it; what is not taken goes back."""
    if order_of(rt, campaign, rt.clock.now()).not_after <= rt.clock.now():
        await _return(rt, campaign, "campaign.past")
        return False
    try:
        if not await _put_up(rt, campaign):
            return False
    except NotTaken as refused:
        await _return(rt, campaign, refused.why)
        return False
    except WeChatError as error:
        log.warning("campaign_article_failed", campaign=campaign.id, reason=type(error).__name__)
        return False
    return await _placed(rt, campaign)


async def _put_up(rt: Runtime, campaign: Campaign) -> bool:
    """Make the draft of a mass send, publish the article; False: not all of it is there yet.

    Raises:
        NotTaken: the platform refuses the article.
        WeChatError: it may be tried later; a second draft after a crash does no harm.
    """
    draft = campaign.draft
    if not articles.is_needed(draft):
        return True
    if rt.connect is None:
        return False
    gateway = await rt.connect()
    if articles.is_massed(draft) and not campaign.article:
        made = await articles.add(rt, gateway, draft.words)
        async with rt.db.write() as tx:
            mine = (campaigns.c.id == campaign.id, campaigns.c.state == State.APPROVED)
            await tx.execute(update(campaigns).where(*mine).values(article=made))
    return not draft.words.publish or await publishing.advance(rt, gateway, campaign)


async def _placed(rt: Runtime, campaign: Campaign) -> bool:
    try:
        async with rt.db.write() as tx:
            await place(rt, tx, campaign.id)
    except InvalidInput as refused:  # its time is over, or somebody undid it a moment ago
        await _return(rt, campaign, str(refused))
        return False
    return True


async def _return(rt: Runtime, campaign: Campaign, why: str) -> None:
    """Give an approved campaign back to whoever wrote it, with the reason in its history."""
    c = campaigns.c
    async with rt.db.write() as tx:
        back = {"state": State.REJECTED, "digest": "", "article": ""}
        mine = (c.id == campaign.id, c.state == State.APPROVED)
        done = await tx.execute(update(campaigns).where(*mine).values(**back))
        if done.rowcount != 1:
            return
        await withdrawing.begin(rt, tx, campaign.id)
        await tx.execute(
            insert(reviews).values(
                campaign=campaign.id, at=rt.clock.now(), by=0, by_name="",
                verdict=Verdict.RETURNED, digest=campaign.submitted, note=why[:200],
            )
        )  # fmt: skip
    log.warning("campaign_returned", campaign=campaign.id)
