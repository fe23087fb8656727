"""Behind the patterns: a fitted linear model that knows commands nobody wrote a pattern for.

First it asks whether a message is a command at all, then which one; it overrules a question only
when it is sure of both. scripts/fit-intents fits it; serving needs NumPy alone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from math import exp, sqrt
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.errors import CatalogueError

PATH = Path(__file__).with_name("classifier.npz")
#: The layout of the fitted file.
FORMAT = 1
#: Commands are short: a longer message must be very sure to be one, a yet longer one never is.
SHORT, LONGEST = 30, 60
_ARRAYS = frozenset(
    ("format", "sources", "labels", "features", "gate", "weights", "scales", "biases", "bounds")
)
_BEGIN, _END = "<", ">"


def features(plain: str, mapped: str) -> set[str]:
    """Return the runs of 1-3 characters of both spellings, the ends marked."""
    seen = _runs(plain)
    return seen if mapped is plain else seen | _runs(mapped)


def _runs(text: str) -> set[str]:
    text = f"{_BEGIN}{text.replace(' ', '')}{_END}"
    pairs = list(map(add, text, text[1:]))
    return set(chain(text, pairs, map(add, pairs, text[2:])))


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent and how sure it is (0 to 1)."""

    intent: str
    probability: float


class Classifier:
    """The fitted model: how much each feature speaks for a command, and for which."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.labels, names = _lines(arrays["labels"]), _lines(arrays["features"])
        gate = arrays["gate"].astype(float).tolist()
        self._gate = dict(zip(names, gate, strict=True))
        self._rows = {name: row for row, name in enumerate(names)}
        self._known = frozenset(names)
        self._weights = arrays["weights"].astype(np.float32) * arrays["scales"]
        self._gate_bias, *biases = arrays["biases"].tolist()
        self._biases = np.array(biases, dtype=np.float32)
        #: What a guess must reach: for short messages, and for those longer than SHORT.
        self.bounds = tuple(float(bound) for bound in arrays["bounds"])
        #: What it was fitted on; compare with `training.digest`.
        self.sources = arrays["sources"].tobytes().hex()

    def command(self, seen: set[str]) -> float:
        """Return the probability that a message is a command at all."""
        total = sum(self._gate[name] for name in self._known.intersection(seen))
        odds = self._gate_bias + total / sqrt(len(seen))
        return 1 / (1 + exp(-odds)) if odds > 0 else exp(odds) / (1 + exp(odds))

    def which(self, seen: set[str]) -> Guess:
        """Return the likeliest intent of a message that is a command."""
        rows = [self._rows[name] for name in self._known.intersection(seen)]
        votes = self._weights[rows].sum(axis=0) / sqrt(len(seen)) + self._biases
        at = int(votes.argmax())
        return Guess(self.labels[at], 1 / float(np.exp(votes - votes[at]).sum()))

    def best(self, plain: str, mapped: str) -> Guess:
        """Return the likeliest intent of a normalised message and of its second spelling."""
        seen = features(plain, mapped)
        which = self.which(seen)
        return Guess(which.intent, self.command(seen) * which.probability)

    def guess(self, plain: str, mapped: str) -> Guess | None:
        """Return the likeliest intent if it is likely enough to overrule a question."""
        if not plain or len(plain) > LONGEST:
            return None
        seen, bound = features(plain, mapped), self.bounds[len(plain) > SHORT]
        command = self.command(seen)
        if command < bound:
            return None
        which = self.which(seen)
        sure = command * which.probability
        return Guess(which.intent, sure) if sure >= bound else None


def _lines(array: NDArray[Any]) -> list[str]:
    return array.tobytes().decode("utf-8").split("\n")


def load(path: Path = PATH) -> Classifier:
    """Read the fitted file (arrays only, nothing that could run).

    Raises:
        CatalogueError: it is away, damaged, or of another format.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise CatalogueError(path, None, f"cannot be read ({error})") from error
    if arrays.keys() != _ARRAYS or int(arrays["format"]) != FORMAT:
        raise CatalogueError(path, None, f"is not of format {FORMAT}; run scripts/fit-intents")
    names, labels = _lines(arrays["features"]), _lines(arrays["labels"])
    sizes = {"weights": (len(names), len(labels)), "gate": (len(names),)}
    sizes["biases"] = (1 + len(labels),)
    if any(arrays[name].shape != size for name, size in sizes.items()):
        raise CatalogueError(path, None, "its arrays do not belong together")
    return Classifier(arrays)
