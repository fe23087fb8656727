"""Of a week's report: what parents asked about, and the cases that may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.library.tables import decisions
from bot.org import scope
from bot.people.audience_figures import LEAST
from bot.week import cases, counting
from bot.week.plans import Plan
from bot.week.wall_tables import cards, packs
from knowledge.topics import topics

#: Questions are compared with those of so many days before; so many topics are listed.
BEFORE, TOPICS = timedelta(days=14), 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic parents asked about in the week; `before` a week in the time before, None: few."""

    name: str
    count: int
    before: int | None


async def topics_of(tx: AsyncConnection, plan: Plan) -> list[Asked]:
    """Return what most different parents asked about; topics of fewer than ten are left out."""
    begins, ends = _at(plan.week.begins), _at(plan.week.ends + timedelta(days=1))
    now = await _asked(tx, begins, ends)
    weeks = BEFORE / (ends - begins)
    past = await _asked(tx, begins - BEFORE, begins)
    known = topics()
    most = sorted(now.items(), key=lambda one: (-one[1], one[0]))[:TOPICS]
    return [
        Asked(
            known[name].name if name in known else name,
            count,
            round(past[name] / weeks) if name in past else None,
        )
        for name, count in most
    ]


async def _asked(tx: AsyncConnection, first: datetime, last: datetime) -> dict[str, int]:
    rows = await tx.execute(
        select(decisions.c.topic, func.count())
        .where(decisions.c.at >= first, decisions.c.at < last, decisions.c.topic != "")
        .group_by(decisions.c.topic)
        .having(func.count(decisions.c.asker.distinct()) >= LEAST)
    )
    return {row.topic: row[1] for row in rows}


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), GUANGZHOU)


async def cases_of(tx: AsyncConnection, plan: Plan) -> list[tuple[str, int, int]]:
    """Return title, packs handed out and clicks of the cards that may be told."""
    rows = await tx.execute(
        select(cards.c.id, cards.c.title)
        .where(cards.c.year == plan.year, scope.is_below(cards.c.area, plan.area))
        .order_by(cards.c.id)
    )
    found = list(rows.all())
    standing = await cases.standings(tx, [row.id for row in found])
    handed = (
        await tx.execute(select(packs.c.card, packs.c.link).where(packs.c.recalled_at.is_(None)))
    ).all()
    clicks = await counting.clicked(tx, [row.link for row in handed])
    told = []
    for row in found:
        if standing[row.id].is_green:
            mine = [one.link for one in handed if one.card == row.id]
            told.append((row.title, len(mine), sum(clicks.get(link, 0) for link in mine)))
    return told
