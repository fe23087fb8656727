"""What the bot sends by its own wish after a crisis: numbers after silence, one question next day.

Each is claimed before the request leaves and never sent twice; where the window is shut, or the
platform refuses, it waits for the parent to come back. Nothing leaves while a fence stands.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import fence
from bot.dialogue import talks
from bot.handoff import sending
from bot.handoff.queries import Ticket
from bot.handoff.sending import Letter
from bot.handoff.tables import Asked, Sent, Side, follow_ups, lines, questions, tickets
from bot.logs import log
from bot.people.followers import followers
from bot.runtime import Runtime
from bot.safety import alarms, words

CARD, FOLLOW_UP = "card", "follow_up"
_AT_ONCE = 100
_STUCK = timedelta(minutes=10)
#: Questions are kept for so long: what became of them stands in the ticket.
_KEPT = timedelta(days=7)
_OUTCOMES = {Sent.SENT: Asked.SENT, Sent.UNKNOWN: Asked.UNKNOWN, Sent.REFUSED: Asked.HELD}


async def after_silence(rt: Runtime) -> int:
    """Send the numbers to parents who have not answered the crisis question; returns how many."""
    await _give_up(rt, questions, questions.c.due_at)
    sent = 0
    for code in await _due(rt, questions, questions.c.code):
        letter = await _claim_card(rt, code)
        if letter is not None:
            sent += await _deliver(rt, questions, questions.c.code == code, letter)
    return sent


async def _claim_card(rt: Runtime, code: str) -> Letter | None:
    """Note the silence, and claim the card; None where nothing is to be sent now."""
    async with rt.db.write() as tx:
        row = await _locked(tx, questions, questions.c.code == code)
        if row is None:
            return None
        now = rt.clock.now()
        for statement, values in alarms.answered(row.alarm, alarms.SILENCE, now):
            await tx.execute(statement, values)
        ticket = await _ticket(tx, row)
        if ticket is None:
            await _stands(tx, questions, questions.c.code == code, Asked.CANCELLED)
            return None
        await _note(tx, ticket, "silence", now)
        text = words.after_silence(rt, row.category, row.severity)
        letter = await sending.by_itself(rt, tx, ticket, text, CARD)
        await _stands(
            tx, questions, questions.c.code == code, Asked.CLAIMED if letter else Asked.HELD
        )
        grave = update(tickets).where(tickets.c.id == ticket.id)
        await tx.execute(grave.values(severity=alarms.NOW))
        return letter


async def follow_up(rt: Runtime) -> int:
    """Ask those who agreed to be asked once more; returns how many messages left."""
    await _give_up(rt, follow_ups, follow_ups.c.done_at)
    sent = 0
    for number in await _due(rt, follow_ups, follow_ups.c.id):
        letter = await _claim_follow_up(rt, number)
        if letter is not None:
            sent += await _deliver(rt, follow_ups, follow_ups.c.id == number, letter)
    return sent


async def _claim_follow_up(rt: Runtime, number: int) -> Letter | None:
    mine = follow_ups.c.id == number
    async with rt.db.write() as tx:
        row = await _locked(tx, follow_ups, mine)
        if row is None:
            return None
        now = rt.clock.now()
        ticket = await _ticket(tx, row)
        done = {"done_at": now}
        if ticket is None or not await _wants(tx, row):
            await _stands(tx, follow_ups, mine, Asked.CANCELLED, **done)
            return None
        if row.expires_at <= now:
            await _stands(tx, follow_ups, mine, Asked.EXPIRED, **done)
            return None
        text, until = words.say(rt, "follow_up.sent"), row.expires_at.timestamp()
        letter = await sending.by_itself(rt, tx, ticket, text, FOLLOW_UP, until)
        await _stands(tx, follow_ups, mine, Asked.CLAIMED if letter else Asked.HELD, **done)
        return letter


async def _due(rt: Runtime, table: Table, key: Any) -> list[Any]:
    wanted = select(key).where(table.c.state == Asked.WAITING, table.c.due_at <= rt.clock.now())
    async with rt.db.read() as tx:
        return list(await tx.scalars(wanted.order_by(table.c.due_at).limit(_AT_ONCE)))


async def _locked(tx: AsyncConnection, table: Table, mine: Any) -> Any | None:
    """Return a row that still waits, its parent's lock held; None also while a fence stands."""
    row = (await tx.execute(select(table).where(mine))).first()
    if row is None or await fence.is_up(tx):
        return None
    await talks.lock(tx, (row.account, row.openid))
    again = select(table).where(mine, table.c.state == Asked.WAITING)
    return (await tx.execute(again)).first()


async def _ticket(tx: AsyncConnection, row: Any) -> Ticket | None:
    """Return the ticket, if its parent has not left meanwhile."""
    wanted = select(*(tickets.c[name] for name in Ticket.__dataclass_fields__))
    found = (await tx.execute(wanted.where(tickets.c.code == row.ticket))).first()
    return Ticket(*found) if found is not None and found.openid else None


async def _wants(tx: AsyncConnection, row: Any) -> bool:
    """Say whether the parent follows and has not said since that no message is wanted."""
    mine = (followers.c.account == row.account) & (followers.c.openid == row.openid)
    found = (await tx.execute(select(followers).where(mine))).first()
    if found is None:
        return True
    off: datetime | None = found.reminders_off_at
    return bool(found.follows) and (off is None or off < row.agreed_at)


async def _note(tx: AsyncConnection, ticket: Ticket, what: str, now: datetime) -> None:
    line = {"ticket": ticket.code, "at": now, "side": Side.SYSTEM, "what": what, "text": ""}
    await tx.execute(insert(lines).values(**line))


async def _stands(
    tx: AsyncConnection, table: Table, mine: Any, state: Asked, **values: Any
) -> None:
    await tx.execute(update(table).where(mine).values(state=state, **values))


async def _deliver(rt: Runtime, table: Table, mine: Any, letter: Letter) -> bool:
    outcome = await sending.deliver(rt, letter)
    async with rt.db.write() as tx:
        await _stands(tx, table, mine, _OUTCOMES[outcome])
    log.info("crisis_sent", kind=letter.kind, outcome=outcome)
    return outcome is Sent.SENT


async def _give_up(rt: Runtime, table: Table, since: Any) -> None:
    """Leave alone what a dead process was sending: nobody knows whether it arrived."""
    limit = rt.clock.now() - _STUCK
    async with rt.db.write() as tx:
        claimed = (table.c.state == Asked.CLAIMED) & (since < limit)
        await tx.execute(update(table).where(claimed).values(state=Asked.UNKNOWN))


async def forget_old(rt: Runtime) -> None:
    """Delete questions and follow-ups that are long over."""
    limit = rt.clock.now() - _KEPT
    async with rt.db.write() as tx:
        for table in (questions, follow_ups):
            over = (table.c.state != Asked.WAITING) & (table.c.due_at < limit)
            await tx.execute(delete(table).where(over))
