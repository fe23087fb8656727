"""A question to ranked entries and a confidence: exact candidates, a linear order, three bands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from knowledge import text
from knowledge.candidates import Candidates, best
from knowledge.index import Index
from knowledge.judge import SIGNS, Band, Grounds, Judge
from knowledge.ranking import LONG, Ranked, rank
from knowledge.scope import EVERYWHERE, Scope
from knowledge.vocabulary import Asked

LIMIT = 10
#: Candidates of the first look that are compared in the second.
DEPTH = 16
#: Fewer Chinese characters than this are never a question that can be answered outright.
ENOUGH = 3
FIRST_HAN = "\u3400"
#: With this many features a text has more than one word.
FEW = 12
#: A text of more characters than this is never answered outright.
ESSAY = 500
#: Topics whose answers hold for Guangzhou alone.
LOCAL = ("pol.", "svc.")
ALMOST = 0.999
_FIFTH = 4
_SECOND = SIGNS.index("second")
#: A lead over the second and over the fifth that is larger than this tells no more.
_LEADS = (6.0, 8.0)


class Hit(NamedTuple):
    """One entry near the question; `score` in [0, 1]: the chance that it is what was asked for."""

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
    index: Index, question: str, judge: Judge, *, scope: Scope = EVERYWHERE, limit: int = LIMIT
) -> Found:
    """Return the entries nearest to a parent's text, best first.

    Entries outside the scope are never returned. A wording the base holds word for word, polite
    words around it aside, always scores 1.
    """
    normalised = text.normalise(question)
    grounds = judge.grounds(index.alone)
    asked = index.vocabulary.asked(normalised, heard=grounds.ranker.compares)
    if not any(asked.counts) or not len(index):
        return NOTHING
    allowed = index.allowed(scope)
    found = best(index, asked, DEPTH, allowed)
    exact = index.word_for_word(asked, allowed)
    if exact is not None:
        return _word_for_word(index, judge, asked, found, exact, normalised, limit)
    if not len(found.rows):
        return NOTHING
    ranked = _ranked(index, asked, found, grounds, normalised)
    seen = signs(ranked, found, normalised)
    probability = grounds.probability(seen)
    if is_strange(index, normalised):
        probability *= judge.strange
    rows = found.rows[ranked.at[:limit]].tolist()
    values = ranked.values[:limit].tolist()
    hits = [
        _hit(index, r, min(grounds.score(v), ALMOST)) for r, v in zip(rows, values, strict=True)
    ]
    band = judge.band(probability, int(index.forms.risks[rows[0]]))
    if band is Band.ANSWER and _is_doubtful(index, judge, seen, rows[0], normalised):
        band = Band.CANDIDATES
    if is_one_word(normalised):
        band = _band_of_word(index, band, asked, normalised)
    return Found(tuple(hits), probability, band)


def signs(ranked: Ranked, found: Candidates, normalised: str) -> tuple[float, ...]:
    """Return what the confidence rests on, in the order of `judge.SIGNS`."""
    values = ranked.values
    first = float(values[0])
    second = first - float(values[1]) if len(values) > 1 else first
    fifth = first - float(values[_FIFTH]) if len(values) > _FIFTH else first
    leads = min(second, _LEADS[0]), min(fifth, _LEADS[1])
    length = characters(normalised)
    mass = math.log1p(float(found.scores[ranked.at[0]]))
    return first, *leads, ranked.alike, mass, math.log1p(length), float(length > LONG)


def characters(normalised: str) -> int:
    """Return how many characters of words a normalised text has."""
    return len(normalised) - normalised.count(" ")


def is_one_word(normalised: str) -> bool:
    """Say whether a text has too few characters to be a question."""
    return sum(c >= FIRST_HAN for c in normalised) < ENOUGH


def is_strange(index: Index, normalised: str) -> bool:
    """Say whether a base is about children and a text of more than one word is not."""
    if not index.about_children or text.is_about_children(normalised):
        return False
    return not is_one_word(normalised)


def is_known(index: Index, word: str) -> bool:
    """Say whether some wording of the base holds a word."""
    column = None if " " in word else index.vocabulary.column(word)
    return column is not None and index.idf[column] < index.unknown_idf


def _ranked(
    index: Index, asked: Asked, found: Candidates, grounds: Grounds, normalised: str
) -> Ranked:
    long = characters(normalised) > LONG
    return rank(index, asked, found, grounds.ranker, long=long)


def _word_for_word(
    index: Index,
    judge: Judge,
    asked: Asked,
    found: Candidates,
    row: int,
    normalised: str,
    limit: int,
) -> Found:
    """Return the entry that holds the wording, and the others behind it."""
    hits = [_hit(index, row, 1.0)]
    if len(found.rows):
        grounds = judge.grounds(index.alone)
        ranked = _ranked(index, asked, found, grounds, normalised)
        pairs = zip(found.rows[ranked.at].tolist(), ranked.values.tolist(), strict=True)
        hits += [_hit(index, r, min(grounds.score(v), ALMOST)) for r, v in pairs if r != row]
    return Found(tuple(hits[:limit]), 1.0, Band.ANSWER, exact=True)


def _hit(index: Index, row: int, score: float) -> Hit:
    return Hit(index.entries[row], index.topics[row], score)


def _is_doubtful(
    index: Index, judge: Judge, seen: tuple[float, ...], row: int, normalised: str
) -> bool:
    """Say whether something speaks against answering outright, however probable it is.

    Two entries as near as each other; a text too long to be one question; policy and services asked
    of another city.
    """
    if seen[_SECOND] < judge.lead or len(normalised) > ESSAY:
        return True
    return index.topics[row].startswith(LOCAL) and text.is_about_elsewhere(normalised)


def _band_of_word(index: Index, band: Band, asked: Asked, normalised: str) -> Band:
    """Return the band of a text with hardly a Chinese character in it.

    One word is a topic at best, and only if the base knows it as a word.
    """
    chars, pairs, _, longer = asked.counts
    if chars + pairs + longer >= FEW and max(normalised) >= FIRST_HAN:
        return band
    sure = band is not Band.DECLINE or len(normalised) > 1
    sign = len(normalised) == 1 and normalised < FIRST_HAN
    return Band.CANDIDATES if sure and not sign and is_known(index, normalised) else Band.DECLINE
