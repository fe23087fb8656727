"""Reading tickets: always within the scope of who asks; a ticket outside is not found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.handoff.tables import Kind, Sent, Side, State, lines, tickets
from bot.people.actor import Actor
from bot.people.tables import staff

READ, ANSWER = "tickets.read", "tickets.answer"
CRISIS = "crisis.answer"
#: What the platform counts against a window: an unknown outcome may have been delivered.
_SPENT = (Sent.CLAIMED, Sent.SENT, Sent.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A row of `ticket`; the openid never reaches a page."""

    id: int
    code: str
    account: str
    openid: str
    asker: str
    kind: str
    category: str
    severity: int
    state: str
    area: str
    topic: str
    stage: str
    opened_at: datetime
    claimed_by: int | None
    claimed_at: datetime | None
    first_reply_at: datetime | None
    closed_at: datetime | None
    note: str
    last_parent_at: datetime | None
    due_at: datetime
    changed_at: datetime

    @property
    def person(self) -> tuple[str, str]:
        """Return the key of the parent's conversation."""
        return self.account, self.openid

    def is_overdue(self, now: datetime) -> bool:
        """Say whether the first answer is late."""
        return self.state == State.WAITING and self.first_reply_at is None and self.due_at < now


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty values narrow nothing, `mine` is a staff number."""

    state: str = ""
    is_active: bool = False
    topic: str = ""
    mine: int | None = None
    code: str = ""

    def conditions(self) -> Iterable[ColumnElement[bool]]:
        """Yield the conditions."""
        if self.state:
            yield tickets.c.state == self.state
        if self.is_active:
            yield tickets.c.state != State.CLOSED
        if self.topic:
            below = tickets.c.topic.startswith(f"{self.topic}.", autoescape=True)
            yield (tickets.c.topic == self.topic) | below
        if self.mine is not None:
            yield tickets.c.claimed_by == self.mine
        if self.code:
            yield tickets.c.code == self.code


_COLUMNS = [tickets.c[name] for name in Ticket.__dataclass_fields__]
# waiting first, a crisis on top, the graver the higher, then who waits longest
_ORDER = (
    case({State.WAITING: 0, State.OPEN: 1}, value=tickets.c.state, else_=2),
    case({Kind.CRISIS: 0}, value=tickets.c.kind, else_=1),
    tickets.c.severity.desc(),
    tickets.c.due_at,
    tickets.c.id,
)


def seen(actor: Actor, permission: str = READ) -> ColumnElement[bool]:
    """Return the condition for tickets a person may see; a crisis needs a permission of its own."""
    is_plain = tickets.c.kind != Kind.CRISIS
    here = actor.sees(permission, tickets.c.area, tickets.c.topic)
    return here & (is_plain | actor.sees(CRISIS, tickets.c.area))


async def get(tx: AsyncConnection, actor: Actor, number: int, permission: str = READ) -> Ticket:
    """Return a ticket.

    Raises:
        NotFound: there is none that this person may see.
    """
    wanted = select(*_COLUMNS).where(tickets.c.id == number, seen(actor, permission))
    row = (await tx.execute(wanted)).first()
    if row is None:
        raise NotFound
    return Ticket(*row)


async def listed(
    tx: AsyncConnection, actor: Actor, wanted: Filter, *, offset: int, limit: int
) -> list[Ticket]:
    """Return a part of the list, what is most urgent first; closed ones newest first."""
    newest = case((tickets.c.state == State.CLOSED, tickets.c.closed_at)).desc()
    order = (_ORDER[0], *((newest,) if wanted.state == State.CLOSED else ()), *_ORDER[1:])
    query = _of(select(*_COLUMNS), actor, wanted).order_by(*order)
    return [Ticket(*row) for row in await tx.execute(query.offset(offset).limit(limit))]


async def count(tx: AsyncConnection, actor: Actor, wanted: Filter) -> int:
    """Return how many tickets a list holds."""
    return await tx.scalar(_of(select(func.count()).select_from(tickets), actor, wanted)) or 0


async def counts(tx: AsyncConnection, actor: Actor, now: datetime) -> dict[str, int]:
    """Return how many are waiting, open, closed, mine and not closed, and overdue."""
    late = (
        (tickets.c.state == State.WAITING)
        & tickets.c.first_reply_at.is_(None)
        & (tickets.c.due_at < now)
    )
    mine = (tickets.c.claimed_by == actor.id) & (tickets.c.state != State.CLOSED)
    named = {
        "waiting": tickets.c.state == State.WAITING,
        "open": tickets.c.state == State.OPEN,
        "closed": tickets.c.state == State.CLOSED,
        "mine": mine,
        "overdue": late,
    }
    sums = [func.sum(case((found, 1), else_=0)).label(name) for name, found in named.items()]
    row = (await tx.execute(select(*sums).where(seen(actor)))).mappings().one()
    return {name: int(row[name] or 0) for name in named}


async def waiting(tx: AsyncConnection, actor: Actor) -> int:
    """Return how many wait: the number beside the menu item."""
    return await count(tx, actor, Filter(state=State.WAITING))


async def topics(tx: AsyncConnection, actor: Actor) -> list[str]:
    """Return the topics of the tickets this person sees."""
    found = select(tickets.c.topic).where(seen(actor), tickets.c.topic != "").distinct()
    return list(await tx.scalars(found.order_by(tickets.c.topic)))


async def said(tx: AsyncConnection, code: str) -> Sequence[Any]:
    """Return the lines of a ticket, oldest first."""
    wanted = select(lines).where(lines.c.ticket == code).order_by(lines.c.at, lines.c.id)
    return (await tx.execute(wanted)).all()


async def spent(tx: AsyncConnection, ticket: Ticket) -> int:
    """Return how many messages were sent to the parent since they wrote last."""
    if ticket.last_parent_at is None:
        return 0
    wanted = (
        select(func.count())
        .select_from(lines)
        .where(
            lines.c.ticket == ticket.code,
            lines.c.side != Side.PARENT,
            lines.c.state.in_(_SPENT),
            lines.c.at >= ticket.last_parent_at,
        )
    )
    return await tx.scalar(wanted) or 0


async def names(tx: AsyncConnection, numbers: Iterable[int | None]) -> Mapping[int, str]:
    """Return the names of these colleagues."""
    wanted = {n for n in numbers if n is not None}
    rows = await tx.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _of(query: Select[Any], actor: Actor, wanted: Filter) -> Select[Any]:
    return query.where(seen(actor), *wanted.conditions())
