"""The report of a term: what was held and how many came, small figures never shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people.audience_figures import LEAST
from bot.runtime import Runtime
from bot.school.learner_tables import evidence
from bot.school.session_tables import check_ins, sessions
from bot.teaching import households, rates, terms
from bot.teaching.dating import LESSON, ONSITE
from bot.teaching.households import beginning
from bot.teaching.terms import Item, Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One session or lesson. `count` None: fewer than ten, and not shown."""

    title: str
    when: Any
    count: int | None
    has_some: bool
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """`came` and `learned` are sums, None where a part of them is not shown."""

    households: int | None
    sessions: tuple[Line, ...]
    lessons: tuple[Line, ...]
    came: int | None
    learned: int | None
    visits: rates.Rate | None


async def of(rt: Runtime, tx: AsyncConnection, plan: Plan) -> Report:
    """Return the figures of a term as they are now."""
    entries = await terms.entries(tx, plan.id)
    bound = await households.bound(tx, plan.area)
    onsite, lessons = await _sessions(tx, entries), await _lessons(tx, plan, entries)
    return Report(
        _shown(bound), onsite, lessons, _sum(onsite), _sum(lessons),
        await rates.of_school(tx, plan.area, beginning(plan.first), rt.clock.now()),
    )  # fmt: skip


def _shown(count: int) -> int | None:
    return count if count >= LEAST or not count else None


def _sum(lines: tuple[Line, ...]) -> int | None:
    """Return the sum of what is shown; with a hidden part the sum would tell it."""
    counts = [line.count for line in lines if not line.is_cancelled]
    return None if None in counts else sum(c for c in counts if c is not None)


async def _sessions(tx: AsyncConnection, entries: list[Item]) -> tuple[Line, ...]:
    numbers = [e.session for e in entries if e.kind == ONSITE and e.session is not None]
    came: dict[int, int] = dict(
        (
            await tx.execute(
                select(check_ins.c.session, func.count())
                .where(check_ins.c.session.in_(numbers))
                .group_by(check_ins.c.session)
            )
        ).all()
    )
    c = sessions.c
    rows = await tx.execute(
        select(c.id, c.title, c.starts_at, c.state)
        .where(c.id.in_(numbers))
        .order_by(c.starts_at, c.id)
    )
    return tuple(
        _line(row.title, row.starts_at, came.get(row.id, 0), is_cancelled=row.state == "cancelled")
        for row in rows
    )


async def _lessons(tx: AsyncConnection, plan: Plan, entries: list[Item]) -> tuple[Line, ...]:
    after = beginning(plan.last + timedelta(days=1))
    in_term = (evidence.c.at >= beginning(plan.first)) & (evidence.c.at < after)
    learners = await households.learners_by_lesson(tx, plan.area, in_term)
    return tuple(
        _line(e.title, e.day, len(learners.get(f"{e.course}/{e.lesson}", ())))
        for e in entries
        if e.kind == LESSON
    )


def _line(title: str, when: Any, count: int, *, is_cancelled: bool = False) -> Line:
    return Line(title, when, _shown(count), bool(count), is_cancelled)
