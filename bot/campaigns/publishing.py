"""An article is published so that messages can lead to it: drafted, ordered, asked about, known.

Each step is noted before the next, so a crash goes on where it was. What cannot be known is whether
an order to publish arrived that got no answer: then the draft is gone, another one is made, and the
account may list the article twice; no follower is told of either (`Drafts.publish`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns import articles
from bot.campaigns.article_tables import Stage
from bot.campaigns.article_tables import articles as table
from bot.campaigns.articles import NotTaken
from bot.campaigns.draft import Campaign
from bot.db.upsert import upsert
from bot.dialogue.turn import Turn
from bot.runtime import Runtime
from bot.wechat import errors, events
from bot.wechat.drafts import PublishStatus

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway

#: So long before the time of a campaign its article is published, and not earlier.
LEAD = timedelta(minutes=30)
#: The outcome is asked for after so long, then after twice as long, up to the most: `get` has few
#: calls a day, and the event mostly comes first.
_FIRST, _MOST = timedelta(seconds=20), timedelta(minutes=10)
_NO_DRAFT = 40007
#: The platform gives addresses of its articles without TLS, and serves them with it.
_HOST = "mp.weixin.qq.com"
_VALUES = ("digest", "stage", "media", "publish_id", "article_id", "url", "status", "tries",
           "next_at")  # fmt: skip
_c = table.c
_told = (
    update(table)
    .where(_c.publish_id == bindparam("which"), _c.stage == Stage.PUBLISHING.value)
    .values(
        stage=bindparam("new"), status=bindparam("said"), article_id=bindparam("article"),
        url=bindparam("address"),
    )
)  # fmt: skip


async def known(tx: AsyncConnection, campaign: Campaign) -> str:
    """Return the address of the article of an approved campaign; empty: it is not published."""
    mine = (_c.campaign == campaign.id, _c.digest == campaign.submitted)
    found = select(_c.url).where(*mine, _c.stage == Stage.PUBLISHED.value)
    return await tx.scalar(found) or ""


async def advance(rt: Runtime, gateway: Gateway, campaign: Campaign) -> bool:
    """Bring the article of an approved campaign one step on; says whether it is published.

    Raises:
        NotTaken: the platform does not publish it.
        WeChatError: the platform did not answer, or wants less; it is tried again later.
    """
    now, at = rt.clock.now(), campaign.draft.not_before
    if at is not None and now < at - LEAD:
        return False
    row = await _row(rt, campaign, now)
    if row.stage == Stage.PUBLISHED:
        return True
    if row.stage == Stage.REFUSED:
        raise NotTaken(f"campaign.unpublished_{row.status}")
    if row.stage == Stage.WITHDRAWING or row.next_at > now:
        return False
    await _put(rt, campaign.id, tries=row.tries + 1, next_at=now + _pause(row.tries))
    if not row.publish_id:
        await _order(rt, gateway, campaign, row.media)
        return False
    return await _ask(rt, gateway, row)


async def _row(rt: Runtime, campaign: Campaign, now: datetime) -> Row[Any]:
    """Return the row of what was approved; begun anew where the text is another."""
    async with rt.db.write() as tx:
        row = (await tx.execute(select(table).where(_c.campaign == campaign.id))).first()
        is_mine = row is not None and row.digest == campaign.submitted
        is_leaving = row is not None and row.stage == Stage.WITHDRAWING
        is_over = row is not None and row.stage == Stage.WITHDRAWN
        if row is not None and (is_leaving or (is_mine and not is_over)):
            return row
        fresh = {
            "campaign": campaign.id, "digest": campaign.submitted, "stage": Stage.MAKING.value,
            "media": "", "publish_id": "", "article_id": "", "url": "", "status": 0, "tries": 0,
            "next_at": now,
        }  # fmt: skip
        save = upsert(table, ("campaign",), _VALUES, is_sqlite=rt.db.is_sqlite)
        await tx.execute(save, fresh)
        return (await tx.execute(select(table).where(_c.campaign == campaign.id))).one()


async def _order(rt: Runtime, gateway: Gateway, campaign: Campaign, media: str) -> None:
    """Make the draft where there is none, and order it to be published."""
    if not media:
        media = await articles.add(rt, gateway, campaign.draft.words)
        await _put(rt, campaign.id, media=media)
    try:
        publish_id = await gateway.publish(media)
    except errors.Refused as refused:
        if refused.code != _NO_DRAFT:
            raise NotTaken(articles.sentence(refused)) from refused
        await _put(rt, campaign.id, media="")  # an order before this one got no answer: see above
        return
    later = rt.clock.now() + _FIRST
    await _put(rt, campaign.id, publish_id=publish_id, stage=Stage.PUBLISHING, tries=0,
               next_at=later)  # fmt: skip


async def _ask(rt: Runtime, gateway: Gateway, row: Row[Any]) -> bool:
    try:
        state = await gateway.publish_status(row.publish_id)
    except errors.Refused as refused:
        raise NotTaken(articles.sentence(refused)) from refused
    if state.status is PublishStatus.RUNNING:
        return False
    said = _outcome(state.status, state.article_id, state.urls)
    async with rt.db.write() as tx:
        await tx.execute(_told, said | {"which": row.publish_id})
    if said["new"] == Stage.REFUSED:
        raise NotTaken(f"campaign.unpublished_{int(state.status)}")
    return True


def told(turn: Turn) -> None:
    """Note the outcome that the platform tells by itself; an id that is not ours does nothing."""
    assert isinstance(turn.message, events.Published)
    said = turn.message
    if said.publish_id and said.status != PublishStatus.RUNNING:
        outcome = _outcome(said.status, said.article_id, said.urls)
        turn.write(_told, outcome | {"which": said.publish_id})


def _outcome(status: int, article_id: str, urls: tuple[str, ...]) -> dict[str, Any]:
    is_out = status == PublishStatus.PUBLISHED and bool(urls)
    return {
        "new": (Stage.PUBLISHED if is_out else Stage.REFUSED).value, "said": int(status),
        "article": article_id[:128], "address": secure(urls[0]) if is_out else "",
    }  # fmt: skip


def secure(url: str) -> str:
    """Return the address of an article with TLS, where it is the platform's."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme="https")) if parts.hostname == _HOST else url


def _pause(tries: int) -> timedelta:
    return min(_MOST, _FIRST * (1 << min(tries, 10)))


async def _put(rt: Runtime, number: int, **values: Any) -> None:
    async with rt.db.write() as tx:
        await tx.execute(update(table).where(_c.campaign == number).values(**values))
