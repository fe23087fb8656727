"""A person's words to the parent: claimed, sent once, and what became of them recorded.

Customer messages carry no key of ours, so an outcome that was never learnt stays `unknown` and is
never sent again (RELIABILITY 2.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import CursorResult, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.dialogue import talks
from bot.dialogue.conversation import Held, Talk
from bot.errors import InvalidInput, StoreAway
from bot.handoff import actions, queries, window
from bot.handoff.queries import ANSWER, Ticket
from bot.handoff.tables import Kind, Sent, Side, State, lines, tickets
from bot.logs import log
from bot.people import roles, windows
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.wechat import errors
from bot.wechat.texts import TEXT_LIMIT_BYTES

#: Kinds of letters: a colleague's words, and the word that a talk has ended.
PERSON, FAREWELL = "person", "farewell"
_STUCK = timedelta(minutes=10)
_REACHED = (Sent.SENT, Sent.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed line on its way: its number, its ticket, and what the parent will read.

    `kind` says what it is; all but a person's words wait for the parent where they are refused.
    """

    line: int
    ticket: int
    openid: str = field(repr=False)
    shown: str = field(repr=False)
    kind: str = PERSON
    until: float = 0.0


async def say(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, text: str, form: str
) -> Letter | None:
    """Claim a reply that is then to be delivered; None when this form was sent already.

    From now on the bot is silent, so that an answer to the reply reaches the person.

    Raises:
        InvalidInput: the window is shut or used up, the text too long, the ticket a colleague's.
    """
    ticket = await _begun(rt, tx, actor, number)
    if await _is_known(tx, form):
        return None
    open_now = await window_of(rt, tx, ticket)
    if not open_now.is_open:
        raise InvalidInput(open_now.reason)
    shown = _shown(rt, actor, ticket, text, "person")
    row = await _put(rt, tx, ticket, Side.STAFF, text, Sent.CLAIMED, by=actor.id, form=form)
    await actions.change(rt, tx, ticket, state=State.OPEN)
    await actions.seat(rt, tx, ticket, is_open=True)
    await _noted(rt, tx, actor, ticket, "inbox.replied", row)
    return Letter(row, ticket.id, ticket.openid, shown)


async def hold(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, text: str, form: str
) -> None:
    """Keep a reply until the parent comes back: then it stands in front of what the bot says."""
    ticket = await _begun(rt, tx, actor, number)
    if await _is_known(tx, form):
        return
    shown = _shown(rt, actor, ticket, text, "held")
    row = await _put(rt, tx, ticket, Side.STAFF, text, Sent.HELD, by=actor.id, form=form)
    await actions.change(rt, tx, ticket)
    await actions.seat(rt, tx, ticket, is_open=ticket.state == State.OPEN)
    await keep(rt, tx, ticket.person, Held(row, shown))
    await _noted(rt, tx, actor, ticket, "inbox.held", row)


async def close(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, remark: str
) -> Letter | None:
    """Close a ticket: the bot returns with a clean context, and the parent is told.

    A parent who never heard of the ticket (a crisis nobody wrote to) is not told.
    """
    ticket = await actions.locked(tx, actor, number)
    actions.own(actor, ticket)
    now = rt.clock.now()
    open_now = await window_of(rt, tx, ticket)
    await actions.change(rt, tx, ticket, state=State.CLOSED, closed_at=now, note=remark)
    await talks.change(tx, ticket.person, now, _leave)
    await actions.note(rt, tx, actor, ticket, "closed")
    if ticket.kind == Kind.CRISIS and ticket.first_reply_at is None:
        return None
    state = Sent.CLAIMED if open_now.is_open else Sent.HELD
    words = rt.say("end_talk", "by_staff")
    row = await _put(rt, tx, ticket, Side.SYSTEM, words, state, what="farewell")
    if state is Sent.HELD:
        await keep(rt, tx, ticket.person, Held(row, words, FAREWELL))
        return None
    return Letter(row, ticket.id, ticket.openid, words, FAREWELL)


async def by_itself(
    rt: Runtime, tx: AsyncConnection, ticket: Ticket, text: str, kind: str, until: float = 0.0
) -> Letter | None:
    """Claim a message of the bot's own wish; None: it is held until the parent comes back.

    The parent's lock is held already.
    """
    open_now = await window_of(rt, tx, ticket)
    state = Sent.CLAIMED if open_now.is_open else Sent.HELD
    row = await _put(rt, tx, ticket, Side.SYSTEM, text, state, what=kind)
    await actions.change(rt, tx, ticket)
    if state is Sent.HELD:
        await keep(rt, tx, ticket.person, Held(row, text, kind, until))
        return None
    return Letter(row, ticket.id, ticket.openid, text, kind, until)


async def deliver(rt: Runtime, letter: Letter) -> Sent:
    """Send a claimed line and record what became of it."""
    outcome, code = await _request(rt, letter)
    async with rt.db.write() as tx:
        await _record(rt, tx, letter, outcome, code)
    log.info("ticket_sent", ticket=letter.ticket, outcome=outcome, errcode=code)
    return outcome


async def window_of(rt: Runtime, tx: AsyncConnection, ticket: Ticket) -> window.Window:
    """Return what may still be said to the parent of a ticket."""
    sent = await queries.spent(tx, ticket)
    now = rt.clock.now()
    return window.of(rt.settings, last_at=ticket.last_parent_at, sent=sent, now=now)


async def settle(rt: Runtime) -> int:
    """Give up on what a dead process was sending: nobody knows whether it arrived."""
    async with rt.db.write() as tx:
        given_up: CursorResult[tuple[()]] = await tx.execute(
            update(lines)
            .where(lines.c.state == Sent.CLAIMED, lines.c.at < rt.clock.now() - _STUCK)
            .values(state=Sent.UNKNOWN)
        )
    return given_up.rowcount


async def _begun(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> Ticket:
    """Return the ticket to write to; who writes to a free one takes it."""
    ticket = await actions.locked(tx, actor, number)
    if ticket.claimed_by is None:
        await actions.give(rt, tx, ticket, actor.id)
    elif ticket.claimed_by != actor.id:
        raise InvalidInput("inbox.not_yours")
    return ticket


async def _is_known(tx: AsyncConnection, form: str) -> bool:
    return bool(await tx.scalar(select(func.count()).where(lines.c.form == form)))


async def _put(
    rt: Runtime,
    tx: AsyncConnection,
    ticket: Ticket,
    side: Side,
    text: str,
    state: Sent,
    *,
    by: int | None = None,
    what: str = "",
    form: str | None = None,
) -> int:
    row = {"ticket": ticket.code, "at": rt.clock.now(), "side": side, "text": text, "state": state}
    made = await tx.execute(insert(lines).values(**row, by=by, what=what, form=form))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


async def keep(rt: Runtime, tx: AsyncConnection, person: talks.Person, held: Held) -> None:
    """Let a message wait for the parent; their lock is held already."""
    await talks.change(tx, person, rt.clock.now(), lambda talk: talk.hold(held))


def _leave(talk: Talk) -> None:
    talk.forget()
    talk.sit(None)


def _shown(rt: Runtime, actor: Actor, ticket: Ticket, text: str, name: str) -> str:
    given = next(g for g in actor.giving(ANSWER) if g.covers(ticket.area, ticket.topic))
    told = rt.say("talk_to_person", name, role=roles.load().roles[given.role].name, text=text)
    if len(told.encode()) > TEXT_LIMIT_BYTES:
        raise InvalidInput("inbox.too_long")
    return told


async def _noted(
    rt: Runtime, tx: AsyncConnection, actor: Actor, ticket: Ticket, action: str, row: int
) -> None:
    target = f"ticket:{ticket.id}"
    await audit.note(rt, tx, actor, action, target, area=ticket.area, line=row)


async def _request(rt: Runtime, letter: Letter) -> tuple[Sent, int | None]:
    if rt.connect is None:
        return Sent.REFUSED, None
    try:
        gateway = await rt.connect()
        await gateway.send_text(letter.openid, letter.shown)
    except errors.Unknown as error:
        return Sent.UNKNOWN, error.code
    except errors.WeChatError as error:
        return Sent.REFUSED, error.code
    except StoreAway:  # the token is kept in the database: nothing was sent
        return Sent.REFUSED, None
    return Sent.SENT, None


async def _record(
    rt: Runtime, tx: AsyncConnection, letter: Letter, outcome: Sent, code: int | None
) -> None:
    row = (await tx.execute(select(tickets).where(tickets.c.id == letter.ticket))).one()
    await talks.lock(tx, (row.account, row.openid))
    row = (await tx.execute(select(tickets).where(tickets.c.id == letter.ticket))).one()
    ticket = Ticket(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    await tx.execute(
        update(lines).where(lines.c.id == letter.line).values(state=outcome, errcode=code)
    )
    if not ticket.openid:
        return  # the parent has left meanwhile: nothing of theirs is written again
    now = rt.clock.now()
    await windows.spent(tx, ticket.person, None if outcome in _REACHED else code or 0)
    if letter.kind != PERSON:
        if outcome is Sent.REFUSED:
            mark = update(lines).where(lines.c.id == letter.line)
            await tx.execute(mark.values(state=Sent.HELD))
            held = Held(letter.line, letter.shown, letter.kind, letter.until)
            await keep(rt, tx, ticket.person, held)
        await actions.change(rt, tx, ticket)
    elif outcome in _REACHED:
        await actions.change(rt, tx, ticket, first_reply_at=ticket.first_reply_at or now)
    elif ticket.first_reply_at is None and ticket.state == State.OPEN:
        await actions.change(rt, tx, ticket, state=State.WAITING)
        await actions.seat(rt, tx, ticket, is_open=False)
    else:
        await actions.change(rt, tx, ticket)
