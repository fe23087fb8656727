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
from bot.org import grades
from bot.people.families import Person, children, guardians
from bot.runtime import Runtime
from bot.school import shelf
from bot.school.course_tables import courses
from bot.school.learner_tables import enrolments, lesson_states
from knowledge.courses import GRADES, Course, Lesson

_LETTER = {stage: code[0] for code, stage in GRADES.items()}
_e = enrolments.c


@dataclass(frozen=True, slots=True)
class Kid:
    """One child as of today: stage, code of the grade (`p3`; empty: not known), what it is."""

    stage: str
    grade: str
    label: str

    def fits(self, course: Course) -> bool:
        """Say whether a course is for this child's stage and grade."""
        if self.stage not in course.stages:
            return False
        named = [code for code in course.grades if GRADES[code] == self.stage]
        return not named or not self.grade or self.grade in named


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
    """Return the children who are not out of school; none where the parent wished it so."""
    k, g = children.c, guardians.c
    mine = (g.account == person[0]) & (g.openid == person[1])
    wish = select(g.openid).where(mine, g.personal_off_at.is_not(None)).exists()
    found = await tx.execute(
        select(k.stage, k.entry_year)
        .where(k.account == person[0], k.openid == person[1], ~wish)
        .order_by(k.id)
    )
    return [_kid(*row, today) for row in found if _is_young(*row, today)]


def _is_young(stage: str, year: int | None, today: date) -> bool:
    return year is None or bool(grades.band(stage, year, today))


def _kid(stage: str, year: int | None, today: date) -> Kid:
    if year is None:
        named = grades.words().stages.get(stage, grades.words().labels.get(stage, ""))
        return Kid(stage, "", named)
    code = f"{_LETTER.get(stage, '')}{grades.school_year(today) - year + 1}"
    return Kid(stage, code if code in GRADES else "", grades.grade(stage, year, today))


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
