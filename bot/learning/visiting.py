"""A parent comes back: what waits is told in one line in front of the reply, at most once a day.

The conversation itself says that something waits, so no row is read for all other parents.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update

from bot.clock import day
from bot.db.base import Instant
from bot.dialogue.conversation import Held
from bot.dialogue.turn import Turn
from bot.learning import acts, chat, offers, remind_texts
from bot.learning.remind_people import wanted
from bot.learning.remind_tables import persons, runs
from bot.people.families import Person

#: Kind of what waits (`Talk.held`).
WAITS = "course"
_p, _r = persons.c, runs.c
_shown = (
    update(persons)
    .where(_p.run == bindparam("of_run"), _p.openid == bindparam("parent"))
    .values(shown_at=bindparam("at", type_=Instant()))
)


def lead(turn: Turn, held: Held) -> str:
    """Return the line about what waits (`Feature.waits`); empty where it does not wait any more.

    One line a day: what would be the second one waits for another day. The question whether to go
    on brings its digits, where the reply has none of its own.
    """
    person, number = chat.person(turn), held.number
    found = turn.read(_waiting(person, number))
    if not found:
        return ""
    if _was_shown(turn, person):
        turn.talk.hold(held)
        return ""
    turn.write(_shown, {"of_run": number, "parent": person[1], "at": turn.now})
    row = found[0]
    enrolment = chat.enrolment(turn, row.course)
    course = chat.course_of(turn, enrolment) if enrolment is not None else None
    if enrolment is None or course is None:
        return ""
    place = acts.place(enrolment)
    if row.said in remind_texts.WHOLE and _is_free(turn):
        said = remind_texts.shown(turn.rt, row.said, course, place)
        offers.offer(turn.talk, course.id, place, said, turn.now)
        return said.whole
    is_today = day(row.begins_at) == day(turn.now)
    return (remind_texts.line if is_today else remind_texts.later)(row.said, course, place)


def _is_free(turn: Turn) -> bool:
    """Say whether nothing else waits for a number or an answer."""
    talk = turn.talk
    is_offered = talk.choices is not None and talk.choices.until >= turn.now.timestamp()
    return not (is_offered or talk.pending or talk.flow)


def _waiting(person: Person, run: int) -> Any:
    mine = (_p.run == run) & (_p.openid == person[1]) & (_p.account == person[0])
    return wanted().with_only_columns(_r.said, _r.course, _r.begins_at).where(mine)


def _was_shown(turn: Turn, person: Person) -> bool:
    """Say whether a line has been shown today already."""
    last = select(_p.shown_at).where(
        _p.openid == person[1], _p.account == person[0], _p.shown_at.is_not(None)
    )
    rows = turn.read(last.order_by(_p.shown_at.desc()).limit(1))
    return bool(rows) and day(rows[0].shown_at) == day(turn.now)
