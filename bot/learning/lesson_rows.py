"""The row of one lesson of an enrolment: what an outcome adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, bindparam, case, func, select

from bot.school.learner_tables import lesson_states
from bot.school.steps import Outcome

_COLUMNS = tuple(c.name for c in lesson_states.c)


def of(enrolment: int) -> Select[Any]:
    """Return the rows of an enrolment's lessons."""
    return select(lesson_states).where(lesson_states.c.enrolment == enrolment)


def noted(
    enrolment: int, lesson: str, outcome: Outcome, now: datetime, *, is_sqlite: bool
) -> tuple[Executable, Mapping[str, Any]] | None:
    """Return what notes an outcome in the lesson's row; None where there is nothing to note."""
    if not (outcome.is_read or outcome.tries or outcome.practice or outcome.is_learned):
        return None
    row = {
        "enrolment": enrolment, "lesson": lesson, "read_at": now if outcome.is_read else None,
        "quiz_right": outcome.rights, "quiz_tries": outcome.tries,
        "practice": outcome.practice or "", "stuck": outcome.stuck,
        "practice_at": now if outcome.practice else None,
        "done_at": now if outcome.is_learned else None,
    }  # fmt: skip
    return _note(is_sqlite=is_sqlite), row


@cache
def _note(*, is_sqlite: bool) -> Any:
    """Return the statement: counts add up, the first time read and done stays, the rest is new."""
    if is_sqlite:
        from sqlalchemy.dialects import sqlite as dialect
    else:
        from sqlalchemy.dialects import postgresql as dialect  # type: ignore[no-redef]
    row = dialect.insert(lesson_states).values({name: bindparam(name) for name in _COLUMNS})
    old, new = lesson_states.c, row.excluded
    return row.on_conflict_do_update(
        index_elements=[old.enrolment, old.lesson],
        set_={
            "read_at": func.coalesce(old.read_at, new.read_at),
            "quiz_right": old.quiz_right + new.quiz_right,
            "quiz_tries": old.quiz_tries + new.quiz_tries,
            "practice": case((new.practice == "", old.practice), else_=new.practice),
            "stuck": func.coalesce(new.stuck, old.stuck),
            "practice_at": func.coalesce(new.practice_at, old.practice_at),
            "done_at": func.coalesce(old.done_at, new.done_at),
        },
    )
