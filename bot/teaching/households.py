"""How many households a class has and what they learned: counts only, small ones never shown.

A household is a parent who has bound the class: mother and father of one child count as two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.org import scope
from bot.people.audience_figures import LEAST
from bot.people.families import children
from bot.school.learner_tables import evidence
from bot.school.record import Kind
from knowledge.topics import topics

#: Rates are shown to this step, so that one parent more or less does not show.
STEP = 5
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """What a class teacher sees. None: not shown, because too few stand behind it."""

    households: int | None
    learned: int | None  # per cent of the households, this week
    topic: str


def beginning(day: date) -> datetime:
    """Return the first instant of a day in Guangzhou."""
    return datetime.combine(day, time(), GUANGZHOU)


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


async def bound(tx: AsyncConnection, area: str) -> int:
    """Return how many households are bound to a class, or to the classes below a school."""
    mine = select(children.c.account, children.c.openid).where(
        scope.is_below(children.c.unit, area)
    )
    return await tx.scalar(select(func.count()).select_from(mine.distinct().subquery())) or 0


def share(part: int, whole: int) -> int | None:
    """Return a part of the whole in per cent, to the step; None where either side is small.

    Nobody and everybody are small sides as well: they would say it of each single household.
    """
    if min(part, whole - part) < LEAST:
        return None
    return STEP * round(_HUNDRED * part / whole / STEP)


async def figures(
    tx: AsyncConnection, area: str, today: date, topic_of: Mapping[str, str]
) -> Figures:
    """Return what may be shown of a class in this week; `topic_of` names a lesson's topic."""
    households = await bound(tx, area)
    if households < LEAST:
        return Figures(None, None, "")
    since = beginning(monday(today))
    learners = await learners_by_lesson(tx, area, evidence.c.at >= since)
    everybody = {person for people in learners.values() for person in people}
    return Figures(households, share(len(everybody), households), _favourite(learners, topic_of))


async def learners_by_lesson(
    tx: AsyncConnection, area: str, wanted: ColumnElement[bool]
) -> Mapping[str, set[tuple[str, str]]]:
    """Return who of these classes learned which lesson (`course/lesson`); never to be shown."""
    bound_here = scope.is_below(children.c.unit, area)
    same = (children.c.account == evidence.c.account) & (children.c.openid == evidence.c.openid)
    rows = await tx.execute(
        select(evidence.c.subject, evidence.c.account, evidence.c.openid)
        .join_from(children, evidence, same)
        .where(bound_here, evidence.c.kind == Kind.LESSON, wanted)
        .distinct()
    )
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        found[row.subject].add((row.account, row.openid))
    return found


def _favourite(learners: Mapping[str, set[tuple[str, str]]], topic_of: Mapping[str, str]) -> str:
    """Return the topic most households learned of; empty: too few learned of the same."""
    people: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for lesson, who in learners.items():
        people[topic_of.get(lesson, "")] |= who
    people.pop("", None)
    listed = sorted(people.items(), key=lambda one: (-len(one[1]), one[0]))
    return topic_name(listed[0][0]) if listed and len(listed[0][1]) >= LEAST else ""


def topic_name(topic: str) -> str:
    """Return what a topic is called; empty: none of ours."""
    known = topics().get(topic)
    return known.name if known else ""
