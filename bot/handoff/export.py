"""Tickets, alerts, holds and who read the words, read for the parent they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.handoff.tables import accesses, alerts, follow_ups, lines, tickets, views
from bot.people import roles
from bot.people.families import Person, holds
from bot.people.kept import Kept, kept, word
from bot.runtime import Runtime
from knowledge.topics import topics

_OWN = "handoff"
#: A question of the next day goes so many days after it was due (bot/safety/rules.yaml).
_FOLLOW_UP_DAYS = 7


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return what is kept of this parent's talks with people; never a number of the staff."""
    days = rt.settings.ticket_days
    mine = (tickets.c.account == person[0], tickets.c.openid == person[1])
    own = (await tx.execute(select(tickets).where(*mine).order_by(tickets.c.id))).all()
    said = await tx.execute(
        select(lines)
        .where(lines.c.ticket.in_(select(tickets.c.code).where(*mine)))
        .order_by(lines.c.id)
    )
    warned = await tx.execute(
        select(alerts).where(alerts.c.asker == rt.pseudonyms.name(person[1])).order_by(alerts.c.id)
    )
    return (
        kept(_OWN, "views", await _looks(tx, mine)),
        kept(_OWN, "tickets", map(_ticket, own), days=days),
        kept(_OWN, "lines", map(_line, said), days=days),
        kept(_OWN, "alerts", map(_alert, warned)),
        kept(_OWN, "holds", await _held(tx, person)),
        kept(_OWN, "followups", await _agreed(tx, person), days=_FOLLOW_UP_DAYS),
    )


async def _looks(tx: AsyncConnection, mine: Sequence[Any]) -> Iterator[tuple[object, ...]]:
    found = await tx.execute(
        select(func.min(views.c.at).label("at"), tickets.c.code, views.c.role, accesses.c.reason)
        .select_from(views)
        .join(accesses, accesses.c.id == views.c.access)
        .join(tickets, tickets.c.id == views.c.ticket)
        .where(*mine)
        .group_by(tickets.c.code, views.c.role, accesses.c.id, accesses.c.reason)
        .order_by(func.min(views.c.at))
    )
    names = roles.load().roles
    return (
        (row.at, row.code, names[row.role].name if row.role in names else row.role, row.reason)
        for row in found.all()
    )


async def _held(tx: AsyncConnection, person: Person) -> Iterator[tuple[object, ...]]:
    found = await tx.execute(
        select(holds)
        .where(holds.c.account == person[0], holds.c.openid == person[1])
        .order_by(holds.c.id)
    )
    return (
        (row.ticket, _category(row.reason), row.placed_at, row.until, row.lifted_at)
        for row in found.all()
    )


async def _agreed(tx: AsyncConnection, person: Person) -> Iterator[tuple[object, ...]]:
    found = await tx.execute(
        select(follow_ups)
        .where(follow_ups.c.account == person[0], follow_ups.c.openid == person[1])
        .order_by(follow_ups.c.id)
    )
    return ((row.agreed_at, row.due_at, row.done_at) for row in found.all())


def _ticket(row: Row[Any]) -> tuple[object, ...]:
    known = topics().get(row.topic)
    kind = _category(row.category) or word(_OWN, "kind", row.kind)
    state, topic = word(_OWN, "state", row.state), known.name if known else row.topic
    return (row.opened_at, row.code, kind, topic, state, row.closed_at, row.note)


def _line(row: Row[Any]) -> tuple[object, ...]:
    text = word(_OWN, "line", row.what) if row.what else row.text
    return (row.at, row.ticket, word(_OWN, "side", row.side), text)


def _alert(row: Row[Any]) -> tuple[object, ...]:
    severity = word(_OWN, "severity", str(row.severity))
    kind, choice = word(_OWN, "kind", row.kind), word(_OWN, "choice", row.choice)
    return (row.at, kind, _category(row.category), severity, choice)


def _category(value: str) -> str:
    return word(_OWN, "category", value)
