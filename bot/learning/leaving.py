"""A parent leaves or has everything deleted: courses, learning record, reminders."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Turn
from bot.learning import remind_people
from bot.people.families import Person
from bot.people.kept import Kept, kept, word
from bot.runtime import Runtime
from bot.school import record
from bot.school.course_tables import courses
from bot.school.learner_tables import enrolments, evidence, lesson_states

_OWN = "learning"

_mine = (enrolments.c.account == bindparam("owner")) & (enrolments.c.openid == bindparam("parent"))
_forget_lessons = delete(lesson_states).where(
    lesson_states.c.enrolment.in_(select(enrolments.c.id).where(_mine))
)
_forget = delete(enrolments).where(_mine)


def erase(turn: Turn) -> None:
    """Note the deletion of everything learned; lessons first, for they are found by enrolment."""
    mine = {"owner": turn.message.account, "parent": turn.message.openid}
    turn.write(_forget_lessons, mine)
    turn.write(_forget, mine)
    turn.write(record.forget, mine)
    remind_people.erase(turn)


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return this parent's courses, their lessons, and the learning record."""
    e, s, r = enrolments.c, lesson_states.c, evidence.c
    mine = (e.account == person[0]) & (e.openid == person[1])
    taken = await tx.execute(
        select(e.begun_at, courses.c.title, e.version, e.state, e.lesson, e.clock, e.due_at,
               e.acted_at, e.finished_at)
        .outerjoin(courses, courses.c.id == e.course).where(mine).order_by(e.begun_at, e.id)
    )  # fmt: skip
    came = await tx.execute(
        select(courses.c.title, s.lesson, s.read_at, s.quiz_right, s.quiz_tries, s.practice,
               s.stuck, s.practice_at, s.done_at)
        .join_from(lesson_states, enrolments, e.id == s.enrolment)
        .outerjoin(courses, courses.c.id == e.course).where(mine).order_by(e.id, s.lesson)
    )  # fmt: skip
    learned = await tx.execute(
        select(r.at, r.kind, r.title, r.minutes, r.way, r.unit)
        .where((r.account == person[0]) & (r.openid == person[1])).order_by(r.at, r.id)
    )  # fmt: skip
    return (
        kept(_OWN, "courses", (_course(row) for row in taken)),
        kept(_OWN, "lessons", (_lesson(row) for row in came)),
        kept(_OWN, "record", (_learned(row) for row in learned)),
        await remind_people.export(rt, tx, person),
    )


def _course(row: tuple[object, ...]) -> tuple[object, ...]:
    begun, title, version, state, lesson, clock, *times = row
    assert isinstance(lesson, int)
    at = f"{clock // 60}:{clock % 60:02}" if isinstance(clock, int) else ""
    return (begun, title, version, word(_OWN, "state", str(state)), lesson + 1, at, *times)


def _lesson(row: tuple[object, ...]) -> tuple[object, ...]:
    title, lesson, read_at, right, tries, practice, stuck, *times = row
    branch = stuck + 1 if isinstance(stuck, int) else None
    told = word(_OWN, "practice", str(practice))
    return (title, lesson, read_at, right, tries, told, branch, *times)


def _learned(row: tuple[object, ...]) -> tuple[object, ...]:
    at, kind, title, minutes, way, unit = row
    return (at, word(_OWN, "kind", str(kind)), title, minutes, word(_OWN, "way", str(way)), unit)
