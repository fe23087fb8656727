"""What a page shows of a place in a course: how far, what was just said, which times to offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import GUANGZHOU, day
from bot.learning import page_words
from bot.school import due
from bot.school.states import Step
from bot.school.steps import Place, Said
from bot.settings import Settings
from knowledge.courses import Course, Lesson

_HOUR, _DAY, _HALF = 60, 24 * 60, 30
#: Offered first: this evening, tomorrow morning (MISSION P5).
_OFFERED = (20 * _HOUR, 7 * _HOUR + _HALF)
_MORNING, _EVENING = 12, 18
_NUMBER_MOST = 2  # characters of a number in an address


@dataclass(frozen=True, slots=True)
class Told:
    """What the last act was answered with."""

    said: str
    text: str = ""


def far(lesson: Lesson, place: Place) -> tuple[int, int]:
    """Return which step of a lesson a place is, from 1, of how many: cards, practice, questions."""
    cards, every = len(lesson.cards), len(lesson.cards) + 1 + len(lesson.quiz)
    if place.step is Step.CARD:
        return place.at + 1, every
    if place.step is Step.QUIZ:
        return cards + 2 + place.at, every
    return (every if place.step is Step.DONE else cards + 1), every


def told(
    lesson: Lesson, query: Mapping[str, str], due_at: datetime | None, now: datetime
) -> Told | None:
    """Return what an address says was just done in a lesson; None: nothing, or nothing known."""
    said, text = query.get("said", ""), query.get("n", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _NUMBER_MOST else 0
    if said in (Said.RIGHT, Said.WRONG) and 1 <= number <= len(lesson.quiz):
        return Told(said, lesson.quiz[number - 1].why)
    if said == Said.TIP and 1 <= number <= len(lesson.practice.stuck):
        return Told(said, lesson.practice.stuck[number - 1].then)
    if said == Said.PLANNED and due_at is not None:
        return Told(said, moment(due_at, now))
    return Told(said) if said in (Said.DONE, Said.SKIPPED) else None


def moment(at: datetime, now: datetime) -> str:
    """Return an instant as one says it: today and tomorrow by name, a later one by its day."""
    words, here = page_words.words()["days"], at.astimezone(GUANGZHOU)
    ahead = (day(at) - day(now)).days
    if ahead not in (0, 1):
        return here.strftime("%m-%d %H:%M")
    part = "morning" if here.hour < _MORNING else "evening" if here.hour >= _EVENING else "day"
    return f"{words[part][ahead]} {here:%H:%M}"


def offered(settings: Settings, now: datetime) -> list[tuple[int, str]]:
    """Return the two times to choose from at once, the sooner first."""
    found = [due.allowed(settings, minutes) for minutes in _OFFERED]
    instants = sorted((due.first(minutes, now), minutes) for minutes in found)
    return [(minutes, moment(at, now)) for at, minutes in instants]


def every(settings: Settings) -> list[tuple[int, str]]:
    """Return all half hours outside the quiet hours."""
    return [(minutes, clock(minutes)) for minutes in _open(settings)]


def _open(settings: Settings) -> Iterator[int]:
    return (m for m in range(0, _DAY, _HALF) if due.allowed(settings, m) == m)


def clock(minutes: int) -> str:
    """Return minutes after midnight as `20:00`."""
    return f"{minutes // _HOUR:02}:{minutes % _HOUR:02}"


def next_thing(course: Course, place: Place) -> str:
    """Return in words what comes next at a place."""
    words: Mapping[str, Any] = page_words.words()["next"]
    lesson = course.lessons[place.lesson]
    if place.step is Step.CARD and place.at == 0:
        return str(words["begin"]).format(count=len(lesson.cards))
    of = len(lesson.quiz) if place.step is Step.QUIZ else len(lesson.cards)
    return str(words[place.step]).format(
        number=place.at + 1, count=of, title=lesson.practice.title, check=lesson.practice.check
    )
