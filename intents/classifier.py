"""Behind the patterns: a fitted linear model that recognises commands nobody wrote a pattern for.

It overrules a question only when it is sure. scripts/fit-intents fits it; serving needs NumPy alone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from operator import add
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.errors import CatalogueError

PATH = Path(__file__).with_name("classifier.npz")
#: The layout of the fitted file.
FORMAT = 1
#: Commands are short: a longer message must be very sure to be one, a yet longer one never is.
SHORT, LONGEST = 30, 60
_ARRAYS = frozenset(
    ("format", "sources", "labels", "features", "weights", "scales", "biases", "bounds")
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
    """The fitted model: weights by feature and intent, and what a guess must reach."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.labels = _lines(arrays["labels"])
        self._rows = {name: row for row, name in enumerate(_lines(arrays["features"]))}
        self._known = frozenset(self._rows)
        self._weights = arrays["weights"].astype(np.float32) * arrays["scales"]
        self._biases = arrays["biases"]
        #: For short messages, and for those longer than SHORT.
        self.bounds = tuple(float(bound) for bound in arrays["bounds"])
        #: What it was fitted on; compare with `training.digest`.
        self.sources = arrays["sources"].tobytes().hex()

    def probabilities(self, seen: set[str]) -> NDArray[np.float32]:
        """Return the probability of every label."""
        rows = [self._rows[name] for name in self._known.intersection(seen)]
        votes = self._weights[rows].sum(axis=0) / sqrt(len(seen)) + self._biases
        odds = np.exp(votes - votes.max())
        found: NDArray[np.float32] = odds / odds.sum()
        return found

    def best(self, plain: str, mapped: str) -> Guess:
        """Return the likeliest label of a normalised message and of its second spelling."""
        chances = self.probabilities(features(plain, mapped))
        at = int(chances.argmax())
        return Guess(self.labels[at], float(chances[at]))

    def guess(self, plain: str, mapped: str) -> Guess | None:
        """Return the likeliest label if it is likely enough to overrule a question."""
        if not plain or len(plain) > LONGEST:
            return None
        best = self.best(plain, mapped)
        bound = self.bounds[len(plain) > SHORT]
        return best if best.probability >= bound else None


def _lines(array: NDArray[np.generic]) -> list[str]:
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
    size = (len(_lines(arrays["features"])), len(_lines(arrays["labels"])))
    if arrays["weights"].shape != size or arrays["biases"].shape != size[1:]:
        raise CatalogueError(path, None, "its arrays do not belong together")
    return Classifier(arrays)
