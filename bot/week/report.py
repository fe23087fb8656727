"""The report of a week: every number is computed from rows, none is typed, none tells of a few.

A figure below ten is not shown, nor what it could be worked out from; districts stand in the order
of the tree, never in that of a figure (MISSION, first no. 8; L6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.delivery.ledger_tables import broadcasts, deliveries
from bot.delivery.states import Channel, State
from bot.org import scope
from bot.people.audience_figures import LEAST, hidden, shown
from bot.people.audience_rows import of_parent, place
from bot.people.families import children, guardians
from bot.people.followers import followers
from bot.week import access, asked, counting, plans
from bot.week.asked import Asked
from bot.week.plans import Plan
from bot.week.tables import bookings, talks, views
from bot.week.wall import PUBLISHED, REJECTED, SEEN, WAITING
from bot.week.wall_tables import posts

#: From the warm-up to so long after the week.
_FIRST, _LAST = timedelta(days=14), timedelta(days=14)
_REACHED = (State.SENT, State.QUEUED, State.KEPT)

#: A figure, or None where it must not be shown.
Figure = int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of the quiz: how often it was answered, and what part chose the right option."""

    day: int
    text: str
    count: Figure
    right: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows. Districts are (name, figure)."""

    plan: Plan
    reached: Mapping[str, Figure]
    reasons: Mapping[str, Figure]
    by_district: Sequence[tuple[str, Figure]]
    views: Mapping[str, int]
    quiz: Sequence[Answered]
    live: Sequence[tuple[str, date, Figure]]
    wall: Mapping[str, Figure]
    wall_by_district: Sequence[tuple[str, Figure]]
    topics: Sequence[Asked]
    cases: Sequence[tuple[str, int, int]]


async def compute(tx: AsyncConnection, plan: Plan) -> Report:
    """Return the report of a plan; a district's is about its own part alone."""
    entries = await plans.entries(tx, plan.id)
    sent = await _broadcasts(tx, [i.about for i in entries if i.about])
    names = [(p, n) for p, n in await access.every(tx) if p != access.CITY]
    is_city = plan.area == access.CITY
    states = await _states(tx, sent)
    return Report(
        plan=plan,
        reached=_channels(states),
        reasons=_reasons(states),
        by_district=await _by_district(tx, sent, names) if is_city else (),
        views=await _views(tx, plan) if is_city else {},
        quiz=await _quiz(tx, plan),
        live=await _live(tx, plan),
        wall=await _wall(tx, plan),
        wall_by_district=await _wall_by_district(tx, plan, names) if is_city else (),
        topics=await asked.topics_of(tx, plan) if is_city else (),
        cases=await asked.cases_of(tx, plan),
    )


async def _broadcasts(tx: AsyncConnection, abouts: Sequence[str]) -> list[int]:
    found = await tx.scalars(select(broadcasts.c.id).where(broadcasts.c.about.in_(abouts)))
    return list(found.all())


async def _states(tx: AsyncConnection, sent: Sequence[int]) -> Counter[tuple[str, str, str]]:
    """Return how many rows of the ledger are in each channel, state and reason."""
    d = deliveries.c
    rows = await tx.execute(
        select(d.channel, d.state, d.reason, func.count())
        .where(d.broadcast.in_(sent))
        .group_by(d.channel, d.state, d.reason)
    )
    return Counter({(r.channel, r.state, r.reason): r[3] for r in rows})


def _channels(states: Counter[tuple[str, str, str]]) -> Mapping[str, Figure]:
    """Return how often a push arrived by each channel; one parent may have had several pushes."""
    counts = {channel.value: 0 for channel in Channel}
    for (channel, state, _), number in states.items():
        if state in _REACHED:
            counts[channel] += number
    return hidden(counts)


def _reasons(states: Counter[tuple[str, str, str]]) -> Mapping[str, Figure]:
    """Return why pushes did not go out, or stayed on the page of messages."""
    counts: Counter[str] = Counter()
    for (_, state, reason), number in states.items():
        if reason and state not in (State.SENT, State.QUEUED):
            counts[reason] += number
    return hidden(counts)


async def _by_district(
    tx: AsyncConnection, sent: Sequence[int], names: Sequence[tuple[str, str]]
) -> list[tuple[str, Figure]]:
    """Return how many different parents were reached, by the place of their children."""
    kid = children.alias()
    at = func.coalesce(func.min(place(kid)), "").label("place")
    mine = guardians.c.openid == deliveries.c.openid
    theirs = (followers.c.account == guardians.c.account) & (
        followers.c.openid == guardians.c.openid
    )
    each = (
        select(at)
        .join_from(deliveries, guardians, mine)
        .join(followers, theirs)
        .outerjoin(kid, of_parent(kid))
        .where(deliveries.c.broadcast.in_(sent), deliveries.c.openid != "")
        .where(deliveries.c.state.in_(_REACHED))
        .group_by(guardians.c.openid)
        .subquery()
    )
    rows = await tx.execute(select(each.c.place, func.count()).group_by(each.c.place))
    return _placed(((row.place, row[1]) for row in rows), names)


def _placed(rows: Any, names: Sequence[tuple[str, str]]) -> list[tuple[str, Figure]]:
    """Return figures by district in the order of the tree; what lies in none stands last."""
    counts = {path: 0 for path, _ in names} | {"": 0}
    for path, number in rows:
        home = next((p for p, _ in names if scope.contains(p, path)), "")
        counts[home] += number
    safe = hidden(counts)
    return [(name, safe[path]) for path, name in names] + [("", safe[""])]


async def _views(tx: AsyncConnection, plan: Plan) -> Mapping[str, int]:
    """Return how often each page was opened, from the warm-up on."""
    first, last = plan.week.begins - _FIRST, plan.week.ends + _LAST
    rows = await tx.execute(
        select(views.c.what, func.sum(views.c.count))
        .where(views.c.day.between(first, last))
        .group_by(views.c.what)
    )
    return {row.what: int(row[1]) for row in rows}


async def _quiz(tx: AsyncConnection, plan: Plan) -> list[Answered]:
    chosen = await counting.chosen(tx, plan.id)
    found = []
    for question in await plans.quiz(tx, plan.id):
        counts = [chosen.get((question.id, n), 0) for n in range(len(question.options))]
        total = sum(counts)
        right = counts[question.answer] / total if total >= LEAST else None
        found.append(Answered(question.day, question.text, shown(total), right))
    return found


async def _live(tx: AsyncConnection, plan: Plan) -> list[tuple[str, date, Figure]]:
    rows = await tx.execute(
        select(talks.c.title, talks.c.starts_at, func.count(bookings.c.openid))
        .outerjoin(bookings, bookings.c.talk == talks.c.id)
        .where(talks.c.year == plan.year, _inside(talks.c.area, plan))
        .group_by(talks.c.id, talks.c.title, talks.c.starts_at)
        .order_by(talks.c.starts_at)
    )
    return [(row.title, row.starts_at.astimezone(GUANGZHOU).date(), shown(row[2])) for row in rows]


def _inside(column: ColumnElement[str], plan: Plan) -> ColumnElement[bool]:
    return scope.is_below(column, plan.area)


async def _wall(tx: AsyncConnection, plan: Plan) -> Mapping[str, Figure]:
    """Return how many stories stand how; what is on the wall everybody can count."""
    rows = await tx.execute(
        select(posts.c.state, func.count())
        .where(posts.c.year == plan.year, _inside(posts.c.area, plan))
        .group_by(posts.c.state)
    )
    counts = {row.state: row[1] for row in rows}
    return {
        "published": counts.get(PUBLISHED, 0),
        "waiting": counts.get(WAITING, 0) + counts.get(SEEN, 0),
        "rejected": counts.get(REJECTED, 0),
    }


async def _wall_by_district(
    tx: AsyncConnection, plan: Plan, names: Sequence[tuple[str, str]]
) -> list[tuple[str, Figure]]:
    rows = await tx.execute(
        select(posts.c.area, func.count())
        .where(posts.c.year == plan.year, posts.c.state == PUBLISHED)
        .group_by(posts.c.area)
    )
    return _placed(((row.area, row[1]) for row in rows), names)
