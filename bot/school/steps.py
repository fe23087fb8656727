"""The way through a course, as a pure state machine: a place, an act, what comes of it.

A lesson is walked in one direction: its cards, its practice (a time is chosen, or it is done or
skipped at once), the day after the question whether it worked, if not the tip for where it stuck,
then the quiz. After the quiz's last right answer the next lesson's first card is at hand; after the
last lesson's the course is finished. So nobody finishes who has not been through every lesson.
Nothing is read or written here: `bot/learning/acts.py` makes statements of an `Outcome`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.school.record import Kind
from bot.school.states import Practice, Step
from knowledge.courses import Course, Lesson


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson of the course, a step in it, a card or question of the step; all from 0."""

    lesson: int = 0
    step: Step = Step.CARD
    at: int = 0


class Do(StrEnum):
    """What a parent can do in a course."""

    NEXT = "next"
    BACK = "back"
    ANSWER = "answer"  # option `number` of the question at hand, from 1
    TIME = "time"  # a time for the practice was chosen; which one is not the steps' business
    DONE = "done"  # the practice was done
    NOT_DONE = "not_done"
    SKIP = "skip"  # this practice is left out
    STUCK = "stuck"  # branch `number` of the practice, from 1
    RETAKE = "retake"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a parent does; `number` for an answer and for where a practice stuck, from 1."""

    do: Do
    number: int = 0


class Said(StrEnum):
    """What happened."""

    MOVED = "moved"
    RIGHT = "right"  # `text` is the explanation
    WRONG = "wrong"  # the same question again; `text` is the explanation
    PLANNED = "planned"
    DONE = "done"
    NOT_DONE = "not_done"  # where did it stick?
    SKIPPED = "skipped"
    TIP = "tip"  # `text` is what to try
    RETAKEN = "retaken"


class Why(StrEnum):
    """Why an act is refused: it changes nothing."""

    NOT_HERE = "not_here"  # it belongs to another step
    NO_SUCH = "no_such"  # no option or branch of that number
    FIRST = "first"  # there is nothing before it
    CHOOSE = "choose"  # first say what becomes of the practice, or answer
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of an act in lesson number `lesson`; `place` is where the parent stands then.

    `text` may hold `{{hotline:N}}`. `learned` is what is proven; `practice` and `stuck` (from 0)
    what became of the practice; `rights` and `tries` are added to the lesson's; `is_read`: its last
    card was read; `is_learned`: the lesson is done; `is_finished`: the course is.
    """

    place: Place
    said: Said
    lesson: int
    text: str = ""
    learned: tuple[Kind, ...] = ()
    practice: Practice | None = None
    stuck: int | None = None
    rights: int = 0
    tries: int = 0
    is_read: bool = False
    is_learned: bool = False
    is_finished: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The act changes nothing."""

    why: Why


def subject(course: str, lesson: str) -> str:
    """Return what a lesson teaches, for the learning record, wherever it was learned."""
    return f"{course}/{lesson}"


def is_legal(course: Course, place: Place) -> bool:
    """Say whether a course has such a place."""
    if not 0 <= place.lesson < len(course.lessons):
        return False
    lesson = course.lessons[place.lesson]
    if place.step is Step.CARD:
        return 0 <= place.at < len(lesson.cards)
    if place.step is Step.QUIZ:
        return 0 <= place.at < len(lesson.quiz)
    if place.step is Step.DONE:
        return place.at == 0 and place.lesson == len(course.lessons) - 1
    return place.at == 0


def learned(place: Place) -> int:
    """Return how many lessons lie behind a place."""
    return place.lesson + (place.step is Step.DONE)


def after(course: Course, place: Place, act: Act) -> Outcome | Refused:
    """Return what comes of an act at a legal place of the course."""
    lesson = course.lessons[place.lesson]
    if place.step is Step.DONE:
        return _again(place, act)
    if act.do is Do.BACK:
        return _back(lesson, place)
    if act.do is Do.DONE:
        return _done(place)
    return _here(course, lesson, place, act)


def _again(place: Place, act: Act) -> Outcome | Refused:
    if act.do is Do.RETAKE:
        return Outcome(Place(), Said.RETAKEN, place.lesson)
    return Refused(Why.FINISHED)


def _here(course: Course, lesson: Lesson, place: Place, act: Act) -> Outcome | Refused:
    if place.step is Step.CARD:
        return _read(lesson, place) if act.do is Do.NEXT else Refused(Why.NOT_HERE)
    if place.step is Step.QUIZ:
        return _quiz(course, place, act)
    return _practice(lesson, place, act)


def _read(lesson: Lesson, place: Place) -> Outcome:
    if place.at + 1 < len(lesson.cards):
        return Outcome(replace(place, at=place.at + 1), Said.MOVED, place.lesson)
    there = Place(place.lesson, Step.PRACTICE)
    return Outcome(there, Said.MOVED, place.lesson, is_read=True)


def _back(lesson: Lesson, place: Place) -> Outcome | Refused:
    """Go back to what was shown before; an answer that was right stays given."""
    before = {
        Step.CARD: replace(place, at=place.at - 1) if place.at else None,
        Step.PRACTICE: Place(place.lesson, Step.CARD, len(lesson.cards) - 1),
        Step.CHECK: Place(place.lesson, Step.PRACTICE),
        Step.STUCK: Place(place.lesson, Step.CHECK),
    }.get(place.step)
    return Outcome(before, Said.MOVED, place.lesson) if before else Refused(Why.FIRST)


def _done(place: Place) -> Outcome | Refused:
    """Take the practice as done; in the quiz as well, if it was done after all."""
    if place.step is Step.CARD:
        return Refused(Why.NOT_HERE)
    there = place if place.step is Step.QUIZ else Place(place.lesson, Step.QUIZ)
    return Outcome(
        there, Said.DONE, place.lesson, learned=(Kind.PRACTICE,), practice=Practice.DONE
    )  # fmt: skip


def _practice(lesson: Lesson, place: Place, act: Act) -> Outcome | Refused:
    quiz, number = Place(place.lesson, Step.QUIZ), place.lesson
    if act.do is Do.SKIP:
        return Outcome(quiz, Said.SKIPPED, number, practice=Practice.SKIPPED)
    if act.do is Do.TIME:  # another time, too, and once more after it did not work
        there = Place(number, Step.CHECK)
        return Outcome(there, Said.PLANNED, number, practice=Practice.PLANNED)
    if act.do is Do.NOT_DONE and place.step is not Step.PRACTICE:
        there = Place(number, Step.STUCK)
        return Outcome(there, Said.NOT_DONE, number, practice=Practice.NOT_DONE)
    if act.do is Do.STUCK and place.step is Step.STUCK:
        if not 1 <= act.number <= len(lesson.practice.stuck):
            return Refused(Why.NO_SUCH)
        tip = lesson.practice.stuck[act.number - 1].then
        return Outcome(
            quiz, Said.TIP, number, tip, practice=Practice.NOT_DONE, stuck=act.number - 1
        )  # fmt: skip
    return Refused(Why.CHOOSE if act.do is Do.NEXT else Why.NOT_HERE)


def _quiz(course: Course, place: Place, act: Act) -> Outcome | Refused:
    if act.do is not Do.ANSWER:
        return Refused(Why.CHOOSE if act.do is Do.NEXT else Why.NOT_HERE)
    lesson = course.lessons[place.lesson]
    question = lesson.quiz[place.at]
    if not 1 <= act.number <= len(question.options):
        return Refused(Why.NO_SUCH)
    if act.number != question.right:
        return Outcome(place, Said.WRONG, place.lesson, question.why, tries=1)
    right = Outcome(place, Said.RIGHT, place.lesson, question.why, rights=1, tries=1)
    if place.at + 1 < len(lesson.quiz):
        return replace(right, place=replace(place, at=place.at + 1))
    is_last = place.lesson + 1 == len(course.lessons)
    there = Place(place.lesson, Step.DONE) if is_last else Place(place.lesson + 1)
    return replace(
        right, place=there, learned=(Kind.LESSON,), is_learned=True, is_finished=is_last
    )  # fmt: skip
