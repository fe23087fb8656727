"""A parent's act in a lesson: written as the steps say, and what is said then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.clock import GUANGZHOU
from bot.dialogue.turn import Turn
from bot.learning import acts, chat, consent, offers, showing
from bot.learning.offers import Choice, Picked, Shown
from bot.school import catalogue, due, fitting, steps
from bot.school.states import Step
from bot.school.steps import Act, Do, Outcome, Place, Refused, Said, Why
from knowledge import hotlines
from knowledge.courses import Course

_RELATED = 2
_TOLD = {
    Said.RIGHT: "right",
    Said.WRONG: "wrong",
    Said.DONE: "practice_done",
    Said.SKIPPED: "skipped",
    Said.TIP: "tip",
}


def step(turn: Turn, row: Any, course: Course, act: Act) -> str:
    """Do an act where the enrolment stands, and show what comes then."""
    done = steps.after(course, acts.place(row), act)
    if isinstance(done, Refused):
        lead = "" if done.why is Why.FINISHED else chat.say(turn, done.why)
        return chat.show(turn, course, acts.place(row), row.clock, lead)
    write(turn, row, course, done)
    lead = chat.say(turn, _TOLD[done.said], text=_text(done)) if done.said in _TOLD else ""
    if done.is_finished:
        return _finished(turn, course, done, lead)
    if done.is_learned:
        shown = showing.next_lesson(turn.rt, course, done.place)
        return chat.put(turn, course.id, done.place, shown, lead)
    return chat.show(turn, course, done.place, row.clock, lead)


def write(
    turn: Turn, row: Any, course: Course, done: Outcome, *, clock: int | None = None,
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Note what an outcome changes; a course that is taken again is taken as it is today."""
    version = None
    if done.said is Said.RETAKEN:
        version = catalogue.current(turn.rt, turn.read).numbers.get(course.id)
    written = acts.applied(
        row, course, done, turn.now, way=acts.CHAT, is_sqlite=turn.rt.db.is_sqlite,
        clock=clock, at=at, version=version,
    )  # fmt: skip
    for one in written:
        turn.write(*one)


def _text(done: Outcome) -> str:
    return hotlines.fill(done.text)


def retake(turn: Turn, row: Any, course: Course) -> str:
    """Begin a finished course anew, in the version of today."""
    done = steps.after(course, acts.place(row), Act(Do.RETAKE))
    if isinstance(done, Refused):
        return chat.show_row(turn, row, course)
    write(turn, row, course, done)
    newest = catalogue.current(turn.rt, turn.read).courses.get(course.id, course)
    return chat.show(turn, newest, done.place, row.clock)


def _finished(turn: Turn, course: Course, done: Outcome, lead: str) -> str:
    """Congratulate, and offer what lies near."""
    mark = showing.bar(turn.rt, course, done.place)
    count = str(len(course.lessons))
    told = chat.say(turn, "finished", title=course.title, count=count, mark=mark)
    known = catalogue.current(turn.rt, turn.read).courses.values()
    taken = [row.course for row in chat.own(turn)]
    near = fitting.related(known, course, without=taken)[:_RELATED]
    choices = [Choice(f"enrol:{one.id}", one.title) for one in near]
    choices.append(Choice(f"again:{course.id}", chat.say(turn, "again")))
    turn.talk.learn("")
    related = chat.say(turn, "related") if near else ""
    text = "\n".join(filter(None, (lead, told, related)))
    return courses(turn, Shown(text, tuple(choices)))


def courses(turn: Turn, shown: Shown) -> str:
    """Offer courses, or other ways, by number."""
    values = [choice.what for choice in shown.choices]
    labels = [choice.label for choice in shown.choices]
    turn.talk.offer(offers.COURSES, values, turn.now + offers.LASTS, labels)
    turn.talk.wait()
    return shown.whole


def later(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    """Take the practice as planned, without a reminder."""
    del picked
    done = steps.after(course, acts.place(row), Act(Do.TIME))
    if isinstance(done, Refused):
        return chat.show(turn, course, acts.place(row), row.clock)
    write(turn, row, course, done)
    return chat.leave(turn, chat.say(turn, "planned_alone"))


def timed(turn: Turn, row: Any, course: Course, minutes: int, at: datetime | None = None) -> str:
    """Set the parent's time; where the practice waits for one, it is planned by it.

    `at` is the day as well, where they named it. Choosing a time is the consent to reminders.
    """
    clock = due.allowed(turn.rt.settings, minutes)
    first = due.first(clock, turn.now)
    if at is not None:
        here = at.astimezone(GUANGZHOU)
        first = max(first, due.first(clock, here.replace(hour=0, minute=0) - due.INSTANT))
    place = acts.place(row)
    notes = [chat.say(turn, "consent_on")] if consent.give(turn) else []
    if clock != minutes:
        notes.append(moved(turn, clock))
    if place.step not in {Step.PRACTICE, Step.CHECK, Step.STUCK}:
        turn.write(*acts.timed(row, clock, turn.now))
        told = chat.say(turn, "time_set", when=showing.clock_text(clock))
        return chat.leave(turn, "\n".join([told, *notes]))
    done = steps.after(course, place, Act(Do.TIME))
    assert isinstance(done, Outcome)
    write(turn, row, course, done, clock=clock, at=first)
    told = chat.say(turn, "planned", when=showing.when(turn.rt, first, turn.now))
    return _waits(turn, course, done.place, "\n".join([told, *notes]))


def moved(turn: Turn, clock: int) -> str:
    """Say that a time in the quiet hours was moved."""
    settings = turn.rt.settings
    hours = f"{settings.quiet_from}—{settings.quiet_to}"
    return chat.say(turn, "moved_time", hours=hours, when=showing.clock_text(clock))


def _waits(turn: Turn, course: Course, place: Place, said: str) -> str:
    """Say something; the numbers of the question that a reminder will ask are taken already."""
    shown = showing.step(turn.rt, course, place, 0, turn.now)
    offers.offer(turn.talk, course.id, place, shown, turn.now)
    return said
