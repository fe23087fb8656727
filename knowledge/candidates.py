"""The first look: every entry scored by its postings, and the best few of them exactly.

The score of an entry is the sum of its impacts over the terms of the question, each counted once.
All of it is done by gathering postings with one index array: a Python loop of slices would cost
more than the sums (docs/performance.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Index
from knowledge.vocabulary import Asked

#: What a feature no entry holds weighs, of the weight of the rarest known one.
UNKNOWN = 0.8
#: Of the best score: where enough rows have this much of it, the rest are not sorted.
NEAR = 0.5
#: Up to so many entries all scores are parted at once; beyond it, only those near the best.
SMALL = 2_000

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class Candidates(NamedTuple):
    """The best rows (int64), best first, equal scores by row, and their scores.

    `scores` and what of it is owed to single characters (`chars`) are float64; `most` and
    `most_chars` are what an entry would have that accounts for the whole question.
    """

    rows: Rows
    scores: Floats
    chars: Floats
    most: float
    most_chars: float


def best(
    index: Index, asked: Asked, depth: int, allowed: NDArray[np.bool_] | None = None
) -> Candidates:
    """Return the `depth` best rows that have a score at all, exactly."""
    split, sound = asked.splits
    columns = asked.seen[:sound]
    if asked.longer:
        columns = np.concatenate([columns, asked.longer])
    sums = index.weight[columns].cumsum()
    unknown = UNKNOWN * index.unknown_idf
    chars, pairs, _, longer = asked.counts
    most_chars = (float(sums[split - 1]) if split else 0.0) + unknown * (chars - split)
    known = float(sums[-1]) if len(sums) else 0.0
    most = known + unknown * (chars + pairs + longer - len(columns))
    rows, impact, of_chars = _gathered(index, columns, split)
    if not len(rows):
        nothing = np.zeros(0)
        return Candidates(rows, nothing, nothing, most, most_chars)
    scores = _summed(rows, impact, len(index))
    if allowed is not None:
        scores *= allowed
    top = _top(scores, rows, depth)
    own = _summed(rows[:of_chars], impact[:of_chars], len(index))
    return Candidates(top, scores[top], own[top], most, most_chars)


def _gathered(index: Index, columns: Rows, split: int) -> tuple[Rows, Floats, int]:
    """Return the postings of these columns in order, and how many belong to the first `split`."""
    if not len(columns):
        return np.zeros(0, np.int64), np.zeros(0), 0
    counts = index.counts[columns]
    ends = counts.cumsum()
    at = np.arange(ends[-1])
    at += (index.postings.ptr[columns] - ends + counts).repeat(counts)
    of_chars = int(ends[split - 1]) if split else 0
    return index.postings.rows[at], index.postings.impact[at], of_chars


def _summed(rows: Rows, impact: Floats, size: int) -> Floats:
    if not len(rows):
        return np.zeros(size)  # `bincount` would return integers
    summed: Floats = np.bincount(rows, impact, size).astype(np.float64, copy=False)
    return summed


def _top(scores: Floats, rows: Rows, depth: int) -> Rows:
    """Return the rows of the best scores, best first; equal ones by row, no zeros."""
    if len(scores) <= SMALL:
        least = np.partition(scores, -depth)[-depth] if len(scores) > depth else 0.0
        found = (scores >= least if least > 0 else scores > 0).nonzero()[0]
    else:
        found = _near_best(scores, rows, depth)
    order = (-scores[found]).argsort(kind="stable")
    return found[order[:depth]]


def _near_best(scores: Floats, rows: Rows, depth: int) -> Rows:
    """Return, sorted, at least the `depth` best rows, of those the postings name."""
    named = len(rows) < len(scores)
    values = scores[rows] if named else scores
    border = values.max() * NEAR
    for least in (border, border * NEAR, 0.0):
        at = np.flatnonzero(values > least)
        found = _different(rows[at]) if named else at
        if len(found) >= depth:
            break
    return found


def _different(rows: Rows) -> Rows:
    """Return these rows sorted, each once (`np.unique` takes three times as long)."""
    rows = np.sort(rows)
    first = np.ones(len(rows), bool)
    np.not_equal(rows[1:], rows[:-1], out=first[1:])
    return rows[first]
