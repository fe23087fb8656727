"""A parent comes back: what waits is told in one line, at most once a day; and the last question.

The line stands in front of the next reply, so no row is read for parents for whom nothing waits.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update

from bot.clock import day
from bot.db.base import Instant
from bot.dialogue.conversation import Held
from bot.dialogue.turn import Turn
from bot.learning import acts, remind_texts
from bot.learning.remind_people import wanted
from bot.learning.remind_tables import persons, runs
from bot.people.families import Person
from bot.school import courses
from bot.school.learner_tables import enrolments
from bot.school.states import Due, Standing

#: Kind of what waits (`Talk.held`), and of the offer behind the question whether to go on.
WAITS, REST = "course", "course_rest"
GO, LATER, STOP = "go", "rest", "stop"
_p, _r = persons.c, runs.c
_shown = (
    update(persons)
    .where(_p.run == bindparam("of_run"), _p.openid == bindparam("parent"))
    .values(shown_at=bindparam("at", type_=Instant()))
)


def values(enrolment: int) -> list[str]:
    """Return what the three answers to the question whether to go on stand for."""
    return [f"{what}:{enrolment}" for what in (GO, LATER, STOP)]


def lead(turn: Turn, held: Held) -> str:
    """Return the line about what waits (`Feature.waits`); empty where it does not wait any more.

    One line a day: what would be the second one waits for another day.
    """
    person, number = (turn.message.account, turn.message.openid), held.number
    found = turn.read(_waiting(person, number))
    if not found:
        return ""
    if _was_shown(turn, person):
        turn.talk.hold(held)
        return ""
    turn.write(_shown, {"of_run": number, "parent": person[1], "at": turn.now})
    row = found[0]
    words = held.words
    if day(row.begins_at) != day(turn.now):
        words = _later(turn, row)
    if words and row.due in (Due.ASK, Due.RESUME) and turn.talk.choices is None:
        until = turn.in_minutes(turn.rt.settings.choice_minutes)
        turn.talk.offer(REST, values(row.enrolment), until, remind_texts.labels(row.said))
        return f"{words}\n{remind_texts.numbers(row.said)}"
    return words


def rest(turn: Turn) -> str:
    """Take the answer whether to go on, later, or not at all (`Feature.choices`)."""
    choices, understood = turn.talk.choices, turn.understanding
    assert choices is not None
    assert understood is not None
    picked = choices.pick(int(understood.slots["choice"]), turn.now)
    if picked is None:
        return turn.say("number_choice", "out_of_range")
    what, _, number = picked.partition(":")
    return _taken(turn, what, int(number))


def _taken(turn: Turn, what: str, enrolment: int) -> str:
    mine = acts.own((turn.message.account, turn.message.openid))
    rows = turn.read(mine.where(enrolments.c.id == enrolment))
    if not rows or rows[0].state == Standing.FINISHED:
        return remind_texts.answer("gone")
    act = {GO: acts.resumed, LATER: acts.rested, STOP: acts.stopped}[what]
    turn.write(*act(rows[0], turn.now))
    turn.talk.forget()
    return remind_texts.answer(what)


def _waiting(person: Person, run: int) -> Any:
    columns = (_r.due, _r.said, _r.course, _r.version, _r.lesson, _r.begins_at, _p.enrolment)
    mine = (_p.run == run) & (_p.openid == person[1]) & (_p.account == person[0])
    return wanted().with_only_columns(*columns).where(mine)


def _was_shown(turn: Turn, person: Person) -> bool:
    """Say whether a line has been shown today already."""
    last = select(_p.shown_at).where(
        _p.openid == person[1], _p.account == person[0], _p.shown_at.is_not(None)
    )
    rows = turn.read(last.order_by(_p.shown_at.desc()).limit(1))
    return bool(rows) and day(rows[0].shown_at) == day(turn.now)


def _later(turn: Turn, row: Any) -> str:
    """Return the line as it is said on a later day."""
    found = turn.read(courses.content(row.course, row.version))
    if not found:
        return ""
    course = courses.opened(turn.rt, found[0])
    lesson = next(one for one in course.lessons if one.name == row.lesson)
    return remind_texts.later(row.said, course, lesson)
