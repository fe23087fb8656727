"""What a parent asks about their courses: the list, the next lesson, how far, another time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.calendar.quiet import next_open
from bot.clock import GUANGZHOU
from bot.dialogue.turn import Turn
from bot.h5 import links
from bot.learning import acts, chat, offers, showing, stepping
from bot.school import due, record
from bot.school.states import Standing, Step
from bot.school.steps import Act, Do
from knowledge.courses import Course
from knowledge.text import normalise

_MINUTES = 60
#: Whoever puts a reminder off for longer takes a rest.
_LONG = timedelta(days=14)
_MOST = 9
_PRACTICE = frozenset({Step.PRACTICE, Step.CHECK, Step.STUCK})

Pairs = Sequence[tuple[Any, Course]]


def _pairs(turn: Turn, rows: Sequence[Any]) -> list[tuple[Any, Course]]:
    found = [(row, chat.course_of(turn, row)) for row in rows[:_MOST]]
    return [(row, course) for row, course in found if course is not None]


def _mark(turn: Turn, row: Any, course: Course) -> str:
    return showing.bar(turn.rt, course, acts.place(row))


def _offer(turn: Turn, pairs: Pairs, what: str) -> None:
    listed = [(course.id, acts.place(row), course.title) for row, course in pairs]
    labels = [course.title for _, course in pairs]
    values = offers.listed(listed, what)
    turn.talk.offer(offers.LESSON, values, turn.now + offers.LASTS, labels)
    turn.talk.wait()


def _lines(turn: Turn, pairs: Pairs) -> str:
    name = "short" if turn.talk.is_elder else "line"
    return "\n".join(
        turn.say(
            "my_courses", name, number=str(n), title=course.title, mark=_mark(turn, row, course),
            state=turn.say("my_courses", row.state),
        )
        for n, (row, course) in enumerate(pairs, 1)
    )  # fmt: skip


def my_courses(turn: Turn) -> str:
    """List the parent's courses; a number goes on."""
    return _list(turn, "my_courses", hint=True)


def lesson_replay(turn: Turn) -> str:
    """List what can be read again; lessons stay, and the pages show each of them."""
    return _list(turn, "lesson_replay", hint=False)


def _list(turn: Turn, texts: str, *, hint: bool) -> str:
    pairs = _pairs(turn, chat.own(turn))
    if not pairs:
        return turn.say(texts)
    _offer(turn, pairs, "open")
    link = links.page(turn.rt, "mine/learning", big=turn.talk.is_elder)
    parts = [turn.say(texts, "listed", lines=_lines(turn, pairs))]
    parts += [turn.say(texts, "hint")] if hint else []
    parts += [turn.say(texts, "page", link=link)] if link else []
    return "\n".join(parts)


def next_lesson(turn: Turn) -> str:
    """Go on in the course of the last act; who rests or stopped goes on as well."""
    rows = [row for row in chat.own(turn) if row.state != Standing.FINISHED]
    rows.sort(key=lambda row: row.state != Standing.ACTIVE)
    pairs = _pairs(turn, rows[:1])
    return chat.show_row(turn, *pairs[0]) if pairs else turn.say("next_lesson")


def my_progress(turn: Turn) -> str:
    """Tell how far each course is, and the minutes of the learning record."""
    pairs = _pairs(turn, chat.own(turn))
    learned = turn.read(record.of(chat.person(turn)))
    if not pairs and not learned:
        return turn.say("my_progress")
    lines = [
        turn.say(
            "my_progress", "line", title=course.title, mark=_mark(turn, row, course),
            state=turn.say("my_courses", row.state),
        )
        for row, course in pairs
    ]  # fmt: skip
    minutes = str(record.minutes(learned))
    link = links.page(turn.rt, "mine/record", big=turn.talk.is_elder)
    parts = [turn.say("my_progress", "listed", lines="\n".join(lines), minutes=minutes)]
    parts += [turn.say("my_progress", "page", link=link)] if link else []
    return "\n".join([*parts, turn.say("my_progress", "hint")])


def cancel_course(turn: Turn) -> str:
    """Ask whether to go on, rest or stop; of several courses, which one first."""
    rows = [r for r in chat.own(turn) if r.state in {Standing.ACTIVE, Standing.RESTING}]
    pairs = _pairs(turn, rows)
    if not pairs:
        return turn.say("cancel_course")
    if len(pairs) == 1:
        return chat.ask(turn, *pairs[0])
    _offer(turn, pairs, "ask")
    which = turn.say("cancel_course", "which")
    return "\n".join([which, *(f"{n} {course.title}" for n, (_, course) in enumerate(pairs, 1))])


def practice_done(turn: Turn) -> str:
    """Take the practice that waits as done."""
    return _practice(turn, "practice_done", Do.DONE, _PRACTICE | {Step.QUIZ})


def practice_not_done(turn: Turn) -> str:
    """Ask where the practice that waits got stuck."""
    return _practice(turn, "practice_not_done", Do.NOT_DONE, _PRACTICE)


def _practice(turn: Turn, texts: str, do: Do, where: frozenset[Step]) -> str:
    rows = [row for row in chat.active(chat.own(turn)) if row.step in where]
    pairs = _pairs(turn, rows[:1])
    return stepping.step(turn, *pairs[0], Act(do)) if pairs else turn.say(texts)


def reminder_time(turn: Turn) -> str:
    """Set the time of all courses under way, or ask for it."""
    pairs = _pairs(turn, chat.active(chat.own(turn)))
    if not pairs:
        return turn.say("reminder_time")
    at = _moment(turn)
    if at is None:
        row, course = pairs[0]
        return chat.put(turn, course.id, acts.place(row), showing.own_time(turn.rt))
    minutes = at.hour * _MINUTES + at.minute
    clock = due.allowed(turn.rt.settings, minutes)
    for row, _ in pairs[1:]:
        turn.write(*acts.timed(row, clock, turn.now))
    return stepping.timed(turn, *pairs[0], minutes, at)


def _moment(turn: Turn) -> datetime | None:
    """Return the time of day the words name, in Beijing."""
    moment = turn.understanding.slots.get("when") if turn.understanding else None
    if moment is None or (moment.hour is None and moment.part is None):
        return None
    at = moment.resolve(turn.now)
    return at.astimezone(GUANGZHOU) if at is not None else None


def snooze(turn: Turn) -> str:
    """Put the reminders that wait off: to the moment that was said, or to tomorrow."""
    rows = chat.active(chat.own(turn))
    if not rows:
        return turn.say("snooze")
    waiting = [row for row in rows if row.clock is not None]
    if not waiting:
        return turn.say("snooze", "silent")
    until = _until(turn, waiting[0].clock)
    if until - turn.now > _LONG or any(word in normalise(turn.text) for word in _rest_words()):
        for row in waiting:
            turn.write(*acts.rested(row, turn.now))
        return chat.say(turn, "rested")
    for row in waiting:
        turn.write(*acts.snoozed(row, until, turn.now))
    return turn.say("snooze", "put_off", when=showing.when(turn.rt, until, turn.now))


@cache
def _rest_words() -> tuple[str, ...]:
    """Return the words of words.yaml that ask for a month."""
    path = Path(__file__).with_name("words.yaml")
    return tuple(map(normalise, yaml.safe_load(path.read_text(encoding="utf-8"))["rest"]))


def _until(turn: Turn, clock: int) -> datetime:
    """Return the moment that was said, outside quiet hours; a day alone has the parent's time."""
    moment = turn.understanding.slots.get("when") if turn.understanding else None
    at = moment.resolve(turn.now) if moment is not None else None
    tomorrow = due.first(clock, _midnight(turn.now + timedelta(days=1)))
    if moment is None or at is None or at <= turn.now:
        return tomorrow
    if moment.hour is None and moment.part is None and moment.minutes is None:
        at = due.first(clock, _midnight(at))
    return next_open(turn.rt.settings, max(at, turn.now + due.INSTANT))


def _midnight(at: datetime) -> datetime:
    here = at.astimezone(GUANGZHOU).replace(hour=0, minute=0, second=0, microsecond=0)
    return here - due.INSTANT
