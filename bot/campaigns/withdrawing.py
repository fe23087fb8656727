"""An article whose campaign was undone is taken back: published or not, nobody is to find it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns.article_tables import Stage, articles
from bot.logs import log
from bot.runtime import Runtime
from bot.wechat import errors
from bot.wechat.drafts import PublishStatus

if TYPE_CHECKING:
    from bot.wechat.gateway import Gateway

_AGAIN = timedelta(minutes=10)
_c = articles.c


async def begin(rt: Runtime, tx: AsyncConnection, number: int) -> None:
    """Let the article of a campaign be taken back, where it has one."""
    alive = _c.stage.not_in([Stage.WITHDRAWING.value, Stage.WITHDRAWN.value])
    values = {"stage": Stage.WITHDRAWING.value, "next_at": rt.clock.now()}
    await tx.execute(update(articles).where(_c.campaign == number, alive).values(**values))


async def withdraw_articles(rt: Runtime) -> int:
    """Take back the articles of campaigns that were undone; returns how many."""
    due = (_c.stage == Stage.WITHDRAWING.value, _c.next_at <= rt.clock.now())
    async with rt.db.read() as tx:
        waiting = (await tx.execute(select(articles).where(*due))).all()
    if not waiting or rt.connect is None:
        return 0
    gateway, done = await rt.connect(), 0
    for row in waiting:
        try:
            is_gone = await _take_back(gateway, row)
        except errors.Refused as refused:  # already gone, or not ours to take back
            log.warning("article_kept", campaign=row.campaign, code=refused.code)
            is_gone = True
        except errors.WeChatError:
            is_gone = False
        await _note(rt, row, is_gone=is_gone)
        done += is_gone
    return done


async def _take_back(gateway: Gateway, row: Row[Any]) -> bool:
    """Delete the article or its draft; False: its publishing is still under way."""
    article = row.article_id
    if not row.publish_id:
        if row.media:
            await gateway.delete_draft(row.media)
        return True
    if not article:
        state = await gateway.publish_status(row.publish_id)
        if state.status is PublishStatus.RUNNING:
            return False
        article = state.article_id
    if article:
        await gateway.delete_published(article)
    return True


async def _note(rt: Runtime, row: Row[Any], *, is_gone: bool) -> None:
    values = {"stage": Stage.WITHDRAWN.value} if is_gone else {"next_at": rt.clock.now() + _AGAIN}
    async with rt.db.write() as tx:
        await tx.execute(update(articles).where(_c.campaign == row.campaign).values(**values))
