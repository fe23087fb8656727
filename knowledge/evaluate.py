"""How good the ranking and the confidence are, on labelled questions of any base."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge import fit
from knowledge.errors import FileFault
from knowledge.forms import Document
from knowledge.index import Index
from knowledge.judge import Judge
from knowledge.search import Found, search

DEPTH = 10
PRECISION = 0.95


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question; `expected` lists every right entry, empty when there is none."""

    id: str
    text: str
    expected: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of one run; a figure that has no question to stand on is None.

    `recall_*` and `mrr_10` are over questions that have an answer; `auroc` is the chance that such
    a question gets a higher confidence than one without; `coverage_95` is the largest part of all
    questions that can be answered while 95 % of the answers are right.
    """

    questions: int
    answerable: int
    recall_1: float | None
    recall_3: float | None
    recall_10: float | None
    mrr_10: float | None
    auroc: float | None
    coverage_95: float | None

    def to_json(self) -> str:
        """Return the scores under the names people know, such as R@1 and AUROC."""
        names = {
            "recall_1": "R@1",
            "recall_3": "R@3",
            "recall_10": "R@10",
            "mrr_10": "MRR@10",
            "auroc": "AUROC",
            "coverage_95": "coverage@95",
        }
        rounded = {
            names.get(k, k): round(v, 4) if isinstance(v, float) else v
            for k, v in asdict(self).items()
        }
        return json.dumps(rounded, ensure_ascii=False)


def evaluate(index: Index, judge: Judge, questions: Sequence[Question]) -> Scores:
    """Ask every question and score the answers."""
    return score(questions, [search(index, q.text, judge) for q in questions])


def score(questions: Sequence[Question], found: Sequence[Found]) -> Scores:
    """Score what was found, question by question in the same order."""
    ranks = [
        next((n for n, h in enumerate(f.hits, 1) if h.entry in q.expected), 0)
        for q, f in zip(questions, found, strict=True)
        if q.expected
    ]
    sure = np.array([f.probability for f in found])
    has = np.array([bool(q.expected) for q in questions], bool)
    right = np.array(
        [
            bool(f.hits) and f.hits[0].entry in q.expected
            for q, f in zip(questions, found, strict=True)
        ],
        bool,
    )
    return Scores(
        questions=len(questions),
        answerable=len(ranks),
        recall_1=_mean(0 < r <= 1 for r in ranks),
        recall_3=_mean(0 < r <= 3 for r in ranks),  # noqa: PLR2004 - the figure's own name
        recall_10=_mean(0 < r <= DEPTH for r in ranks),
        mrr_10=_mean(1 / r if r else 0.0 for r in ranks),
        auroc=auroc(sure[has], sure[~has]),
        coverage_95=coverage(sure, right),
    )


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def auroc(positive: Any, negative: Any) -> float | None:
    """Return the chance that a positive value is above a negative one; ties count half."""
    if not len(positive) or not len(negative):
        return None
    order = np.sort(negative)
    below = np.searchsorted(order, positive, "left")
    upto = np.searchsorted(order, positive, "right")
    return float((below + upto).mean() / 2 / len(order))


def coverage(sure: Any, right: Any) -> float | None:
    """Return the largest part that can be answered, surest first, at 95 % precision."""
    if not len(sure):
        return None
    order = np.argsort(-sure, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # answers of equal confidence are given together or not at all
    ends = np.append(np.diff(sure[order]) != 0, [True])
    fitting = np.flatnonzero((precision >= PRECISION) & ends)
    return float((fitting[-1] + 1) / len(order)) if len(fitting) else 0.0


def index_of(path: Path) -> Index:
    """Index any entries: JSON lines of `id`, `question`, `similar`, `answer`.

    Raises:
        FileFault: a line is not such an object.
    """
    rows = list(_lines(path, {"id": str, "question": str}))
    seen: dict[str, int] = {}
    for number, row in rows:
        if row["id"] in seen:
            raise FileFault(path, number, f"id `{row['id']}` stands in line {seen[row['id']]}, too")
        seen[row["id"]] = number
    return fit.build(
        Document(r["id"], (r["question"], *_texts(path, n, r)), str(r.get("answer") or ""))
        for n, r in rows
    )


def questions_of(path: Path) -> list[Question]:
    """Read labelled questions: JSON lines of `id`, `text`, `expected` (a list of entry ids).

    Raises:
        FileFault: a line is not such an object.
    """
    found = []
    for number, row in _lines(path, {"id": str, "text": str, "expected": list}):
        if not all(isinstance(e, str) for e in row["expected"]):
            raise FileFault(path, number, "`expected` must be a list of ids")
        found.append(Question(row["id"], row["text"], frozenset(row["expected"])))
    return found


def _texts(path: Path, number: int, row: Mapping[str, Any]) -> list[str]:
    """Return the similar wordings: plain texts, or objects with `text`."""
    similar = row.get("similar") or []
    listed = similar if isinstance(similar, list) else [None]
    texts = [s.get("text") if isinstance(s, dict) else s for s in listed]
    found = [t for t in texts if isinstance(t, str)]
    if len(found) != len(texts):
        raise FileFault(path, number, "`similar` must be a list of texts")
    return found


def _lines(path: Path, needed: Mapping[str, type]) -> Iterable[tuple[int, dict[str, Any]]]:
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileFault(path, None, f"cannot be read: {error}") from error
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise FileFault(path, number, f"is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise FileFault(path, number, "is not an object")
        for name, kind in needed.items():
            if not isinstance(row.get(name), kind):
                raise FileFault(path, number, f"`{name}` is missing or not a {kind.__name__}")
        yield number, row
