"""What time does to messages: they go after their hours."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CursorResult, delete

from bot.dialogue.tables import conversation, inbox
from bot.logs import log
from bot.people import holding
from bot.people.followers import followers
from bot.runtime import Runtime

_TALK_DAYS = 30


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
        await tx.execute(
            delete(conversation).where(conversation.c.updated_at < now - timedelta(days=_TALK_DAYS))
        )
        left = int((now - timedelta(hours=rt.settings.inbox_hours)).timestamp())
        await tx.execute(
            delete(followers).where(followers.c.follows.is_(False), followers.c.changed_s < left)
        )
    log.info("messages_forgotten", rows=gone.rowcount)
    return gone.rowcount
