"""Deleting what a parent's tickets say: at once, or when the last legal hold on them has ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.base import Instant
from bot.dialogue.tables import inbox
from bot.dialogue.turn import Turn
from bot.handoff.tables import State, accesses, follow_ups, lines, questions, tickets
from bot.logs import log
from bot.people import holding
from bot.people.families import holds
from bot.runtime import Runtime

_NOTHING: ColumnElement[str] = literal_column("''")
_CLOSED: ColumnElement[str] = literal_column(f"'{State.CLOSED}'")
_gone: BindParameter[datetime] = bindparam("gone_at", type_=Instant())
_theirs = (tickets.c.openid == bindparam("parent")) & (tickets.c.account == bindparam("owner"))
_free = tickets.c.code.not_in(holding.held_tickets(_gone))
# `last`: what was said before in the same batch must go as well; the openid goes after the rest
_LAST = {"last": True}


def _mine(what: Any) -> Select[Any]:
    return select(what).where(_theirs, _free)


_forget = (
    update(lines)
    .where(lines.c.ticket.in_(_mine(tickets.c.code)))
    .values(text=_NOTHING)
    .execution_options(**_LAST),
    update(accesses)
    .where(accesses.c.ticket.in_(_mine(tickets.c.id)))
    .values(reason=_NOTHING)
    .execution_options(**_LAST),
    update(tickets)
    .where(_theirs, ~_free)
    .values(state=_CLOSED, closed_at=func.coalesce(tickets.c.closed_at, _gone), changed_at=_gone)
    .execution_options(**_LAST),
    update(tickets)
    .where(_theirs, _free)
    .values(
        openid=_NOTHING,
        asker=_NOTHING,
        note=_NOTHING,
        state=_CLOSED,
        closed_at=func.coalesce(tickets.c.closed_at, _gone),
        changed_at=_gone,
    )
    .execution_options(**_LAST),
)
_drop = [
    delete(table).where(
        table.c.openid == bindparam("parent"), table.c.account == bindparam("owner")
    )
    for table in (follow_ups, questions)
]


def erased(turn: Turn) -> None:
    """Note the deletion of words and openid; the tickets stay, to be counted.

    A ticket under a hold keeps both until the hold ends; that it is wished is noted.
    """
    mine = {"parent": turn.message.openid, "owner": turn.message.account}
    for statement in _forget:
        turn.write(statement, mine | {"gone_at": turn.now})
    for gone in _drop:
        turn.write(gone, mine)
    wish = {"a": turn.message.account, "o": turn.message.openid, "erase_now": turn.now}
    turn.write(holding.wish_erasure, wish)


async def finish_erasing(rt: Runtime) -> int:
    """Delete what a hold had kept from a wished deletion, once it stands no more; how many."""
    now = rt.clock.now()
    done = 0
    async with rt.db.write() as tx:
        over = await tx.execute(
            select(holds)
            .where(holds.c.erase_asked_at.is_not(None), holds.c.openid != "")
            .where(or_(holds.c.lifted_at.is_not(None), holds.c.until <= now))
        )
        for hold in over.all():
            still = holding.of(hold.account, hold.openid, now).where(holds.c.ticket == hold.ticket)
            if not (await tx.execute(still)).one().standing:
                await _erase(tx, hold)
                done += 1
    if done:
        log.info("held_erased", holds=done)
    return done


async def _erase(tx: AsyncConnection, hold: Any) -> None:
    """Delete the one ticket of a hold, and the words of its message."""
    await tx.execute(update(lines).where(lines.c.ticket == hold.ticket).values(text=""))
    number = select(tickets.c.id).where(tickets.c.code == hold.ticket)
    await tx.execute(update(accesses).where(accesses.c.ticket.in_(number)).values(reason=""))
    nobody = {"openid": "", "asker": "", "note": ""}
    await tx.execute(update(tickets).where(tickets.c.code == hold.ticket).values(**nobody))
    said = (inbox.c.openid == hold.openid) & (inbox.c.msg_key == hold.message)
    await tx.execute(
        update(inbox).where(said, inbox.c.account == hold.account).values(content="", reply="")
    )
    await tx.execute(update(holds).where(holds.c.id == hold.id).values(openid="", message=""))
