"""What time does to tickets: late ones are told of, lost sends given up, old words forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import CursorResult, case, func, select, update

from bot.handoff import reminding
from bot.handoff.tables import Kind, State, lines, tickets
from bot.logs import log
from bot.people import holding
from bot.runtime import Runtime


async def tell_overdue(rt: Runtime) -> int:
    """Write one line when tickets wait past their time; moves nothing. Returns how many."""
    now = rt.clock.now()
    is_crisis = case((tickets.c.kind == Kind.CRISIS, 1), else_=0)
    wanted = select(
        func.count(), func.coalesce(func.sum(is_crisis), 0), func.min(tickets.c.due_at)
    ).where(
        tickets.c.state == State.WAITING,
        tickets.c.first_reply_at.is_(None),
        tickets.c.due_at < now,
    )
    async with rt.db.read() as tx:
        late, crises, oldest = (await tx.execute(wanted)).one()
    if late:
        minutes = int((now - oldest).total_seconds() // 60)
        log.error("tickets_overdue", tickets=late, crises=int(crises), oldest_minutes=minutes)
    return int(late)


async def forget_old(rt: Runtime) -> int:
    """Delete words and openid of tickets closed more than `ticket_days` ago; returns how many."""
    now = rt.clock.now()
    limit = now - timedelta(days=rt.settings.ticket_days)
    old = (tickets.c.state == State.CLOSED) & (tickets.c.closed_at < limit)
    known = old & (tickets.c.openid != "") & tickets.c.code.not_in(holding.held_tickets(now))
    async with rt.db.write() as tx:
        codes = select(tickets.c.code).where(known)
        await tx.execute(update(lines).where(lines.c.ticket.in_(codes)).values(text=""))
        gone: CursorResult[tuple[()]] = await tx.execute(
            update(tickets).where(known).values(openid="", asker="", note="")
        )
    await reminding.forget_old(rt)
    log.info("tickets_forgotten", rows=gone.rowcount)
    return gone.rowcount
