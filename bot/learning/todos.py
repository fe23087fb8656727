"""To-dos of learning on 我的: tonight's practice, yesterday's check, the unfinished lesson."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.h5.links import PREFIX
from bot.h5.mine import Todo
from bot.learning import acts, at_hand, learner, page_words
from bot.learning.learner import Taken
from bot.people.families import Person
from bot.runtime import Runtime
from bot.school.states import Due, Standing, Step


async def todos(rt: Runtime, tx: AsyncConnection, person: Person) -> Sequence[Todo]:
    """Return the next thing of each running course, the last touched first."""
    taken = await learner.every(rt, tx, person)
    now = rt.clock.now()
    return [_todo(one, now) for one in taken if one.row is not None and _is_running(one)]


def _is_running(taken: Taken) -> bool:
    return taken.row is not None and bool(taken.row.state == Standing.ACTIVE)


def _todo(taken: Taken, now: datetime) -> Todo:
    """Return a to-do, without a deadline: a practice, and after its time whether it worked."""
    row, lesson = taken.row, taken.at
    assert row is not None
    assert lesson is not None
    place, kind = acts.place(row), "lesson"
    if place.step in (Step.CHECK, Step.STUCK):
        is_ahead = row.due == Due.PRACTICE and row.due_at is not None and row.due_at > now
        kind = "planned" if is_ahead else "check"
    elif place.step is Step.PRACTICE:
        kind = "practice"
    said = page_words.words()["todos"][kind]
    values = {
        "when": at_hand.moment(row.due_at, now) if row.due_at else "",
        "title": lesson.practice.title, "check": lesson.practice.check,
        "minutes": lesson.practice.minutes, "course": taken.course.title, "lesson": lesson.title,
        "number": place.lesson + 1, "next": at_hand.next_thing(taken.course, place),
    }  # fmt: skip
    return Todo(
        said["title"].format(**values), said["text"].format(**values),
        f"{PREFIX}/school/{taken.course.id}/{lesson.name}",
    )  # fmt: skip
