"""Signing up: the course is begun, reminders are asked for once, the first card is shown."""

from __future__ import annotations

from typing import Any

from bot.dialogue.turn import Turn
from bot.h5 import links, privacy
from bot.learning import acts, chat, consent, showing, stepping
from bot.learning.offers import Choice, Picked, Shown
from bot.people import joining
from bot.school import catalogue, due
from bot.school.states import Standing
from bot.school.steps import Place
from knowledge.courses import Course

_TEXTS = "enrol_course"


def enrol(turn: Turn, name: str) -> str:
    """Begin a course, or go on in it; whoever has never taken one is asked about reminders."""
    rows = chat.own(turn)
    row = next((r for r in rows if r.course == name), None)
    if row is not None:
        return _goes_on(turn, row)
    if not turn.read(joining.has_agreed(chat.person(turn))):
        return _asked(turn, name)
    return _begun(turn, name, rows)


def join(turn: Turn, name: str) -> str:
    """Note that the parent agrees to the service, and begin the course."""
    if not turn.read(joining.has_agreed(chat.person(turn))):
        for one in joining.agree(
            chat.person(turn), turn.now, privacy.version(),
            is_elder=turn.talk.is_elder, is_sqlite=turn.rt.db.is_sqlite,
        ):  # fmt: skip
            turn.write(*one)
    return _begun(turn, name, chat.own(turn))


def _asked(turn: Turn, name: str) -> str:
    """Say what is kept, and ask: nothing is written of who has not agreed."""
    link = links.page(turn.rt, "privacy", big=turn.talk.is_elder)
    told = turn.say(_TEXTS, "privacy", link=link) if link else ""
    text = "\n".join(filter(None, (turn.say(_TEXTS, "before"), told)))
    ways = (
        Choice(f"join:{name}", turn.say(_TEXTS, "agree")),
        Choice("not_now", turn.say(_TEXTS, "not_now")),
    )
    return stepping.courses(turn, Shown(text, ways))


def _begun(turn: Turn, name: str, rows: Any) -> str:
    found = catalogue.current(turn.rt, turn.read)
    course = found.courses.get(name)
    if course is None:
        return chat.say(turn, "gone")
    wants = consent.is_given(turn)
    clock = _usual(turn, rows) if wants else None
    begin = acts.enrol(
        chat.person(turn), name, found.numbers[name], turn.now, clock=clock,
        is_sqlite=turn.rt.db.is_sqlite,
    )  # fmt: skip
    turn.write(*begin)
    lead = turn.say(_TEXTS, "enrolled", title=course.title, count=str(len(course.lessons)))
    if not wants and not rows:
        return chat.put(turn, name, Place(), showing.consent(turn.rt), lead)
    return chat.show(turn, course, Place(), clock, lead)


def _goes_on(turn: Turn, row: Any) -> str:
    course = chat.course_of(turn, row)
    if course is None:
        return chat.say(turn, "gone")
    lead = ""
    if row.state != Standing.FINISHED:
        lead = turn.say(_TEXTS, "goes_on", title=course.title)
    return chat.show_row(turn, row, course, lead)


def _usual(turn: Turn, rows: Any) -> int:
    """Return the time of the parent's last course, or the usual one."""
    known = next((r.clock for r in rows if r.clock is not None), due.USUAL)
    return due.allowed(turn.rt.settings, known)


def wants(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    """Note whether reminders are wanted, and show the step at hand."""
    is_wanted = picked.what == "wants"
    consent.note(turn, given=is_wanted)
    clock = due.allowed(turn.rt.settings, due.USUAL) if is_wanted else None
    turn.write(*acts.timed(row, clock, turn.now))
    told = "consent_given" if is_wanted else "consent_refused"
    at = showing.clock_text(clock) if clock is not None else ""
    lead = chat.say(turn, told, when=at)
    return chat.show(turn, course, acts.place(row), clock, lead)
