"""The second look: candidates compared with the question, wording by wording, and ranked anew.

The order is a weighted sum of evidence that a person can read. Evidence of a wording is the part of
the question it has (`ask`), the part of it the question has (`held`), and the cosine of both
(`alike`), each for characters, pairs and sounds; an entry counts with its best wording. Evidence of
an entry as a whole comes from the first look. For long questions (a story) other weights are added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.candidates import Candidates
from knowledge.index import KINDS, Index
from knowledge.lists import spread
from knowledge.vocabulary import Asked

_PARTS = ("ask", "held", "alike")
_KINDS = ("chars", "pairs", "sounds")
OF_WORDING = tuple(f"{part}_{kind}" for part in _PARTS for kind in _KINDS)
OF_ENTRY = ("share", "lead", "share_chars", "share_pairs", "lead_chars")
EVIDENCE = (*OF_WORDING, *OF_ENTRY)
#: Questions of more characters than this are stories.
LONG = 35
_TINY = 1e-9
_ALIKE_CHARS = OF_WORDING.index("alike_chars")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranker:
    """The weights of the evidence, in the order of `EVIDENCE`; `long` replaces `short` in stories.

    Fitted by scripts/fit-matching.
    """

    short: Floats
    long: Floats

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> Ranker:
        """Return the ranker of named weights; `long_…` ones are added in stories.

        Raises:
            KeyError: a name is no evidence.
        """
        known = {*EVIDENCE, *(f"long_{name}" for name in EVIDENCE)}
        if strange := set(weights) - known:
            raise KeyError(f"`{min(strange)}` is no evidence")
        short = np.array([weights.get(name, 0.0) for name in EVIDENCE])
        return cls(short, short + [weights.get(f"long_{name}", 0.0) for name in EVIDENCE])

    @property
    def compares(self) -> bool:
        """Say whether any evidence of single wordings weighs something."""
        weights = self.short[: len(OF_WORDING)], self.long[: len(OF_WORDING)]
        return bool(weights[0].any() or weights[1].any())

    def mixed(self, other: Ranker, part: float) -> Ranker:
        """Return `part` of this ranker and the rest of the other."""
        rest = 1 - part
        return Ranker(self.short * part + other.short * rest, self.long * part + other.long * rest)


class Ranked(NamedTuple):
    """Candidates by value, best first: `at` tells where each stood among them.

    `alike` is the characters' cosine of the first and its most alike wording, 0 where none is
    compared.
    """

    at: NDArray[np.int64]
    values: Floats
    alike: float


def rank(index: Index, asked: Asked, found: Candidates, ranker: Ranker, *, long: bool) -> Ranked:
    """Return the candidates in their final order; equal values in the order of the first look.

    A value is the sum of `evidence` by weight, with the best wording of the entry.
    """
    weights = ranker.long if long else ranker.short
    values = _sum_of_entry(found, weights[len(OF_WORDING) :].tolist())
    if not ranker.compares:
        order = (-values).argsort(kind="stable")
        return Ranked(order, values[order], 0.0)
    whole = _whole(index, asked)
    wordings, firsts = _wordings(index, found.rows)
    likeness = _likeness(index, asked, wordings)
    by_wording = likeness @ (weights[: len(OF_WORDING)] * _shares(whole))
    several = len(wordings) > len(found.rows)
    values = values + (np.maximum.reduceat(by_wording, firsts) if several else by_wording)
    order = (-values).argsort(kind="stable")
    first = int(order[0])
    end = firsts[first + 1] if first + 1 < len(firsts) else len(wordings)
    alike = float(likeness[firsts[first] : end, _ALIKE_CHARS].max()) / math.sqrt(whole[0])
    return Ranked(order, values[order], alike)


def _shares(whole: tuple[float, float, float]) -> Floats:
    """Return what makes idf in common a share of the question: for `ask`, `held`, `alike`."""
    a, b, c = whole
    return np.array(
        [1 / a, 1 / b, 1 / c, 1.0, 1.0, 1.0, a**-0.5, b**-0.5, c**-0.5],
    )


def _sum_of_entry(found: Candidates, weights: list[float]) -> Floats:
    """Return `of_entry(found) @ weights`, in two products."""
    share, lead, chars, pairs, lead_chars = weights
    most_pairs = found.most - found.most_chars
    of_pairs = pairs / most_pairs if most_pairs > _TINY else 0.0
    of_score = share / found.most + lead / float(found.scores[0]) + of_pairs
    of_chars = chars / max(found.most_chars, _TINY) - of_pairs
    if top := max(found.chars.tolist()):
        of_chars += lead_chars / top
    values: Floats = found.scores * of_score + found.chars * of_chars
    return values


def evidence(
    index: Index, asked: Asked, found: Candidates
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Return the evidence itself, for fitting and for explaining.

    The wordings of the candidates, to which candidate each belongs, the evidence of each wording
    (wordings, 9) and of each candidate (candidates, 5), in the order of `EVIDENCE`.
    """
    wordings, firsts = _wordings(index, found.rows)
    owners = np.zeros(len(wordings), np.int64)
    owners[firsts[1:]] = 1
    likeness = _likeness(index, asked, wordings) * _shares(_whole(index, asked))
    return wordings, owners.cumsum(), likeness, of_entry(found)


def of_entry(found: Candidates) -> Floats:
    """Return the evidence of each candidate as a whole (candidates, 5)."""
    share = found.scores / max(found.most, _TINY)
    chars = found.chars / max(found.most_chars, _TINY)
    most_pairs = found.most - found.most_chars
    pairs = (found.scores - found.chars) / most_pairs if most_pairs > _TINY else 0.0 * share
    lead, lead_chars = share / share.max(), chars / max(chars.max(), _TINY)
    return np.stack([share, lead, chars, pairs, lead_chars], axis=1)


def _wordings(index: Index, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the wordings of these rows, and where each row's begin."""
    starts = index.forms.starts
    if len(index.forms.texts) == len(index):
        return rows, np.arange(len(rows))
    wordings, bounds = spread(starts[rows], starts[rows + 1])
    return wordings, bounds[:-1]


def _likeness(index: Index, asked: Asked, wordings: NDArray[np.int64]) -> Floats:
    """Return the evidence of wordings but for what follows from the question alone."""
    likeness: Floats = index.scales[wordings] * _seen(index, asked, wordings)[:, None, :]
    return likeness.reshape(len(wordings), -1)


def _seen(index: Index, asked: Asked, wordings: NDArray[np.int64]) -> Floats:
    """Return how much idf each wording shares with the question, by kind (wordings, 3).

    Weights are multiples of one step, so that differences of running sums are exact.
    """
    mark = index.scratch("mark", len(index.idf))
    mark[asked.seen] = index.idf[asked.seen]
    edges = index.edges[wordings]
    starts = edges[:, 0]
    lengths = edges[:, KINDS] - starts
    ends = lengths.cumsum()
    shift = starts - ends + lengths
    at = np.arange(ends[-1])
    at += shift.repeat(lengths)
    sums = np.zeros(len(at) + 1)
    mark[index.forms.seen.columns[at]].cumsum(out=sums[1:])
    mark[asked.seen] = 0.0
    places: Floats = sums[edges - shift[:, None]]
    return places[:, 1:] - places[:, :-1]


def _whole(index: Index, asked: Asked) -> tuple[float, float, float]:
    """Return how much idf the question has, by kind; what no wording holds weighs most."""
    pair, sound = asked.splits
    chars, pairs, sounds, _ = asked.counts
    sums = np.zeros(len(asked.seen) + 1)
    index.idf[asked.seen].cumsum(out=sums[1:])
    unknown = index.unknown_idf
    first, second, third = float(sums[pair]), float(sums[sound]), float(sums[-1])
    return (
        max(first + unknown * (chars - pair), _TINY),
        max(second - first + unknown * (pairs - sound + pair), _TINY),
        max(third - second + unknown * (sounds - len(asked.seen) + sound), _TINY),
    )
