"""Why a hit was found and how sure the base is of it: words, evidence and signs, as data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knowledge import text, trace
from knowledge.candidates import Candidates, best
from knowledge.index import Index
from knowledge.judge import SIGNS, Grounds, Judge
from knowledge.ranking import EVIDENCE, LONG, OF_WORDING, evidence, rank
from knowledge.scope import EVERYWHERE, Scope
from knowledge.search import ALMOST, DEPTH, characters, signs
from knowledge.vocabulary import Asked


@dataclass(frozen=True, slots=True)
class Word:
    """A feature a question shares with an entry: its weight, and the parent's own characters."""

    feature: str
    weight: float
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one entry stands where it does.

    `wording` is its nearest one, normalised; `evidence` maps a name of `ranking.EVIDENCE` to its
    value and to what it adds to the entry's value.
    """

    entry: str
    value: float
    score: float
    wording: str
    evidence: dict[str, tuple[float, float]]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why the hits are what they are; `signs` are what the confidence rests on."""

    hits: tuple[Reason, ...]
    signs: dict[str, float]
    known: float
    right: float


def reasons(
    index: Index, question: str, judge: Judge, *, scope: Scope = EVERYWHERE, limit: int = 3
) -> Reasons:
    """Return why a search finds what it finds, for its first `limit` hits."""
    normalised = text.normalise(question)
    asked = index.vocabulary.asked(normalised)
    allowed = index.allowed(scope)
    found = best(index, asked, DEPTH, allowed)
    if not len(found.rows):
        return Reasons((), {}, 0.0, 0.0)
    grounds = judge.grounds(index.alone)
    long = characters(normalised) > LONG
    ranked = rank(index, asked, found, grounds.ranker, long=long)
    weights = grounds.ranker.long if long else grounds.ranker.short
    exact = index.word_for_word(asked, allowed)
    order = sorted(
        zip(ranked.at.tolist(), ranked.values.tolist(), strict=True),
        key=lambda pair: found.rows[pair[0]] != exact,
    )
    hits = [
        _reason(
            index,
            question,
            asked,
            found,
            at,
            weights,
            _score(grounds, value, first=found.rows[at] == exact),
        )
        for at, value in order[:limit]
    ]
    seen = signs(ranked, found, normalised)
    return Reasons(
        tuple(hits),
        dict(zip(SIGNS, seen, strict=True)),
        grounds.known.chance(seen),
        grounds.right.chance(seen),
    )


def _score(grounds: Grounds, value: float, *, first: bool) -> float:
    return 1.0 if first else min(grounds.score(value), ALMOST)


def _reason(
    index: Index,
    question: str,
    asked: Asked,
    found: Candidates,
    at: int,
    weights: np.ndarray,
    score: float,
) -> Reason:
    wordings, owners, of_wordings, of_entries = evidence(index, asked, found)
    own = np.flatnonzero(owners == at)
    by_wording = weights[: len(OF_WORDING)]
    if not by_wording.any():  # nothing is compared: what is most alike is nearest all the same
        by_wording = np.array([name.startswith("alike") for name in OF_WORDING], float)
    nearest = own[(of_wordings[own] @ by_wording).argmax()]
    values = np.concatenate([of_wordings[nearest], of_entries[at]])
    entry = index.entries[int(found.rows[at])]
    shown = {
        name: (float(v), float(v * w))
        for name, v, w in zip(EVIDENCE, values, weights, strict=True)
        if w
    }
    wording = index.forms.texts[int(wordings[nearest])]
    return Reason(
        entry, float(values @ weights), score, wording, shown, words(index, question, entry)
    )


def words(index: Index, question: str, entry: str) -> tuple[Word, ...]:
    """Return the terms a question shares with an entry, heaviest first.

    Their weights add up to the score of the first look.
    """
    row = index.entries.index(entry)
    shared = []
    for feature in text.features(question):
        column = index.vocabulary.column(feature)
        if column is None:
            continue
        part = slice(index.postings.ptr[column], index.postings.ptr[column + 1])
        rows = index.postings.rows[part]
        at = int(np.searchsorted(rows, row))
        if at < len(rows) and rows[at] == row:
            shared.append((feature, float(index.postings.impact[part][at])))
    shared.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple(Word(f, w, _own(question, f)) for f, w in shared)


def _own(question: str, feature: str) -> tuple[str, ...]:
    places = trace.own_words(question, feature)
    return tuple(dict.fromkeys(question[start:end] for start, end in places))
