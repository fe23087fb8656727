"""What time does to accounts: ended sessions and used links go, the chain's head is kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_

from bot.console import audit
from bot.people import sessions, throttle
from bot.people.tables import invitations
from bot.runtime import Runtime

#: A link that is used or too old is kept this long, to answer questions about it.
_KEPT = timedelta(days=7)


async def forget_old(rt: Runtime) -> None:
    """Delete ended sessions, failures of long ago, and links used or expired a week ago."""
    now = rt.clock.now()
    old = now - _KEPT
    async with rt.db.write() as tx:
        await sessions.forget_old(tx, now)
        await throttle.forget_old(tx, now)
        used, expired = invitations.c.used_at < old, invitations.c.expires_at < old
        await tx.execute(delete(invitations).where(or_(used, expired)))


async def keep_head(rt: Runtime) -> None:
    """Note the newest seal of the audit log outside the database."""
    await audit.keep_head(rt)
