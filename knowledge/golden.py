"""Our own held-out questions: read from eval/questions, scored slice by slice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import FileFault
from knowledge.evaluate import Question, Scores, score
from knowledge.index import Index
from knowledge.judge import Band, Judge
from knowledge.search import Found, search

FOLDER = Path(__file__).parent / "eval" / "questions"
STYLES = ("short", "plain", "yue", "typo", "voice", "story")
OUT = "out_of_scope"


def read(folder: Path = FOLDER) -> dict[str, list[Question]]:
    """Return the questions by slice: one for each style, and `out_of_scope`.

    Raises:
        FileFault: a file is not a list of questions with text and style (or kind).
    """
    slices: dict[str, list[Question]] = {s: [] for s in (*STYLES, OUT)}
    for path in sorted(folder.glob("*.yaml")):
        for number, row in enumerate(_rows(path), 1):
            name = OUT if path.stem == OUT else row.get("style")
            if name not in slices or not isinstance(row.get("text"), str):
                raise FileFault(path, None, f"question {number} needs a text and a known style")
            expected: frozenset[str] = frozenset(row.get("expect", ()))
            if (name == OUT) == bool(expected):
                raise FileFault(path, None, f"question {number}: `expect` is missing or too much")
            slices[name].append(Question(f"{path.stem}-{number}", row["text"], expected))
    return slices


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FileFault(path, line, f"is not YAML: {error.problem}") from error
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise FileFault(path, None, "must be a list of questions")
    return rows


def evaluate(index: Index, judge: Judge) -> dict[str, Scores]:
    """Return the scores of each style against the out-of-scope questions, and of `all`."""
    slices = read()
    found = {n: [search(index, q.text, judge) for q in qs] for n, qs in slices.items()}
    scores = {
        style: score([*slices[style], *slices[OUT]], [*found[style], *found[OUT]])
        for style in STYLES
    }
    everything = [q for qs in slices.values() for q in qs]
    return scores | {"all": score(everything, [f for fs in found.values() for f in fs])}


def outcomes(index: Index, judge: Judge) -> dict[str, float]:
    """Return what becomes of the questions, as parts of them; more is better of each.

    `answered_right` and `not_answered_wrong` of those an entry answers, `not_answered` and
    `declined` of those none does.
    """
    slices = read()
    outside = slices.pop(OUT)
    inside = [q for questions in slices.values() for q in questions]
    ins, outs = (bands(qs, [search(index, q.text, judge) for q in qs]) for qs in (inside, outside))
    return {
        "answered_right": ins["right"] / len(inside),
        "not_answered_wrong": 1 - ins["wrong"] / len(inside),
        "not_answered": 1 - outs["wrong"] / len(outside),
        "declined": outs["declined"] / len(outside),
    }


def bands(questions: Iterable[Question], found: Iterable[Found]) -> dict[str, int]:
    """Count what became of the questions: answered right or wrong, offered, declined."""
    counts = dict.fromkeys(("right", "wrong", "offered", "offered_without", "declined"), 0)
    for question, result in zip(questions, found, strict=True):
        if result.band is Band.ANSWER:
            counts["right" if result.hits[0].entry in question.expected else "wrong"] += 1
        elif result.band is Band.CANDIDATES:
            among = any(h.entry in question.expected for h in result.hits[:3])
            counts["offered" if among else "offered_without"] += 1
        else:
            counts["declined"] += 1
    return counts
