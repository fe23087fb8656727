"""Questions with a known answer, made of the base's own wordings, and their candidates.

Four kinds. `left_out`: a wording asked of the base after it was taken out of its entry. `again`: a
wording said otherwise. Both are asked of the base as it is (`many`) and of a base in which every
wording is an entry of its own (`alone`); there a left-out wording is right at one other wording of
its entry, and the rest of them are hidden. Each is asked a second time with everything right taken
away: then no answer is right.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from fitting.paraphrase import Paraphraser
from numpy.typing import NDArray

from knowledge import fit, ranking, search, text
from knowledge.candidates import Candidates, best
from knowledge.forms import Document
from knowledge.index import Index


@dataclass(frozen=True)
class Sample:
    """One question asked: its candidates with their evidence, and which of them are right."""

    found: Candidates
    owners: NDArray[np.int64]
    of_wordings: NDArray[np.float64]
    of_entries: NDArray[np.float64]
    right: NDArray[np.bool_]
    length: int

    @property
    def long(self) -> bool:
        return self.length > ranking.LONG


Pair = tuple[Sample | None, Sample | None]


def asked(index: Index, question: str, right: set[int], hidden: set[int]) -> Sample | None:
    """Ask a question of all rows but the hidden ones; None where nothing is found."""
    normalised = text.normalise(question)
    features = index.vocabulary.asked(normalised)
    allowed = np.ones(len(index), bool)
    allowed[list(hidden)] = False
    found = best(index, features, search.DEPTH, allowed)
    if not len(found.rows):
        return None
    _, owners, of_wordings, of_entries = ranking.evidence(index, features, found)
    rights = np.isin(found.rows, list(right))
    length = search.characters(normalised)
    return Sample(found, owners, of_wordings, of_entries, rights, length)


def left_out_of_many(documents: Sequence[Document], most: int, seed: int) -> Iterator[Pair]:
    """Ask wordings, at most so many, of the base without it, then of the base without its entry."""
    index = fit.build(documents)
    pool = [(row, wording) for row, d in enumerate(documents) for wording in d.wordings]
    for row, wording in sorted(random.Random(seed).sample(pool, min(most, len(pool)))):
        document = documents[row]
        others = tuple(w for w in document.wordings if w != wording)
        without = fit.update(index, [replace(document, wordings=others, version="")])
        yield (
            asked(without, wording, {row}, set()),
            asked(without, wording, set(), {row}),
        )


def again_of_many(documents: Sequence[Document], count: int, seed: int) -> Iterator[Pair]:
    """Ask wordings said otherwise of the base, then of the base without their entry."""
    index = fit.build(documents)
    pool = [(row, w) for row, d in enumerate(documents) for w in d.wordings]
    other = Paraphraser((w for _, w in pool), seed)
    for row, wording in random.Random(seed).sample(pool, count):
        question = other.said_otherwise(wording)
        yield asked(index, question, {row}, set()), asked(index, question, set(), {row})


class Alone:
    """The base with every wording an entry of its own."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.wordings = [w for d in documents for w in d.wordings]
        self.owners = np.repeat(np.arange(len(documents)), [len(d.wordings) for d in documents])
        width = len(str(len(self.wordings)))
        self.index = fit.build(
            Document(str(n).zfill(width), (w,)) for n, w in enumerate(self.wordings)
        )

    def siblings(self, row: int) -> set[int]:
        return set(np.flatnonzero(self.owners == self.owners[row]).tolist())

    def left_out(self, count: int, seed: int) -> Iterator[Pair]:
        """Ask wordings with one other wording of their entry left, then with none."""
        dice = random.Random(seed)
        for row in dice.sample(range(len(self.wordings)), count):
            family = self.siblings(row)
            kept = dice.choice(sorted(family - {row}))
            yield (
                asked(self.index, self.wordings[row], {kept}, family - {kept}),
                asked(self.index, self.wordings[row], set(), family),
            )

    def again(self, count: int, seed: int) -> Iterator[Pair]:
        """Ask wordings said otherwise, with the wording there and without it."""
        other = Paraphraser(self.wordings, seed)
        for row in random.Random(seed).sample(range(len(self.wordings)), count):
            question = other.said_otherwise(self.wordings[row])
            family = self.siblings(row)
            yield (
                asked(self.index, question, {row}, family - {row}),
                asked(self.index, question, set(), family),
            )
