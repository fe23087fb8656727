"""What is looked at for the crisis flow: alarms nobody took, numbers overdue, texts unsigned."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import func, select

from bot.ops.finding import Finding, made
from bot.runtime import Runtime
from bot.safety import lines as safety_lines
from bot.safety import signing
from bot.safety.tables import alarms

#: As `bot.care.alarms` counts: all were called, and nobody came.
_NOBODY = 1001
#: So many tries in a row that failed are no hiccup of the network.
_TRIES = 3


async def lines(rt: Runtime) -> AsyncIterator[Finding]:
    """Look which numbers have fallen out of the crisis texts, and which are old elsewhere."""
    await safety_lines.follow(rt)
    late, dates = safety_lines.overdue(rt), safety_lines.reviewed(rt)
    if late:
        yield made("hotlines.overdue", "warn", count=len(late), numbers=", ".join(late))
    elif dates:
        oldest = min(dates.values()).isoformat()
        yield made("hotlines.ok", "ok", count=len(dates), oldest=oldest)


async def duty(rt: Runtime) -> AsyncIterator[Finding]:
    """Look whether an alarm waits that everybody was called for, and whether calls get out."""
    is_open = alarms.c.closed_at.is_(None)
    waits = is_open & alarms.c.seen_at.is_(None)
    alone = select(func.count()).where(waits, alarms.c.level >= _NOBODY)
    unheard = select(func.count()).where(
        alarms.c.post_at.is_not(None), alarms.c.post_tries >= _TRIES
    )
    async with rt.db.read() as tx:
        left, stuck = await tx.scalar(alone) or 0, await tx.scalar(unheard) or 0
        open_ones = await tx.scalar(select(func.count()).where(is_open)) or 0
    if left:
        yield made("duty.unanswered", "fail", count=left)
    if stuck:
        yield made("duty.unreachable", "warn", count=stuck)
    if not left and not stuck:
        yield made("duty.ok", "ok", count=open_ones)


async def texts(rt: Runtime) -> AsyncIterator[Finding]:
    """Look how many texts of a crisis nobody stands for yet."""
    async with rt.db.read() as tx:
        missing = await signing.unsigned(tx)
    total = len(signing.texts())
    if missing:
        yield made("texts.unsigned", "warn", count=missing, total=total)
    else:
        yield made("texts.ok", "ok", total=total)
