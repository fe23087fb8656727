"""What time does to messages: they go after their hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.conversation import Talk
from bot.dialogue.tables import conversation, inbox
from bot.h5 import links, logins, sessions
from bot.logs import log
from bot.people import holding
from bot.people.families import guardians
from bot.people.followers import followers
from bot.runtime import Runtime

#: Days a conversation that is left alone is kept.
TALK_DAYS = 30
_ELDER = Talk(is_elder=True).to_json()


async def forget_old(rt: Runtime) -> int:
    """Delete messages past `inbox_hours` and conversations left alone; returns how many.

    A message under a legal hold stays as long as that stands.
    """
    now = rt.clock.now()
    async with rt.db.write() as tx:
        gone: CursorResult[tuple[()]] = await tx.execute(
            delete(inbox).where(
                inbox.c.received_at < now - timedelta(hours=rt.settings.inbox_hours),
                ~holding.is_held_message(inbox, now),
            )
        )
        await _forget_talks(tx, now - timedelta(days=TALK_DAYS))
        left = int((now - timedelta(hours=rt.settings.inbox_hours)).timestamp())
        await tx.execute(
            delete(followers).where(followers.c.follows.is_(False), followers.c.changed_s < left)
        )
    log.info("messages_forgotten", rows=gone.rowcount)
    return gone.rowcount


async def _forget_talks(tx: AsyncConnection, limit: datetime) -> None:
    """Delete talks left alone; of grandparents' the wish for short lines stays."""
    is_old = conversation.c.updated_at < limit
    elders = select(guardians.c.openid).where(
        guardians.c.is_elder,
        guardians.c.account == conversation.c.account,
        guardians.c.openid == conversation.c.openid,
    )
    await tx.execute(delete(conversation).where(is_old, ~elders.exists()))
    await tx.execute(
        update(conversation)
        .where(is_old, conversation.c.state != _ELDER)
        .values(state=_ELDER, updated_at=conversation.c.updated_at)
    )


async def forget_links(rt: Runtime) -> int:
    """Forget whose the expired links were, and the sessions that ended; returns how many links."""
    async with rt.db.write() as tx:
        gone = await links.tidy(tx, rt.clock.now())
        ended = await sessions.tidy(tx, rt.clock.now())
        await logins.tidy(tx, rt.clock.now())
    log.info("links_forgotten", rows=gone, sessions=ended)
    return gone
