"""A second look behind the crisis rules: a fitted linear model that only adds alarms."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from operator import add
from pathlib import Path

import numpy as np

from intents import yamlfile
from intents.crisis_rules import CATEGORIES
from intents.errors import CatalogueError
from intents.folding import Folding

#: The layout of the fitted file; scripts/fit-second-look writes it.
FORMAT = 1
#: Shorter messages are commands and greetings; the rules alone decide them.
SHORTEST = 4
_ARRAYS = frozenset(("format", "features", "weights", "biases", "bounds"))
#: Columns of the weights: danger or not, one a category, urgent or not.
_DANGER, _URGENT = 0, 1 + len(CATEGORIES)
_COLUMNS = _URGENT + 1


class Kinds:
    """Words of one kind: each is written as the kind's capital letter."""

    def __init__(self, letters: Mapping[str, str]) -> None:
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for word in sorted(letters, key=lambda w: (-len(w), w)):
            self._by_first.setdefault(word[0], []).append((word, letters[word]))

    def write(self, folded: str) -> str:
        """Return folded text with each known word, longest first, as its letter."""
        by_first, out, at = self._by_first, "", 0
        while at < len(folded):
            for word, letter in by_first.get(folded[at], ()):
                if folded.startswith(word, at):
                    out += letter
                    at += len(word)
                    break
            else:
                out += folded[at]
                at += 1
        return out


def load_kinds(path: Path, folding: Folding) -> Kinds:
    """Read the kinds of words.

    Raises:
        CatalogueError: a kind is not one capital letter.
    """
    letters: dict[str, str] = {}
    for letter, node in yamlfile.read(path).items.items():
        if len(letter) != 1 or not letter.isascii() or not letter.isupper():
            raise CatalogueError(path, node.line, f"`{letter}` is no capital letter")
        for word in yamlfile.text(path, node).split():
            letters.setdefault(folding.words(word), letter)
    return Kinds(letters)


def features(folded: str, kinds: Kinds) -> set[str]:
    """Return the runs of 1-2 characters, and of 1-3 with words written as kinds."""
    told = kinds.write(folded)
    pairs = list(map(add, told, told[1:]))
    return set(chain(folded, map(add, folded, folded[1:]), told, pairs, map(add, pairs, told[2:])))


@dataclass(frozen=True, slots=True)
class Look:
    """What the model sees in a message; `score` above the bound is an alarm."""

    category: str
    severity: int
    score: float


class SecondLook:
    """The fitted model: weights by feature, and what an alarm must reach."""

    def __init__(
        self, kinds: Kinds, names: list[str], weights: np.ndarray, biases: np.ndarray,
        bounds: np.ndarray,
    ) -> None:  # fmt: skip
        self._kinds, self._rows = kinds, {name: row for row, name in enumerate(names)}
        self._danger = dict(zip(names, weights[:, _DANGER].astype(float).tolist(), strict=True))
        self._known = frozenset(names)
        self._weights, self._biases = weights.astype(np.float32), biases
        self._bias = float(biases[_DANGER])
        self.bound, self._sure = (float(bound) for bound in bounds)

    def score(self, folded: str) -> float:
        """Return how much a folded message looks like danger (log odds)."""
        seen = features(folded, self._kinds)
        found = self._known.intersection(seen)
        total = sum((self._danger[name] for name in found), 0.0)
        return self._bias + total / sqrt(len(seen) or 1)

    def look(self, folded: str) -> Look | None:
        """Return what is seen in a folded message, None for an ordinary one."""
        if len(folded) < SHORTEST or (score := self.score(folded)) <= self.bound:
            return None
        seen = features(folded, self._kinds)
        rows = [self._rows[name] for name in self._known.intersection(seen)]
        votes = self._weights[rows].sum(axis=0) / sqrt(len(seen)) + self._biases
        category = CATEGORIES[int(votes[1:_URGENT].argmax())]
        return Look(category, 3 if votes[_URGENT] > self._sure else 2, score)

    def why(self, folded: str, most: int = 8) -> tuple[tuple[str, float], ...]:
        """Return the features that speak most for danger, with their share of the score."""
        seen = features(folded, self._kinds)
        size = sqrt(len(seen) or 1)
        shares = {name: self._danger[name] / size for name in self._known.intersection(seen)}
        ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(pair for pair in ranked[:most] if pair[1] > 0)


def load(path: Path, kinds: Kinds) -> SecondLook:
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
        raise CatalogueError(path, None, f"is not of format {FORMAT}; run scripts/fit-second-look")
    names = arrays["features"].tobytes().decode("utf-8").split("\n")
    weights, biases = arrays["weights"], arrays["biases"]
    if weights.shape != (len(names), _COLUMNS) or biases.shape != (_COLUMNS,):
        raise CatalogueError(path, None, "its arrays do not belong together")
    return SecondLook(kinds, names, weights, biases, arrays["bounds"])
