"""What the replies of learning share: the parent's own enrolments, and a step put into the talk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.dialogue.turn import Turn
from bot.learning import acts, offers, showing
from bot.learning.offers import Shown
from bot.people.families import Person
from bot.school import catalogue
from bot.school.states import Standing
from bot.school.steps import Place
from knowledge.courses import Course


def person(turn: Turn) -> Person:
    """Return whose turn it is."""
    return (turn.message.account, turn.message.openid)


def own(turn: Turn) -> Sequence[Any]:
    """Return the parent's enrolments, the one of their last act first: one indexed read."""
    return turn.read(acts.own(person(turn)))


def active(rows: Sequence[Any]) -> list[Any]:
    """Return those that are under way."""
    return [row for row in rows if row.state == Standing.ACTIVE]


def enrolment(turn: Turn, course: str) -> Any | None:
    """Return the parent's enrolment in a course: one indexed read."""
    rows = turn.read(acts.one(person(turn), course))
    return rows[0] if rows else None


def course_of(turn: Turn, row: Any) -> Course | None:
    """Return the version an enrolment was begun with, from memory but for the first time."""
    return catalogue.version(turn.rt, turn.read, row.course, row.version)


def say(turn: Turn, name: str, **values: str) -> str:
    """Return a text of lesson.yaml."""
    return showing.say(turn.rt, name, **values)


def put(turn: Turn, course: str, place: Place, shown: Shown, lead: str = "") -> str:
    """Offer a step's numbers and return what is said."""
    offers.offer(turn.talk, course, place, shown, turn.now)
    return "\n".join(part for part in (lead, shown.whole) if part)


def show(turn: Turn, course: Course, place: Place, clock: int | None, lead: str = "") -> str:
    """Show the step at a place."""
    shown = showing.step(turn.rt, course, place, clock, turn.now)
    return put(turn, course.id, place, shown, lead)


def show_row(turn: Turn, row: Any, course: Course, lead: str = "") -> str:
    """Show the step an enrolment stands at; one that rested or stopped goes on."""
    if row.state in {Standing.RESTING, Standing.STOPPED} or row.nudges:
        turn.write(*acts.resumed(row, turn.now))
    return show(turn, course, acts.place(row), row.clock, lead)


def ask(turn: Turn, row: Any, course: Course) -> str:
    """Ask whether to go on with a course, rest or stop."""
    shown = showing.asked(turn.rt, course, "ask_cancel")
    return put(turn, course.id, acts.place(row), shown)


def leave(turn: Turn, said: str) -> str:
    """Say something and offer nothing; `继续` still goes on."""
    turn.talk.choices = None
    turn.talk.wait()
    return said
