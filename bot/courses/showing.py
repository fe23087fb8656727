"""A lesson as a parent meets it in the chat, and two versions of a course beside each other."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from knowledge import course_writing, hotlines
from knowledge.courses import Course
from knowledge.lessons import Lesson

_Say = Callable[..., str]


def chat(lesson: Lesson, say: _Say) -> list[dict[str, str]]:
    """Return the talk in which a parent takes a lesson: answers right, does not manage it."""
    return [{"side": side, "text": hotlines.fill(text)} for side, text in _talk(lesson, say)]


def _talk(lesson: Lesson, say: _Say) -> Iterator[tuple[str, str]]:
    count = len(lesson.cards)
    for n, card in enumerate(lesson.cards, 1):
        yield "account", say("chat.card", title=card.title, body=card.body, n=n, of=count)
        yield "parent", say("chat.next")
    for n, question in enumerate(lesson.quiz, 1):
        listed = "\n".join(f"{m} {text}" for m, text in enumerate(question.options, 1))
        yield (
            "account",
            say("chat.quiz", ask=question.ask, options=listed, n=n, of=len(lesson.quiz)),
        )
        yield "parent", str(question.right)
        yield "account", say("chat.right", why=question.why)
    practice = lesson.practice
    yield (
        "account",
        say("chat.practice", title=practice.title, do=practice.do, minutes=practice.minutes),
    )
    yield "account", say("chat.check", check=practice.check)
    if practice.stuck:
        yield "parent", say("chat.not_done")
        listed = "\n".join(f"{n} {stuck.when}" for n, stuck in enumerate(practice.stuck, 1))
        yield "account", say("chat.stuck", options=listed)
        yield "parent", "1"
        yield "account", practice.stuck[0].then


def paragraphs(body: str) -> list[tuple[bool, str]]:
    """Return the lines of a card as its page shows them: (is a point of a list, text)."""
    lines = [line for line in hotlines.fill(body).splitlines() if line.strip()]
    return [(line.startswith("- "), line.removeprefix("- ")) for line in lines]


def differences(old: Course, new: Course) -> list[tuple[str, list[Any]]]:
    """Return the files of a course that differ, each with the rows of the diff macro."""
    before, after = _files(old), _files(new)
    names = [*after, *(name for name in before if name not in after)]
    pairs = [(name, before.get(name, ""), after.get(name, "")) for name in names]
    return [(name, list(_diff(a, b))) for name, a, b in pairs if a != b]


def _files(course: Course) -> dict[str, str]:
    """Return the files of a course, without what follows from the state of its version."""
    return course_writing.files(replace(course, status=""))


def _diff(old: str, new: str) -> Iterator[tuple[str, int | None, int | None, Any]]:
    a, b = old.splitlines(), new.splitlines()
    for tag, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            near = {a0 or a1 - 1, a1 - 1 if a1 < len(a) else a0}
            yield from (("same", n + 1, b0 + n - a0 + 1, a[n]) for n in range(a0, a1) if n in near)
            continue
        for n in range(a0, a1):
            other = b[b0 + n - a0] if n - a0 < b1 - b0 else ""
            yield "del", n + 1, None, _marked(a[n], other, "del")
        for n in range(b0, b1):
            other = a[a0 + n - b0] if n - b0 < a1 - a0 else ""
            yield "add", None, n + 1, _marked(b[n], other, "add")


def _marked(line: str, other: str, kind: str) -> Any:
    """Return a line with the parts that its counterpart does not have."""
    if not other:
        return line
    matcher = difflib.SequenceMatcher(None, line, other, autojunk=False)
    return [
        ("same" if tag == "equal" else kind, line[start:stop])
        for tag, start, stop, _, _ in matcher.get_opcodes()
        if stop > start
    ]
