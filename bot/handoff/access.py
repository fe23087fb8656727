"""Reading a parent's words: a reason, a second person, 24 hours, and a record of every look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.handoff import queries
from bot.handoff.hours import desk
from bot.handoff.queries import ANSWER, READ, Ticket
from bot.handoff.tables import Kind, State, accesses, tickets, views
from bot.people.actor import Actor
from bot.runtime import Runtime

APPROVE = "grants.approve"
#: Severity of a crisis that is happening now (`intents.crisis`).
NOW = 3
_ONE_LOOK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Access:
    """Where a person stands with a ticket's words; `is_live` lets them be shown."""

    id: int
    asked_at: datetime
    granted_at: datetime | None
    expires_at: datetime | None
    refused_at: datetime | None
    emergency: bool
    is_live: bool

    @property
    def is_pending(self) -> bool:
        """Say whether a second person has still to decide."""
        return self.granted_at is None and self.refused_at is None


async def current(
    tx: AsyncConnection, actor: Actor, ticket: Ticket, now: datetime
) -> Access | None:
    """Return a person's newest wish to read the words of a ticket."""
    names = ("id", "asked_at", "granted_at", "expires_at", "refused_at", "emergency")
    row = (
        await tx.execute(
            select(*(accesses.c[name] for name in names))
            .where(accesses.c.ticket == ticket.id, accesses.c.staff == actor.id)
            .order_by(accesses.c.id.desc())
            .limit(1)
        )
    ).first()
    if row is None:
        return None
    is_live = row.granted_at is not None and row.expires_at > now
    return Access(**row._mapping, is_live=is_live)  # noqa: SLF001 - SQLAlchemy's public name


def is_urgent(ticket: Ticket) -> bool:
    """Say whether whoever answers may look at once, with a review afterwards."""
    is_now = ticket.kind == Kind.CRISIS and ticket.severity >= NOW
    return is_now and ticket.state != State.CLOSED


async def ask(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, reason: str
) -> Access | None:
    """Ask for a ticket's words; in an emergency they are open at once. Returns where one stands.

    Raises:
        NotFound: there is no such ticket for this person.
        InvalidInput: a wish is pending, or the words are open already.
    """
    now, ticket = rt.clock.now(), await queries.get(tx, actor, number)
    before = await current(tx, actor, ticket, now)
    if before is not None and (before.is_pending or before.is_live):
        raise InvalidInput("access.already")
    urgent = is_urgent(ticket) and actor.may(ANSWER, ticket.area, ticket.topic)
    granted = {"granted_at": now, "expires_at": now + desk().access} if urgent else {}
    row = {"ticket": ticket.id, "staff": actor.id, "reason": reason, "asked_at": now}
    await tx.execute(insert(accesses).values(**row, emergency=urgent, **granted))
    await _touch(tx, ticket.id, now)
    verb = "access.emergency" if urgent else "access.asked"
    await audit.note(rt, tx, actor, verb, f"ticket:{ticket.id}", area=ticket.area, why=reason)
    return await current(tx, actor, ticket, now)


async def approve(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Open the words of a ticket to whoever asked, for 24 hours.

    Raises:
        NotFound: no such wish in this person's scope.
        NotAllowed: it is one's own.
        InvalidInput: it is decided already.
    """
    now = rt.clock.now()
    values = {"granted_by": actor.id, "granted_at": now, "expires_at": now + desk().access}
    await _decide(rt, tx, actor, number, "access.approved", values)


async def refuse(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Keep the words of a ticket shut; raises as `approve`."""
    values = {"refused_by": actor.id, "refused_at": rt.clock.now()}
    await _decide(rt, tx, actor, number, "access.refused", values)


async def review(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> None:
    """Note that an emergency was looked at afterwards; raises as `approve`."""
    row = await _asked(tx, actor, number)
    if not row.emergency or row.reviewed_at is not None:
        raise InvalidInput("access.decided")
    values = {"reviewed_by": actor.id, "reviewed_at": rt.clock.now()}
    await tx.execute(update(accesses).where(accesses.c.id == number).values(**values))
    target = f"access:{number}"
    await audit.note(rt, tx, actor, "access.reviewed", target, area=row.area)


async def listed(tx: AsyncConnection, actor: Actor, *, limit: int = 100) -> Sequence[Any]:
    """Return the wishes in a person's scope: to be decided, to be reviewed, then the newest."""
    columns = (tickets.c.code, tickets.c.kind, tickets.c.severity, tickets.c.area, tickets.c.topic)
    query = (
        select(accesses, *columns)
        .join(tickets, tickets.c.id == accesses.c.ticket)
        .where(_seen(actor))
        .order_by(_waits().desc(), accesses.c.id.desc())
        .limit(limit)
    )
    return (await tx.execute(query)).all()


async def waiting(tx: AsyncConnection, actor: Actor) -> int:
    """Return how many wishes of others a person has to decide or review."""
    wanted = (
        select(func.count())
        .select_from(accesses)
        .join(tickets, tickets.c.id == accesses.c.ticket)
        .where(_seen(actor), _waits(), accesses.c.staff != actor.id)
    )
    return await tx.scalar(wanted) or 0


async def looked(
    rt: Runtime, tx: AsyncConnection, actor: Actor, ticket: Ticket, access: Access
) -> None:
    """Record that a person is shown the words; the parent can ask for it."""
    role = next(g.role for g in actor.giving(READ) if g.covers(ticket.area, ticket.topic))
    row = {"staff": actor.id, "ticket": ticket.id, "access": access.id, "at": rt.clock.now()}
    await tx.execute(insert(views).values(**row, role=role))
    target = f"ticket:{ticket.id}"
    await audit.note(rt, tx, actor, "access.viewed", target, area=ticket.area, access=access.id)


async def has_just_looked(tx: AsyncConnection, actor: Actor, ticket: Ticket, now: datetime) -> bool:
    """Say whether this person's last look at these words is less than a minute ago."""
    last = await tx.scalar(
        select(func.max(views.c.at)).where(views.c.ticket == ticket.id, views.c.staff == actor.id)
    )
    return last is not None and now - last < _ONE_LOOK


def _seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for wishes a person decides; those of a crisis not at a school."""
    is_plain = tickets.c.kind != Kind.CRISIS
    here = actor.sees(APPROVE, tickets.c.area, tickets.c.topic)
    return here & (is_plain | actor.sees_widely(APPROVE, tickets.c.area))


def _waits() -> ColumnElement[bool]:
    pending = accesses.c.granted_at.is_(None) & accesses.c.refused_at.is_(None)
    return pending | (accesses.c.emergency & accesses.c.reviewed_at.is_(None))


async def _asked(tx: AsyncConnection, actor: Actor, number: int) -> Any:
    wanted = (
        select(accesses, tickets.c.area)
        .join(tickets, tickets.c.id == accesses.c.ticket)
        .where(accesses.c.id == number, _seen(actor))
    )
    row = (await tx.execute(wanted)).first()
    if row is None:
        raise NotFound
    if row.staff == actor.id:
        raise NotAllowed("access.self")
    return row


async def _decide(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, verb: str, values: dict[str, Any]
) -> None:
    row = await _asked(tx, actor, number)
    open_now = (accesses.c.id == number) & accesses.c.granted_at.is_(None)
    done = await tx.execute(
        update(accesses).where(open_now, accesses.c.refused_at.is_(None)).values(**values)
    )
    if done.rowcount != 1:  # a colleague was faster
        raise InvalidInput("access.decided")
    await _touch(tx, row.ticket, rt.clock.now())
    await audit.note(rt, tx, actor, verb, f"access:{number}", area=row.area, who=row.staff)


async def _touch(tx: AsyncConnection, ticket: int, now: datetime) -> None:
    await tx.execute(update(tickets).where(tickets.c.id == ticket).values(changed_at=now))
