"""A lesson in the chat: its numbers, the words that go on, the way back into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.clock import GUANGZHOU
from bot.dialogue.turn import Pass, Turn
from bot.learning import acts, chat, choosing, enrolling, offers, showing, stepping
from bot.learning.offers import Picked
from bot.school.states import Step
from bot.school.steps import Act, Do
from knowledge.courses import Course
from knowledge.text import normalise

_MINUTES, _SHORT = 60, 12
#: What a number does, whatever has happened since it was offered.
_ANYWHERE = frozenset({"show", "open", "ask", "go", "pause", "rest", "stop", "wants", "wants_not"})
_ACTS = {str(do) for do in Do} - {Do.TIME, Do.RETAKE}


def choose(turn: Turn) -> str:
    """Take a number of a lesson; under a card any number turns the page."""
    choices, understood = turn.talk.choices, turn.understanding
    assert choices is not None
    assert understood is not None
    value = choices.pick(int(understood.slots["choice"]), turn.now)
    first = offers.read(choices.values[0])
    if value is not None:
        return _do(turn, offers.read(value))
    if turn.now.timestamp() > choices.until:
        return _resumed(turn, first.course)
    if first.what == "next":
        return _do(turn, first)
    return turn.say("number_choice", "out_of_range")


def _do(turn: Turn, picked: Picked) -> str:
    row, course = _found(turn, picked.course)
    if row is None or course is None:
        return chat.leave(turn, chat.say(turn, "gone"))
    if picked.what not in _ANYWHERE and acts.place(row) != picked.place:
        return chat.show_row(turn, row, course, chat.say(turn, "changed"))
    if picked.what == "retake":
        return stepping.retake(turn, row, course)
    if picked.what in _ACTS:
        return stepping.step(turn, row, course, Act(Do(picked.what), picked.number))
    return _WAYS[picked.what](turn, row, course, picked)


def _found(turn: Turn, name: str) -> tuple[Any, Course | None]:
    row = chat.enrolment(turn, name)
    return row, (chat.course_of(turn, row) if row is not None else None)


def _resumed(turn: Turn, name: str) -> str:
    row, course = _found(turn, name)
    if row is None or course is None:
        turn.talk.learn("")
        return chat.leave(turn, chat.say(turn, "gone"))
    return chat.show_row(turn, row, course)


def _show(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    del picked
    return chat.show_row(turn, row, course)


def _pause(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    del row, course, picked
    return chat.leave(turn, chat.say(turn, "paused"))


def _rest(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    del course, picked
    turn.write(*acts.rested(row, turn.now))
    return chat.leave(turn, chat.say(turn, "rested"))


def _stop(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    del picked
    turn.write(*acts.stopped(row, turn.now))
    turn.talk.learn("")
    return chat.leave(turn, chat.say(turn, "stopped", title=course.title))


def _time(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    return stepping.timed(turn, row, course, picked.number)


def _own(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    del picked
    return chat.put(turn, course.id, acts.place(row), showing.own_time(turn.rt))


def _ask(turn: Turn, row: Any, course: Course, picked: Picked) -> str:
    del picked
    return chat.ask(turn, row, course)


_WAYS: dict[str, Callable[[Turn, Any, Course, Picked], str]] = {
    "show": _show,
    "open": _show,
    "ask": _ask,
    "go": _show,
    "pause": _pause,
    "rest": _rest,
    "stop": _stop,
    "wants": enrolling.wants,
    "wants_not": enrolling.wants,
    "later": stepping.later,
    "time": _time,
    "own": _own,
}

#: Words that turn the page of a card, beside its number.
_ONWARD = frozenset({"continue", "skip", "next_lesson", "yes"})
#: First choices that `yes` takes, and what `no` takes instead.
_YES = frozenset({"show", "wants", "go"})
_NO = {"show": "pause", "wants": "wants_not"}
_AGAIN = frozenset({"continue", "repeat", "next_lesson"})


def hear(turn: Turn) -> str | Pass:
    """Take the words that belong to the lesson at hand; anything else is answered as ever."""
    pending, flow, desk = turn.talk.pending or {}, turn.talk.flow, turn.talk.desk
    is_led = (flow is not None and not flow.is_aside) or (desk is not None and desk.is_open)
    choices = turn.talk.choices
    if is_led or choices is None or choices.kind != offers.LESSON:
        return Pass.NOT_MINE
    if choices.named(normalise(turn.text), turn.now) is not None:
        return Pass.NOT_MINE  # the label of a number
    said = _words(turn, offers.read(choices.values[0]), pending)
    if isinstance(said, Pass) and _asks(turn):
        turn.tail = chat.say(turn, "waiting")
    return said


def _asks(turn: Turn) -> bool:
    assert turn.understanding is not None
    return turn.understanding.intent == "ask_question"


def _words(turn: Turn, first: Picked, pending: Any) -> str | Pass:
    assert turn.understanding is not None
    intent = turn.understanding.intent
    if intent == "cancel":
        return chat.leave(turn, chat.say(turn, "paused"))
    meant = _meant(intent, first)
    if meant is not None:
        return _do(turn, meant)
    said: str | Pass = Pass.NOT_MINE
    if _may_be_time(turn, first.place.step, pending):
        said = _time_in_words(turn, first)
    if isinstance(said, Pass) and intent in _AGAIN:
        return _resumed(turn, first.course)
    return said


def _meant(intent: str, first: Picked) -> Picked | None:
    """Return the number that words stand for: on, yes, no, back, leave it out."""
    if (first.what == "next" and intent in _ONWARD) or (first.what in _YES and intent == "yes"):
        return first
    what: str | None = None
    if intent == "no":
        what = _NO.get(first.what)
    elif intent == "back" and first.what not in _ANYWHERE:
        what = Do.BACK
    elif intent == "skip" and first.place.step in {Step.PRACTICE, Step.CHECK, Step.STUCK}:
        what = Do.SKIP
    return Picked(first.course, first.place, what) if what else None


def _may_be_time(turn: Turn, step: Step, pending: Any) -> bool:
    """Say whether a time is waited for; beside the practice, a few words may name one as well."""
    assert turn.understanding is not None
    if pending.get("mode") == "own":
        return turn.understanding.intent != "number_choice"
    is_short = len(turn.text) <= _SHORT and turn.understanding.intent == "ask_question"
    return is_short and step in {Step.PRACTICE, Step.CHECK}


def _time_in_words(turn: Turn, first: Picked) -> str | Pass:
    """Read the time somebody wants to be reminded at; a question is still a question."""
    moment = turn.rt.understander.read("when", turn.text)
    at = moment.resolve(turn.now) if moment is not None else None
    if moment is None or at is None:
        return Pass.NOT_MINE
    if moment.hour is None and moment.part is None and moment.minutes is None:
        return Pass.NOT_MINE
    row, course = _found(turn, first.course)
    if row is None or course is None:
        return Pass.NOT_MINE
    here = at.astimezone(GUANGZHOU)
    return stepping.timed(turn, row, course, here.hour * _MINUTES + here.minute, at)


def goes_on(turn: Turn) -> str | Pass:
    """Show the step at hand again after an interruption, when nothing else is left to say.

    A number that nothing offers any more does the same, for whoever answers by digits alone.
    """
    assert turn.understanding is not None
    intent, choices = turn.understanding.intent, turn.talk.choices
    if choices is not None and choices.kind == offers.COURSES and intent == "continue":
        return choosing.more(turn, choices.values)
    if not turn.talk.lesson or (turn.talk.rest and intent == "continue"):
        return Pass.NOT_MINE
    return _resumed(turn, turn.talk.lesson)
