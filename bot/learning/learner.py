"""Who opens a page of learning: their children's grades, their courses, one course of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.h5.visit import Visit
from bot.people.families import Person, children, guardians
from bot.runtime import Runtime
from bot.school import fitting, shelf
from bot.school.course_tables import courses
from bot.school.fitting import Kid
from bot.school.learner_tables import enrolments, lesson_states
from knowledge.courses import Course, Lesson

_e = enrolments.c


@dataclass(frozen=True, slots=True)
class Taken:
    """A course as this parent meets it: in the version they began, or the one of today.

    `row` is their enrolment, None before they begin; `is_offered` says whether one may begin now.
    """

    course: Course
    row: Row[Any] | None
    is_offered: bool

    @property
    def at(self) -> Lesson | None:
        """Return the lesson at hand; None before the beginning."""
        if self.row is None:
            return None
        number: int = self.row.lesson
        return self.course.lessons[min(number, len(self.course.lessons) - 1)]


async def kids(tx: AsyncConnection, person: Person, today: date) -> list[Kid]:
    """Return the children as of today; none where the parent wished it so."""
    k, g = children.c, guardians.c
    mine = (g.account == person[0]) & (g.openid == person[1])
    wish = select(g.openid).where(mine, g.personal_off_at.is_not(None)).exists()
    found = await tx.execute(
        select(k.stage, k.entry_year)
        .where(k.account == person[0], k.openid == person[1], ~wish)
        .order_by(k.id)
    )
    told = [fitting.kid(row.stage, row.entry_year, today) for row in found]
    return [one for one in told if one is not None]


async def opened(visit: Visit, name: str) -> Taken:
    """Return a course as the visitor meets it, by one read where its text is in memory.

    Raises:
        NotFound: it does not exist, or is offered no more and the visitor never began it.
    """
    person = visit.person if visit.session else ("", "")
    mine = and_(_e.course == courses.c.id, _e.account == person[0], _e.openid == person[1])
    wanted = (
        select(courses.c.version.label("newest"), courses.c.retired_at, *enrolments.c)
        .outerjoin_from(courses, enrolments, mine)
        .where(courses.c.id == name)
    )
    async with visit.rt.db.read() as tx:
        row = (await tx.execute(wanted)).first()
        if row is None:
            raise NotFound
        is_offered = row.newest > 0 and row.retired_at is None
        if row.id is None and not is_offered:
            raise NotFound
        number = row.newest if row.id is None else row.version
        course = await shelf.one(visit.rt, tx, name, number)
    return Taken(course, None if row.id is None else row, is_offered)


async def every(rt: Runtime, tx: AsyncConnection, person: Person) -> list[Taken]:
    """Return what this parent takes or took, the last touched first."""
    mine = (_e.account == person[0]) & (_e.openid == person[1])
    wanted = (
        select(enrolments, courses.c.retired_at)
        .join_from(enrolments, courses, courses.c.id == _e.course)
        .where(mine)
        .order_by(_e.acted_at.desc(), _e.id)
    )
    rows = (await tx.execute(wanted)).all()
    found = await shelf.many(rt, tx, [(row.course, row.version) for row in rows])
    return [Taken(found[row.course, row.version], row, row.retired_at is None) for row in rows]


async def states(tx: AsyncConnection, numbers: Sequence[int]) -> dict[tuple[int, str], Row[Any]]:
    """Return how far the lessons of some enrolments came, by enrolment and lesson."""
    if not numbers:
        return {}
    wanted = select(lesson_states).where(lesson_states.c.enrolment.in_(numbers))
    return {(row.enrolment, row.lesson): row for row in await tx.execute(wanted)}
