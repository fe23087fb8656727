"""The tasks: entries and labelled questions, our own or of any folder."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

OWN = "own base"
#: The order in which known tasks are shown and their entries fill the pool; others come after.
ORDER = ("family", "lcqmc", "epidemic", "cmedqq", "smile_parent_story")


@dataclass(frozen=True)
class Question:
    """A text, and the rows of the entries that answer it."""

    text: str
    expected: frozenset[int]


@dataclass(frozen=True)
class Task:
    """Entries as lists of wordings; the questions they answer, and those far and near they do not.

    `answers` are the entries' answers where there are any: ours indexes them as a second field.
    """

    name: str
    entries: list[list[str]]
    answers: list[str]
    inside: list[Question]
    far: list[Question]
    near: list[Question]


def own() -> Task:
    """Return our base with its held-out questions; those out of scope count as far."""
    from knowledge import files, golden
    from knowledge.entry import Status

    entries = [e for e in files.load() if e.status is Status.PUBLISHED]
    rows = {e.id: n for n, e in enumerate(entries)}
    slices = golden.read()
    asked = [
        Question(q.text, frozenset(rows[e] for e in q.expected if e in rows))
        for name, questions in slices.items()
        for q in questions
        if name != golden.OUT
    ]
    return Task(
        OWN,
        [list(e.askings()) for e in entries],
        [e.answer for e in entries],
        [q for q in asked if q.expected],
        [Question(q.text, frozenset()) for q in slices[golden.OUT]],
        [],
    )


def read(folder: Path) -> list[Task]:
    """Read every task of a folder: entries.jsonl, queries.jsonl and perhaps near.jsonl in each."""
    names = {p.parent.name for p in folder.glob("*/entries.jsonl")}
    known = [n for n in ORDER if n in names]
    return [read_one(folder / name) for name in (*known, *sorted(names - set(known)))]


def read_one(folder: Path) -> Task:
    entries = lines(folder / "entries.jsonl")
    rows = {e["id"]: n for n, e in enumerate(entries)}
    asked = [
        Question(q["text"], frozenset(rows[e] for e in q["expected"]))
        for q in lines(folder / "queries.jsonl")
    ]
    near = folder / "near.jsonl"
    return Task(
        folder.name,
        [[e["question"], *map(wording, e.get("similar") or [])] for e in entries],
        [e.get("answer") or "" for e in entries],
        [q for q in asked if q.expected],
        [q for q in asked if not q.expected],
        [Question(q["text"], frozenset()) for q in lines(near)] if near.exists() else [],
    )


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def wording(similar: str | dict) -> str:
    return similar if isinstance(similar, str) else similar["text"]


def capped(task: Task, count: int | None) -> Task:
    """Return the task with at most so many questions of each kind, always the same ones."""
    if not count:
        return task
    inside, far, near = (sample(qs, count) for qs in (task.inside, task.far, task.near))
    return replace(task, inside=inside, far=far, near=near)


def sample(listed: Sequence[Question], count: int) -> list[Question]:
    chance = random.Random(7)  # noqa: S311 - a seeded sample
    return list(listed) if len(listed) <= count else chance.sample(list(listed), count)
