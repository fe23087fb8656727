"""Behind the patterns: a fitted linear model that knows commands nobody wrote a pattern for.

Every intent has a vote, a question among them; a command overrules a question only when its vote
lies far enough above. scripts/fit-intents fits it; serving needs NumPy alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from math import exp, inf, sqrt
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents import grams
from intents.arrays import read as arrays_of
from intents.errors import CatalogueError
from intents.grams import Numbers
from intents.rows import Rows
from knowledge.sounds import spelled

PATH = Path(__file__).with_name("classifier.npz")
#: The layout of the fitted file.
FORMAT = 2
#: Commands are short: a longer message must be very sure to be one, a yet longer one never is.
SHORT, LONGEST = 30, 60
_ARRAYS = frozenset(
    (
        "format",
        "sources",
        "labels",
        "default",
        "features",
        "weights",
        "scales",
        "biases",
        "bounds",
        "honest",
    )
)
_BEGIN, _END = "<", ">"


def features(plain: str, mapped: str) -> set[str]:
    """Return the runs of 1-3 characters of both spellings and of 2 sounds, the ends marked."""
    seen = _runs(plain) | _sounds(mapped)
    return seen if mapped is plain else seen | _runs(mapped)


def _runs(text: str) -> set[str]:
    text = _marked(text)
    pairs = list(map(add, text, text[1:]))
    return set(chain(text, pairs, map(add, pairs, text[2:])))


def _sounds(text: str) -> set[str]:
    """Return the runs of two sounds: a homophone slip changes none of them."""
    text = spelled(_marked(text))
    return set(map(add, text, text[1:]))


def numbers(plain: str, mapped: str) -> Numbers:
    """Return the features of a message as numbers: the same as `grams.of(features(...))`."""
    raw = _marked(plain)
    if mapped is plain:
        return grams.distinct([*grams.runs(raw), grams.pairs(spelled(raw))])
    second = _marked(mapped)
    return grams.distinct([*grams.runs(raw), *grams.runs(second), grams.pairs(spelled(second))])


def _marked(text: str) -> str:
    return f"{_BEGIN}{text.replace(' ', '')}{_END}"


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent and how sure it is (0 to 1)."""

    intent: str
    probability: float


class Classifier:
    """The fitted model: how much each feature speaks for each intent, a question among them."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.labels = _lines(arrays["labels"])
        self._rows = Rows(grams.of(_lines(arrays["features"])))
        # one byte a weight: as floats they would take four times the memory
        self._weights, self._scales = arrays["weights"], arrays["scales"]
        self._biases = arrays["biases"].astype(np.float32)
        self._slope, self._shift = arrays["honest"].tolist()
        #: The label of a question, and how far a command's vote must lie above that label's: for
        #: short messages, and for those longer than SHORT.
        self.default = str(arrays["default"])
        self.bounds = tuple(float(bound) for bound in arrays["bounds"])
        self._question = self.labels.index(self.default)
        #: What it was fitted on; compare with `training.digest`.
        self.sources = arrays["sources"].tobytes().hex()

    def votes(self, seen: Numbers) -> NDArray[np.float32]:
        """Return the vote for each label, a float of any size."""
        known = self._weights.take(self._rows.of(seen), axis=0)
        total = known.sum(axis=0, dtype=np.int32) * self._scales
        found: NDArray[np.float32] = total / np.float32(sqrt(len(seen)))
        return found + self._biases

    def best(self, plain: str, mapped: str) -> Guess | None:
        """Return the likeliest command of a normalised message and of its second spelling."""
        return self._best(self.votes(numbers(plain, mapped)))

    def guess(self, plain: str, mapped: str) -> Guess | None:
        """Return the likeliest command if it lies far enough above a question to overrule it."""
        if not plain or len(plain) > LONGEST:
            return None
        return self._best(self.votes(numbers(plain, mapped)), self.bounds[len(plain) > SHORT])

    def _best(self, votes: NDArray[np.float32], bound: float = -inf) -> Guess | None:
        """Return the likeliest command, or None if it is not `bound` above a question."""
        question = float(votes[self._question])
        votes[self._question] = -inf
        at = int(votes.argmax())
        top = float(votes[at])
        if top - question < bound:
            return None
        votes[at] = question  # the runner-up may be a question
        margin = top - max(float(votes.max()), question)
        sure = 1 / (1 + exp(-(self._slope * margin + self._shift)))
        return Guess(self.labels[at], sure)


def _lines(array: NDArray[Any]) -> list[str]:
    return array.tobytes().decode("utf-8").split("\n")


def load(path: Path = PATH) -> Classifier:
    """Read the fitted file (arrays only, nothing that could run).

    Raises:
        CatalogueError: it is away, damaged, or of another format.
    """
    arrays = arrays_of(path, _ARRAYS, FORMAT, "scripts/fit-intents")
    names, labels = _lines(arrays["features"]), _lines(arrays["labels"])
    sizes = {"weights": (len(names), len(labels)), "biases": (len(labels),), "honest": (2,)}
    if any(arrays[name].shape != size for name, size in sizes.items()):
        raise CatalogueError(path, None, "its arrays do not belong together")
    return Classifier(arrays)
