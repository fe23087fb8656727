"""What time does to the week: refused stories, files of nobody, and texts that were decided."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import delete, select, update

from bot.logs import log
from bot.runtime import Runtime
from bot.week import photos, wall
from bot.week.wall_tables import photos as photo_rows
from bot.week.wall_tables import posts

#: Days a refused story is kept, so that its parent can read why.
REFUSED_DAYS = 30
#: Seconds after which a file without a row is nobody's: its form has ended long ago.
_NOBODYS_S = 3600.0


async def forget_refused(rt: Runtime) -> int:
    """Delete stories that were refused a month ago; returns how many."""
    old = rt.clock.now() - timedelta(days=REFUSED_DAYS)
    refused = (posts.c.state == wall.REJECTED) & (posts.c.decided_at < old)
    async with rt.db.write() as tx:
        mine = select(posts.c.id).where(refused)
        await tx.execute(update(photo_rows).where(photo_rows.c.post.in_(mine)).values(post=0))
        gone = await tx.execute(delete(posts).where(refused))
    log.info("refused_stories_forgotten", rows=gone.rowcount)
    return gone.rowcount


async def sweep(rt: Runtime) -> int:
    """Delete files that no row names: their form broke off; returns how many."""
    there = await asyncio.to_thread(photos.there, rt)
    old = rt.clock.now().timestamp() - _NOBODYS_S
    named = {name for name, written in there.items() if written < old}
    if not named:
        return 0
    async with rt.db.read() as tx:
        named -= set((await tx.scalars(select(photo_rows.c.name))).all())
    await asyncio.to_thread(photos.drop, rt, named)
    return len(named)
