"""Numbered offers of a lesson: what a number stands for, and what the conversation keeps of it.

Everything an answer needs stands in the conversation and the enrolment, so that any process goes on
after any interruption. A value is `course|lesson.step.at|what`: at another place than the
enrolment's by now, the number changes nothing and the step at hand is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.dialogue.conversation import Talk
from bot.school.states import Step
from bot.school.steps import Place

#: The kind of the offer, and of what the conversation waits for.
LESSON = "lesson"
#: The kind of a list of courses to begin, and other ways beside it (`choosing.choose`).
COURSES = "courses"
#: How long the numbers of a step are taken: until the reminder after the next, with room.
LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Choice:
    """A number: what it does (`next`, `answer.2`, `time.1200` …) and what is read behind it."""

    what: str
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as a parent sees it: a text, and the choices below it."""

    text: str
    choices: tuple[Choice, ...] = ()
    #: What the next words are read as: `own`, a time of day.
    mode: str = ""

    @property
    def whole(self) -> str:
        """Return the text with its numbered choices."""
        listed = [f"{n} {choice.label}" for n, choice in enumerate(self.choices, 1)]
        return "\n".join([self.text, *listed] if self.text else listed)


@dataclass(frozen=True, slots=True)
class Picked:
    """What a number stood for."""

    course: str
    place: Place
    what: str
    number: int = 0


def offer(talk: Talk, course: str, place: Place, shown: Shown, now: datetime) -> None:
    """Keep a step's numbers, and that the next words may go on; for a reminder as well."""
    at = f"{place.lesson}.{place.step}.{place.at}"
    values = [f"{course}|{at}|{choice.what}" for choice in shown.choices]
    talk.offer(LESSON, values, now + LASTS, [choice.label for choice in shown.choices])
    talk.wait(kind=LESSON, course=course, mode=shown.mode, until=(now + LASTS).timestamp())
    talk.learn(course)
    talk.remember(rest="")


def read(value: str) -> Picked:
    """Return what a value says."""
    course, at, what = value.split("|")
    lesson, step, card = at.split(".")
    name, _, number = what.partition(".")
    place = Place(int(lesson), Step(step), int(card))
    return Picked(course, place, name, int(number or 0))


def listed(courses: Sequence[tuple[str, Place, str]], what: str) -> list[str]:
    """Return the values of a list of courses, each at its place."""
    return [f"{name}|{p.lesson}.{p.step}.{p.at}|{what}" for name, p, _ in courses]
