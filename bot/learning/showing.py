"""A step of a lesson as a parent sees it in the chat; pure but for the texts of the runtime.

A card of at most 180 characters with its head stays below 600 (CONTENT 6), so below the platform's
2048 bytes for a text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.clock import GUANGZHOU, day
from bot.h5 import links
from bot.learning.offers import Choice, Shown
from bot.runtime import Runtime
from bot.school import due, steps
from bot.school.states import Step
from bot.school.steps import Place
from knowledge import hotlines
from knowledge.courses import Course, Lesson

_TEXTS = "lesson"
#: Times of day offered to who wants another one, in minutes after midnight.
OFTEN = (12 * 60 + 30, 18 * 60 + 30, 19 * 60 + 30, 20 * 60 + 30)
_MORNING, _HOUR, _NOON = 7 * 60 + 30, 60, 12 * 60
_WIDEST = 10


def say(rt: Runtime, name: str, **values: str) -> str:
    """Return a text of lesson.yaml."""
    return rt.say(_TEXTS, name, **values)


def clock_text(minutes: int) -> str:
    """Return a time of day: `20:00`."""
    return f"{minutes // _HOUR}:{minutes % _HOUR:02}"


def bar(rt: Runtime, course: Course, place: Place) -> str:
    """Return the progress: `▓▓▓░░ 3/5`; of a long course one box stands for several lessons."""
    count, done = len(course.lessons), steps.learned(place)
    boxes = min(count, _WIDEST)
    full = done * boxes // count
    mark = say(rt, "full") * full + say(rt, "empty") * (boxes - full)
    return say(rt, "bar", mark=mark, number=f"{done}/{count}")


def step(rt: Runtime, course: Course, place: Place, clock: int | None, now: datetime) -> Shown:
    """Return the step at hand with its choices; without a `clock` nobody is reminded."""
    lesson = course.lessons[place.lesson]
    if place.step is Step.CARD:
        return _card(rt, course, lesson, place)
    if place.step is Step.PRACTICE:
        return _practice(rt, lesson, clock, now)
    if place.step is Step.CHECK:
        return _check(rt, lesson, "check", clock)
    if place.step is Step.STUCK:
        branches = enumerate(lesson.practice.stuck, 1)
        return Shown(say(rt, "stuck"), tuple(Choice(f"stuck.{n}", one.when) for n, one in branches))
    if place.step is Step.QUIZ:
        return _quiz(rt, lesson, place)
    again = Choice("retake", say(rt, "again"))
    return Shown(say(rt, "finished_before", title=course.title), (again,))


def _card(rt: Runtime, course: Course, lesson: Lesson, place: Place) -> Shown:
    card = lesson.cards[place.at]
    number = f"{place.at + 1}/{len(lesson.cards)}"
    parts = [say(rt, "card", title=card.title, number=number, text=hotlines.fill(card.body))]
    if place.at == 0:
        count = str(place.lesson + 1)
        parts.insert(0, say(rt, "head", title=course.title, count=count, text=lesson.title))
        link = links.page(rt, f"school/{course.id}/{lesson.name}")
        parts += [say(rt, "page", link=link)] if link else []
    return Shown("\n".join(parts), (Choice("next", say(rt, "next")),))


def _practice(rt: Runtime, lesson: Lesson, clock: int | None, now: datetime) -> Shown:
    text = _told(rt, "practice", lesson)
    ends = (Choice("done", say(rt, "done_already")), Choice("skip", say(rt, "skip")))
    if clock is None:
        alone = (Choice("later", say(rt, "later")), Choice("own", say(rt, "own_on")))
        return Shown(f"{text}\n{say(rt, 'do_ask')}", (*alone, *ends))
    times = dict.fromkeys((clock, due.allowed(rt.settings, _MORNING)))
    ways = tuple(Choice(f"time.{at}", when(rt, due.first(at, now), now)) for at in times)
    own = Choice("own", say(rt, "own"))
    return Shown(f"{text}\n{say(rt, 'when_ask')}", (*ways, own, *ends))


def reminder(rt: Runtime, course: Course, place: Place) -> Shown:
    """Return the practice once more, at the time the parent chose (`Due.PRACTICE`)."""
    return _check(rt, course.lessons[place.lesson], "reminder", 0)


def _check(rt: Runtime, lesson: Lesson, name: str, clock: int | None) -> Shown:
    whats = ["done", "not_done", "skip"] + (["other_time"] if clock is not None else [])
    choices = tuple(Choice("own" if w == "other_time" else w, say(rt, w)) for w in whats)
    return Shown(_told(rt, name, lesson), choices)


def _told(rt: Runtime, name: str, lesson: Lesson) -> str:
    practice = lesson.practice
    text = practice.check if name == "check" else practice.do
    return say(
        rt, name, title=practice.title, minutes=str(practice.minutes), text=hotlines.fill(text)
    )


def _quiz(rt: Runtime, lesson: Lesson, place: Place) -> Shown:
    question = lesson.quiz[place.at]
    number = f"{place.at + 1}/{len(lesson.quiz)}"
    options = enumerate(question.options, 1)
    choices = tuple(Choice(f"answer.{n}", option) for n, option in options)
    return Shown(say(rt, "quiz", number=number, text=question.ask), choices)


def own_time(rt: Runtime, name: str = "own_ask") -> Shown:
    """Return the question at what time; some are numbered, any other is said in words."""
    times = dict.fromkeys(due.allowed(rt.settings, at) for at in OFTEN)
    choices = tuple(Choice(f"time.{at}", clock_text(at)) for at in times)
    return Shown(say(rt, name), choices, mode="own")


def consent(rt: Runtime) -> Shown:
    """Return the question whether reminders are wanted, asked once at sign-up."""
    at = clock_text(due.allowed(rt.settings, due.USUAL))
    yes = Choice("wants", say(rt, "wants", when=at))
    return Shown(say(rt, "ask_consent"), (yes, Choice("wants_not", say(rt, "wants_not"))))


def next_lesson(rt: Runtime, course: Course, place: Place) -> Shown:
    """Return what is said when a lesson is done and another one comes."""
    title = course.lessons[place.lesson].title
    text = say(
        rt, "learned", count=str(place.lesson), mark=bar(rt, course, place), title=title
    )  # fmt: skip
    return Shown(text, (Choice("show", say(rt, "go_on")), Choice("pause", say(rt, "pause"))))


def asked(rt: Runtime, course: Course, name: str = "ask") -> Shown:
    """Return the question whether to go on, rest or stop (`Due.ASK`; `ask_cancel` when wished)."""
    text = say(rt, name, title=course.title)
    return Shown(
        text,
        tuple(
            Choice(what, say(rt, label))
            for what, label in (("go", "goes"), ("rest", "rests"), ("stop", "stops"))
        ),
    )


def nudge(rt: Runtime, course: Course, place: Place, name: str = "nudge") -> Shown:
    """Return a nudge (`Due.LESSON`), or (`resume`) that a rest is over."""
    text = say(rt, name, title=course.title, mark=bar(rt, course, place))
    return Shown(text, (Choice("show", say(rt, "goes")), Choice("pause", say(rt, "not_now"))))


def when(rt: Runtime, at: datetime, now: datetime) -> str:
    """Return an instant near now as one says it: tonight, tomorrow morning, a date."""
    here = at.astimezone(GUANGZHOU)
    minutes = here.hour * _HOUR + here.minute
    days = (day(at) - day(now)).days
    told = clock_text(minutes)
    is_morning, is_evening = here.hour < _WIDEST, minutes >= _NOON + 5 * _HOUR
    names: dict[int, tuple[str, str, str]] = {
        0: ("this_morning", "tonight", "today"),
        1: ("tomorrow_morning", "tomorrow_evening", "tomorrow"),
    }
    if days not in names:
        return f"{here.month}.{here.day} {told}"
    morning, evening, other = names[days]
    name = morning if is_morning else evening if is_evening else other
    return say(rt, name, when=told)


def titles(course: Course) -> dict[str, Any]:
    """Return what names a course in a list."""
    minutes = round(sum(one.minutes for one in course.lessons) / len(course.lessons))
    return {
        "title": course.title, "count": str(len(course.lessons)), "minutes": str(minutes),
        "text": course.goal,
    }  # fmt: skip
