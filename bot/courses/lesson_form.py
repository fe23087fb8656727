"""A lesson in a form: cards, questions and branches are numbered fields; empty ones fall out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.console.forms import Form
from bot.courses.problems import Problem
from knowledge.lessons import CARDS, OPTIONS, QUIZ, STUCK, Card, Lesson, Practice, Question, Stuck

#: How many of each a form has room for.
ROOM = {"card": CARDS.stop - 1, "quiz": QUIZ.stop - 1, "option": OPTIONS.stop - 1,
        "stuck": STUCK.stop - 1}  # fmt: skip
_SHORT, _LONG = 400, 2000
_INSIDE = re.compile(r"^#+ *", re.MULTILINE)
#: A fault's field, and the name of the form's field it is shown beside.
_PLACES = (
    (re.compile(r"cards\[(\d+)\]\.(title|body)"), "card{0}_{1}"),
    (re.compile(r"cards"), "card1_title"),
    (re.compile(r"quiz\[(\d+)\]\.options\[(\d+)\]"), "quiz{0}_option{1}"),
    (re.compile(r"quiz\[(\d+)\]\.options"), "quiz{0}_option1"),
    (re.compile(r"quiz\[(\d+)\]\.(ask|right|why)"), "quiz{0}_{1}"),
    (re.compile(r"quiz"), "quiz1_ask"),
    (re.compile(r"practice\.stuck\[(\d+)\]\.(when|then)"), "stuck{0}_{1}"),
    (re.compile(r"practice\.stuck"), "stuck1_when"),
    (re.compile(r"practice\.(title|do|minutes|check)"), "practice_{0}"),
)


def filled(lesson: Lesson) -> dict[str, str]:
    """Return the values of a form for a lesson."""
    practice = lesson.practice
    found = {
        "title": lesson.title, "minutes": str(lesson.minutes), "topic": lesson.topic,
        "summary": lesson.summary, "practice_title": practice.title, "practice_do": practice.do,
        "practice_minutes": str(practice.minutes), "practice_check": practice.check,
    }  # fmt: skip
    for n, card in enumerate(lesson.cards, 1):
        found |= {f"card{n}_title": card.title, f"card{n}_body": card.body}
    for n, question in enumerate(lesson.quiz, 1):
        found |= {f"quiz{n}_ask": question.ask, f"quiz{n}_why": question.why}
        found[f"quiz{n}_right"] = str(question.right)
        found |= {f"quiz{n}_option{m}": text for m, text in enumerate(question.options, 1)}
    for n, stuck in enumerate(practice.stuck, 1):
        found |= {f"stuck{n}_when": stuck.when, f"stuck{n}_then": stuck.then}
    return found


def read(form: Form, name: str) -> Lesson:
    """Return the lesson of a form, faulty or not; only what is far too long is an error."""
    practice = Practice(
        title=_line(form, "practice_title"),
        do=_line(form, "practice_do", _LONG),
        minutes=_number(form, "practice_minutes"),
        check=_line(form, "practice_check"),
        stuck=tuple(_stuck(form)),
    )
    return Lesson(
        name=name,
        title=_line(form, "title"),
        minutes=_number(form, "minutes"),
        topic=_line(form, "topic"),
        summary=_line(form, "summary"),
        quiz=tuple(_quiz(form)),
        practice=practice,
        cards=tuple(_cards(form)),
    )


def place_of(field: str) -> str:
    """Return the form's field that a fault is shown beside."""
    for pattern, name in _PLACES:
        found = pattern.fullmatch(field)
        if found:
            return name.format(*found.groups())
    return field


def errors(problems: Iterable[Problem]) -> dict[str, str]:
    """Return what is wrong beside each field of the form."""
    found: dict[str, str] = {}
    for problem in problems:
        name = place_of(problem.field)
        found[name] = f"{found[name]} {problem.text}" if name in found else problem.text
    return found


def shown(lesson: Lesson) -> dict[str, int]:
    """Return how many of each a form shows at once: what is there, and what must be there."""
    return {
        "card": max(len(lesson.cards), CARDS.start),
        "quiz": max(len(lesson.quiz), QUIZ.start),
        "stuck": max(len(lesson.practice.stuck), STUCK.start),
    }


def _cards(form: Form) -> Iterator[Card]:
    for n in range(1, ROOM["card"] + 1):
        title, body = _line(form, f"card{n}_title"), form.text(
            f"card{n}_body", most=_LONG, needed=False
        )  # fmt: skip
        if title or body:
            lines = (line.rstrip() for line in _INSIDE.sub("", body).splitlines())
            yield Card(title, "\n".join(lines))


def _quiz(form: Form) -> Iterator[Question]:
    for n in range(1, ROOM["quiz"] + 1):
        ask, why = _line(form, f"quiz{n}_ask"), _line(form, f"quiz{n}_why")
        typed = [_line(form, f"quiz{n}_option{m}") for m in range(1, ROOM["option"] + 1)]
        options = tuple(filter(None, typed))
        if ask or why or options:
            chosen = _number(form, f"quiz{n}_right")
            # gaps between options close up; the right one stays the right one
            right = sum(1 for text in typed[:chosen] if text)
            yield Question(ask, options, right, why)


def _stuck(form: Form) -> Iterator[Stuck]:
    for n in range(1, ROOM["stuck"] + 1):
        when, then = _line(form, f"stuck{n}_when"), _line(form, f"stuck{n}_then")
        if when or then:
            yield Stuck(when, then)


def _line(form: Form, name: str, most: int = _SHORT) -> str:
    return " ".join(form.text(name, most=most, needed=False).split())


def _number(form: Form, name: str) -> int:
    text = form.values.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004
