"""Statements of learning: enrol, go a step, set the time, put off, rest, stop.

Each function returns statements with their rows, for `turn.write(*one)` and `tx.execute(*one)`.

What stands in `due`, `due_at` and `nudges` (rules: bot/school/due.py; read by `remind*.py`):
- every act of the parent sets all three anew and `nudges` to 0; `due_at` None: nothing is planned;
- only an ACTIVE enrolment has a PRACTICE, CHECK, LESSON or ASK, only a RESTING one a RESUME;
- whoever has sent, or shown instead, what was due writes `reminded`; it does nothing where the
  parent has acted since (`due_at` is another), so a reminder never overwrites an act;
- `due_at` is never in the quiet hours as they were when the time was set; they may have changed
  since, so the sender moves it by `calendar.quiet.next_open`. Consent is the sender's question too:
  it may be withdrawn at any time, and no row here changes then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Executable,
    Row,
    Select,
    SmallInteger,
    bindparam,
    func,
    select,
    update,
)

from bot.db.base import Instant
from bot.db.upsert import insert_if_new
from bot.learning.lesson_rows import noted
from bot.people.families import Person
from bot.school import due, record, steps
from bot.school.due import NOTHING, Plan
from bot.school.learner_tables import enrolments
from bot.school.record import Kind, Learned
from bot.school.states import Due, Standing, Step
from bot.school.steps import Outcome, Place
from knowledge.courses import Course

#: A statement and its row.
Write = tuple[Executable, Mapping[str, Any]]
#: How something was learned (`learning_evidence.way`).
CHAT, H5 = "chat", "h5"

_e = enrolments.c
_NEW = tuple(c.name for c in _e if c.name not in {"id", "finished_at"})
#: The name of what a lesson and a practice prove: unique for a person and kind.
_ABOUT: Mapping[Kind, str] = {Kind.LESSON: "lesson", Kind.PRACTICE: "practice"}


def own(person: Person) -> Select[Any]:
    """Return a parent's enrolments, the one of their last act first."""
    mine = (_e.account == person[0]) & (_e.openid == person[1])
    return select(enrolments).where(mine).order_by(_e.acted_at.desc(), _e.id.desc())


def one(person: Person, course: str) -> Select[Any]:
    """Return a parent's enrolment in a course, if there is one."""
    return own(person).where(_e.course == course)


def place(row: Row[Any]) -> Place:
    """Return where an enrolment stands."""
    return Place(row.lesson, Step(row.step), row.at_step)


def enrol(
    person: Person, course: str, version: int, now: datetime, *, clock: int | None, is_sqlite: bool
) -> Write:
    """Begin a course at its first card; who is enrolled already stays where they are.

    `clock` is the parent's time for reminders (minutes after midnight in Beijing), None without
    their consent.
    """
    plan = due.planned(Place(), clock, now)
    row = {
        "account": person[0], "openid": person[1], "course": course, "version": version,
        "state": Standing.ACTIVE, "lesson": 0, "step": Step.CARD, "at_step": 0, "clock": clock,
        "due_at": plan.at, "due": plan.due or "", "nudges": 0, "begun_at": now, "acted_at": now,
    }  # fmt: skip
    return insert_if_new(enrolments, _NEW, is_sqlite=is_sqlite), row


def applied(
    row: Row[Any], course: Course, outcome: Outcome, now: datetime, *, way: str, is_sqlite: bool,
    clock: int | None = None, at: datetime | None = None, version: int | None = None,
) -> tuple[Write, ...]:  # fmt: skip
    """Write an outcome: where the enrolment stands, how far the lesson came, what was learned.

    `clock` is a time chosen with this act, `at` the practice's own moment by it, `version` the
    course's from here on (retaken). Where the enrolment stands somewhere else by now (another tap,
    another replica), its row stays as it is; the rest may be written twice and counts once.
    """
    when = row.clock if clock is None else clock
    is_new = outcome.said is steps.Said.PLANNED
    plan = due.planned(outcome.place, when, now, is_new=is_new)
    if is_new and at is not None and plan.at is not None:
        plan = replace(plan, at=at)
    state = Standing.FINISHED if outcome.place.step is Step.DONE else Standing.ACTIVE
    moved = _row(row, plan, now, state, when) | _from(row) | {
        "to_lesson": outcome.place.lesson, "to_step": outcome.place.step,
        "to_at": outcome.place.at, "to_version": version or row.version,
        "done_at": now if outcome.is_finished else None,
    }  # fmt: skip
    lesson = course.lessons[outcome.lesson]
    proofs = [
        record.note(
            (row.account, row.openid), _learned(course, lesson, kind, way, now), is_sqlite=is_sqlite
        )
        for kind in outcome.learned
    ]
    told = noted(row.id, lesson.name, outcome, now, is_sqlite=is_sqlite)
    return ((_move, moved), *((told,) if told else ()), *proofs)


def _learned(course: Course, lesson: Any, kind: Kind, way: str, now: datetime) -> Learned:
    subject = steps.subject(course.id, lesson.name)
    practice = lesson.practice
    is_practice = kind is Kind.PRACTICE
    return Learned(
        kind=kind,
        about=f"{_ABOUT[kind]}:{subject}",
        subject=subject,
        title=practice.title if is_practice else lesson.title,
        minutes=practice.minutes if is_practice else lesson.minutes,
        way=way,
        at=now,
    )


def timed(row: Row[Any], clock: int | None, now: datetime) -> Write:
    """Set the parent's time, or (None) never remind; what waits is planned by the new time.

    Ask `due.allowed` first: the time must not lie in the quiet hours.
    """
    if row.state == Standing.RESTING:
        return _plan(row, due.rest(clock, now), now, Standing.RESTING, clock)
    is_new = row.due == Due.PRACTICE
    plan = due.planned(place(row), clock, now, is_new=is_new) if _is_active(row) else NOTHING
    return _plan(row, plan, now, row.state, clock)


def snoozed(row: Row[Any], until: datetime, now: datetime) -> Write:
    """Put what is due off until an instant outside the quiet hours; never before it."""
    plan = due.snoozed(place(row), row.due, row.clock, until) if _is_active(row) else NOTHING
    return _plan(row, plan, now, row.state, row.clock)


def rested(row: Row[Any], now: datetime) -> Write:
    """Leave the parent alone for a month (`下月再说`)."""
    return _plan(row, due.rest(row.clock, now), now, Standing.RESTING, row.clock)


def stopped(row: Row[Any], now: datetime) -> Write:
    """Stop: nothing comes any more; where they were is kept, what was learned stays."""
    return _plan(row, NOTHING, now, Standing.STOPPED, row.clock)


def resumed(row: Row[Any], now: datetime) -> Write:
    """Go on after a rest, a stop or a silence."""
    plan = due.planned(place(row), row.clock, now)
    return _plan(row, plan, now, Standing.ACTIVE, row.clock)


def reminded(row: Row[Any], at: datetime) -> Write:
    """Plan what follows a reminder that was sent, or shown instead; `acted_at` stays.

    A rest that is over ends with its reminder. Nothing changes where another one is due by now.
    """
    plan = due.sent(Due(row.due), row.nudges, row.clock, at)
    state = Standing.ACTIVE if row.state == Standing.RESTING else row.state
    values = {"which": row.id, "was_due_at": row.due_at, "to_state": state}
    return _remind, values | {"to_due_at": plan.at, "to_due": plan.due or "", "to_n": plan.nudges}


def _is_active(row: Row[Any]) -> bool:
    return bool(row.state == Standing.ACTIVE)


def _row(
    row: Row[Any], plan: Plan, now: datetime, state: str, clock: int | None
) -> dict[str, Any]:  # fmt: skip
    return {
        "which": row.id, "to_state": state, "to_clock": clock, "to_due_at": plan.at,
        "to_due": plan.due or "", "to_acted_at": now,
    }  # fmt: skip


def _from(row: Row[Any]) -> dict[str, Any]:
    return {"at_lesson": row.lesson, "at_the_step": row.step, "at_card": row.at_step}


def _plan(row: Row[Any], plan: Plan, now: datetime, state: str, clock: int | None) -> Write:
    return _replan, _row(row, plan, now, state, clock)


_which = _e.id == bindparam("which")
_here = (
    (_e.lesson == bindparam("at_lesson"))
    & (_e.step == bindparam("at_the_step"))
    & (_e.at_step == bindparam("at_card"))
)
_told: dict[str, Any] = {
    "state": bindparam("to_state"),
    "clock": bindparam("to_clock", type_=SmallInteger()),
    "due_at": bindparam("to_due_at", type_=Instant()),
    "due": bindparam("to_due"),
    "acted_at": bindparam("to_acted_at", type_=Instant()),
    "nudges": 0,
}
_replan = update(enrolments).where(_which).values(_told)
_move = (
    update(enrolments)
    .where(_which, _here)
    .values(
        _told
        | {
            "lesson": bindparam("to_lesson"),
            "step": bindparam("to_step"),
            "at_step": bindparam("to_at"),
            "version": bindparam("to_version"),
            # finished once is finished: a course taken again keeps the day
            "finished_at": func.coalesce(_e.finished_at, bindparam("done_at", type_=Instant())),
        }
    )
)
_remind = (
    update(enrolments)
    .where(_which, _e.due_at == bindparam("was_due_at", type_=Instant()))
    .values(
        state=bindparam("to_state"),
        due_at=bindparam("to_due_at", type_=Instant()),
        due=bindparam("to_due"),
        nudges=bindparam("to_n"),
    )
)
