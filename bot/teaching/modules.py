"""The module of a week: what the teacher chose, what the term plan says, else one in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.db.upsert import upsert
from bot.org import grades
from bot.org.tree import Unit
from bot.runtime import Runtime
from bot.school import courses
from bot.teaching import access
from bot.teaching.households import monday
from bot.teaching.tables import class_weeks, items, plans
from knowledge.courses import Course, Lesson

_WEEK = timedelta(days=6)
_LETTERS = {"kinder": "k", "primary": "p", "junior": "j", "senior": "s"}
#: Of a school of several stages.
_JOINT = "joint"


@dataclass(frozen=True, slots=True)
class Module:
    """One lesson of a published course."""

    course: Course
    lesson: Lesson

    @property
    def key(self) -> str:
        """Return its name as the learning record has it (`course/lesson`)."""
        return f"{self.course.id}/{self.lesson.name}"


async def published(rt: Runtime, tx: AsyncConnection) -> list[Module]:
    """Return every lesson of the published courses."""
    rows = await tx.execute(courses.published())
    return [Module(c, one) for c in (courses.opened(rt, r) for r in rows) for one in c.lessons]


def suiting(modules: Sequence[Module], unit: Unit, today: date) -> list[Module]:
    """Return the lessons for the children of a class or a school, the basic ones first."""
    grade = _grade(unit, today)
    fits = [m for m in modules if _fits(m.course, unit.stage or "", grade)]
    return sorted(fits, key=lambda m: m.course.level)


def _grade(unit: Unit, today: date) -> str:
    letter = _LETTERS.get(unit.stage or "")
    if letter is None or unit.entry_year is None:
        return ""
    return f"{letter}{grades.school_year(today) - unit.entry_year + 1}"


def _fits(course: Course, stage: str, grade: str) -> bool:
    if stage and stage != _JOINT and stage not in course.stages:
        return False
    return not grade or not course.grades or grade in course.grades


def topic_of(modules: Sequence[Module]) -> Mapping[str, str]:
    """Return the topic of each lesson."""
    return {m.key: m.lesson.topic for m in modules}


async def of_week(
    tx: AsyncConnection, modules: Sequence[Module], unit: Unit, today: date
) -> Module | None:
    """Return a class's module of this week; None: no course suits it."""
    known = {m.key: m for m in modules}
    for wanted in (await _chosen(tx, unit, today), await _planned(tx, unit, today)):
        if wanted in known:
            return known[wanted]
    listed = suiting(modules, unit, today)
    return listed[today.isocalendar().week % len(listed)] if listed else None


async def _chosen(tx: AsyncConnection, unit: Unit, today: date) -> str:
    c = class_weeks.c
    wanted = select(c.course, c.lesson).where(c.area == unit.path, c.monday == monday(today))
    row = (await tx.execute(wanted)).first()
    return f"{row.course}/{row.lesson}" if row else ""


async def _planned(tx: AsyncConnection, unit: Unit, today: date) -> str:
    school = await access.school_of(tx, unit.path)
    if school is None:
        return ""
    first = monday(today)
    row = (
        await tx.execute(
            select(items.c.course, items.c.lesson)
            .join(plans, plans.c.id == items.c.plan)
            .where(plans.c.area == school.path, plans.c.published_at.is_not(None))
            .where(items.c.kind == "lesson", items.c.day.between(first, first + _WEEK))
            .order_by(items.c.day)
        )
    ).first()
    return f"{row.course}/{row.lesson}" if row else ""


async def choose(rt: Runtime, tx: AsyncConnection, unit: Unit, module: Module) -> None:
    """Note the module a teacher chose for this week."""
    first = monday(day(rt.clock.now()))
    save = upsert(class_weeks, ("area", "monday"), ("course", "lesson"), is_sqlite=rt.db.is_sqlite)
    row = {"area": unit.path, "monday": first, "course": module.course.id}
    await tx.execute(save, row | {"lesson": module.lesson.name})
