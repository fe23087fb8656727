"""A question to ranked entries and a confidence: exact top k, three bands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge import text
from knowledge.index import Index
from knowledge.judge import Band, Judge

LIMIT = 10
#: Fewer Chinese characters than this are never a question that can be answered outright.
ENOUGH = 3
FIRST_HAN = "\u3400"
#: With this many features a text has more than one word.
FEW = 12
#: What a feature no entry holds weighs, of the weight of the rarest known one.
UNKNOWN = 0.8


class Hit(NamedTuple):
    """One entry near the question; `score` in [0, 1]: the share of it the entry accounts for."""

    entry: str
    topic: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The ranked hits, and the probability that the first is what was asked for."""

    hits: tuple[Hit, ...]
    probability: float
    band: Band
    exact: bool = False


NOTHING = Found((), 0.0, Band.DECLINE)


def search(
    index: Index, question: str, judge: Judge, *, barred: Collection[str] = (), limit: int = LIMIT
) -> Found:
    """Return the entries nearest to a parent's text, best first.

    `barred` entries (expired today, out of scope for this parent) are never returned. A wording the
    base holds word for word always scores 1.
    """
    normalised = text.normalise(question)
    columns, count = index.vocabulary.columns_in(normalised)
    if not count:
        return NOTHING
    scores, total = score(index, columns, count)
    for row in [r for r, name in enumerate(index.entries) if name in barred] if barred else ():
        scores[row] = 0.0
    ranked = _best(scores, limit + 1)
    exact = index.exact.get(normalised)
    if exact is not None and index.entries[exact] not in barred:
        others = [(r, min(s / total, 0.999)) for r, s in ranked[:limit] if r != exact]
        return Found(_hits(index, [(exact, 1.0), *others]), 1.0, Band.ANSWER, exact=True)
    if not ranked:
        return NOTHING
    shares = [(r, min(s / total, 1.0)) for r, s in ranked]
    share, second = shares[0][1], shares[1][1] if len(shares) > 1 else 0.0
    probability = judge.probability(share, share - second, count)
    strange = not text.is_about_children(normalised)
    band = judge.band(probability, int(index.risks[shares[0][0]]), strange=strange)
    if band is not Band.DECLINE and count < FEW and is_one_word(normalised):
        # one word is a topic at best, and only if the base knows it as a word
        band = Band.CANDIDATES if is_known(index, normalised) else Band.DECLINE
    return Found(_hits(index, shares[:limit]), probability, band)


def is_one_word(normalised: str) -> bool:
    """Say whether a text has too few characters to be a question."""
    return sum(c >= FIRST_HAN for c in normalised) < ENOUGH


def is_known(index: Index, word: str) -> bool:
    """Say whether a word is a feature of the base."""
    return " " not in word and index.vocabulary.column(word) is not None


def score(
    index: Index, columns: NDArray[np.int64], count: int
) -> tuple[NDArray[np.float64], float]:
    """Return each entry's score, and the score an entry would have that accounts for everything.

    `columns` are the known ones of a text's `count` features. Their postings are gathered by one
    index array: a Python loop of slices would cost more than the sums (docs/performance.md).
    """
    if not len(columns):
        return np.zeros(len(index.entries)), 1.0
    counts = index.counts[columns]
    ends = counts.cumsum()
    at = np.arange(ends[-1])
    at += (index.ptr[columns] - ends + counts).repeat(counts)
    scores = np.bincount(index.docs[at], index.impact[at], len(index.entries))
    unknown = (count - len(columns)) * UNKNOWN * index.unknown_idf
    return scores.astype(np.float64, copy=False), float(index.idf[columns].sum()) + unknown


def _best(scores: NDArray[np.float64], limit: int) -> list[tuple[int, float]]:
    """Return (row, score) of the best rows above zero, best first, equal scores by row."""
    count = min(limit, len(scores))
    rows = scores.argpartition(len(scores) - count)[-count:]
    ranked = sorted(zip((-scores[rows]).tolist(), rows.tolist(), strict=True))
    return [(row, -score) for score, row in ranked if score < 0]


def _hits(index: Index, shares: list[tuple[int, float]]) -> tuple[Hit, ...]:
    entries, topics = index.entries, index.topics
    return tuple([Hit(entries[r], topics[r], s) for r, s in shares])


def reasons(index: Index, question: str, entry: str) -> list[tuple[str, float]]:
    """Return the features a question shares with an entry, heaviest first, with their weights."""
    row = index.entries.index(entry)
    shared = []
    for feature in text.features(question):
        column = index.vocabulary.column(feature)
        if column is None:
            continue
        part = slice(index.ptr[column], index.ptr[column + 1])
        at = np.searchsorted(index.docs[part], row)
        if at < index.ptr[column + 1] - index.ptr[column] and index.docs[part][at] == row:
            shared.append((feature, float(index.impact[part][at])))
    return sorted(shared, key=lambda pair: (-pair[1], pair[0]))
