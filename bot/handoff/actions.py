"""What staff do with a ticket: take it, give it on, send it elsewhere, close it, learn from it.

Every action takes the parent's lock first, then rows, then the audit chain: batches and colleagues
wait in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.dialogue import talks
from bot.dialogue.conversation import Desk, Talk
from bot.errors import InvalidInput
from bot.handoff import queries
from bot.handoff.queries import ANSWER, CRISIS, Ticket
from bot.handoff.tables import Kind, Side, State, lines, tickets
from bot.library.tables import suggestions
from bot.org import tree
from bot.people import roles, staff
from bot.people.actor import Actor, Grant
from bot.people.tables import grants
from bot.people.tables import staff as accounts
from bot.runtime import Runtime

LEAD = "grants.approve"


async def locked(tx: AsyncConnection, actor: Actor, number: int) -> Ticket:
    """Return a ticket that is not closed, with its parent's lock held.

    Raises:
        NotFound: there is none that this person may answer.
        InvalidInput: it is closed.
    """
    ticket = await queries.get(tx, actor, number, ANSWER)
    await talks.lock(tx, ticket.person)
    ticket = await queries.get(tx, actor, number, ANSWER)
    if ticket.state == State.CLOSED:
        raise InvalidInput("inbox.is_closed")
    return ticket


async def claim(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Take a ticket that nobody has.

    Raises:
        InvalidInput: a colleague has it.
    """
    ticket = await locked(tx, actor, number)
    if ticket.claimed_by == actor.id:
        return
    if ticket.claimed_by is not None:
        raise InvalidInput("inbox.taken")
    await give(rt, tx, ticket, actor.id)
    await note(rt, tx, actor, ticket, "claimed")


async def release(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Put a ticket back: it waits again, and the bot answers until somebody takes it.

    Raises:
        InvalidInput: it is not this person's.
    """
    ticket = await locked(tx, actor, number)
    own(actor, ticket)
    await change(rt, tx, ticket, claimed_by=None, claimed_at=None, state=State.WAITING)
    await seat(rt, tx, ticket, is_open=False)
    await note(rt, tx, actor, ticket, "released")


async def hand(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, to: int) -> None:
    """Give a ticket to a colleague who may answer it.

    Raises:
        InvalidInput: it is a colleague's, or the other one may not answer it.
    """
    ticket = await locked(tx, actor, number)
    own(actor, ticket)
    other = await staff.actor(tx, to)
    if other is None or not _can_answer(other.grants, ticket):
        raise InvalidInput("inbox.cannot_answer")
    await give(rt, tx, ticket, to)
    await note(rt, tx, actor, ticket, "handed", to=other.login)


async def route(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, area: str, topic: str
) -> None:
    """Say where a ticket belongs: who answers there sees it from now on.

    Raises:
        InvalidInput: it is a colleague's.
        NotFound: there is no such place.
    """
    ticket = await locked(tx, actor, number)
    own(actor, ticket)
    await tree.get(tx, area)
    keeps = actor.may(ANSWER, area, topic) and ticket.claimed_by == actor.id
    mine = {} if keeps else {"claimed_by": None, "claimed_at": None}
    await change(rt, tx, ticket, area=area, topic=topic, **mine)
    await note(rt, tx, actor, ticket, "routed", to_area=area, to_topic=topic)


async def suggest(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, question: str, answer: str
) -> None:
    """Propose an answer in one's own words to the curators; nothing else is made of it."""
    ticket = await queries.get(tx, actor, number, ANSWER)
    row = {"at": rt.clock.now(), "by": actor.id, "ticket": ticket.code, "state": "new"}
    await tx.execute(insert(suggestions).values(**row, question=question, answer=answer))
    await audit.note(rt, tx, actor, "inbox.suggested", f"ticket:{ticket.id}", area=ticket.area)


async def colleagues(tx: AsyncConnection, ticket: Ticket) -> list[tuple[int, str]]:
    """Return number and name of everybody who may answer this ticket."""
    able = [name for name, role in roles.load().roles.items() if ANSWER in role.may]
    rows = await tx.execute(
        select(accounts.c.id, accounts.c.name, grants.c.role, grants.c.area, grants.c.topic)
        .join(grants, grants.c.staff == accounts.c.id)
        .where(grants.c.role.in_(able), accounts.c.disabled_at.is_(None))
        .where(grants.c.approved_at.is_not(None), grants.c.ended_at.is_(None))
        .order_by(accounts.c.name)
    )
    held: dict[tuple[int, str], list[Grant]] = {}
    for row in rows:
        held.setdefault((row.id, row.name), []).append(Grant(row.role, row.area, row.topic))
    return [person for person, given in held.items() if _can_answer(given, ticket)]


def _can_answer(given: Iterable[Grant], ticket: Ticket) -> bool:
    """Say whether grants let somebody answer a ticket; a crisis needs a permission of its own."""
    wanted = (ANSWER, CRISIS) if ticket.kind == Kind.CRISIS else (ANSWER,)
    return all(
        any(g.allows(name) and g.covers(ticket.area, ticket.topic) for g in given)
        for name in wanted
    )


async def give(rt: Runtime, tx: AsyncConnection, ticket: Ticket, to: int) -> None:
    """Make a ticket somebody's."""
    await change(rt, tx, ticket, claimed_by=to, claimed_at=rt.clock.now())


async def change(rt: Runtime, tx: AsyncConnection, ticket: Ticket, **values: Any) -> None:
    """Change a ticket; who listens is told by `changed_at`."""
    row = update(tickets).where(tickets.c.id == ticket.id)
    await tx.execute(row.values(**values, changed_at=rt.clock.now()))


async def seat(rt: Runtime, tx: AsyncConnection, ticket: Ticket, *, is_open: bool) -> None:
    """Let a person talk in the bot's place, or the bot again; nothing old waits either way."""

    def work(talk: Talk) -> None:
        if is_open and not (talk.desk and talk.desk.is_open):
            talk.forget()
        asked = talk.desk.matter_until if talk.desk else 0.0
        talk.sit(Desk(ticket.code, ticket.kind, is_open=is_open, matter_until=asked))

    await talks.change(tx, ticket.person, rt.clock.now(), work)


async def note(
    rt: Runtime, tx: AsyncConnection, actor: Actor, ticket: Ticket, what: str, **detail: Any
) -> None:
    """Add a line to the ticket's story, and a row to the audit chain."""
    line = {"ticket": ticket.code, "at": rt.clock.now(), "side": Side.SYSTEM, "by": actor.id}
    await tx.execute(insert(lines).values(**line, what=what, text=""))
    target = f"ticket:{ticket.id}"
    await audit.note(rt, tx, actor, f"inbox.{what}", target, area=ticket.area, **detail)


def own(actor: Actor, ticket: Ticket) -> None:
    """Refuse to move a colleague's ticket; who leads there may."""
    is_lead = actor.may(LEAD, ticket.area, ticket.topic)
    if ticket.claimed_by not in (None, actor.id) and not is_lead:
        raise InvalidInput("inbox.not_yours")
