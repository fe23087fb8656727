"""A second look behind the crisis rules: a fitted linear model, over the whole and its clauses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from intents import crisis_runs
from intents.arrays import read as arrays_of
from intents.crisis_kinds import Kinds, Told
from intents.crisis_rules import CATEGORIES
from intents.crisis_runs import Hashes
from intents.errors import CatalogueError
from intents.run_weights import RunWeights

#: The layout of the fitted file; scripts/fit-second-look writes it.
FORMAT = 4
#: Shorter messages are commands and greetings; the rules alone decide them.
SHORTEST = 4
#: A window has at most this many signs; a clause longer than half of it is cut into pieces.
WINDOW, PIECE = 40, 12
_Number = TypeVar("_Number", float, NDArray[np.float64])
#: So far below the bound (log odds) a short message is harmless whatever the rules say.
PLAINLY = 2.5
#: No window is more harmless than this for the others (log odds).
FLOOR = -4.0
#: How much of the score of a message is that of its gravest window.
_GRAVEST = 0.5
_ARRAYS = frozenset(("format", "steps", "weights", "scale", "heads", "votes", "biases", "bounds"))
#: Columns of the votes: one a category, severity at least 2, severity 3. Biases: danger, and those.
TODAY, NOW = len(CATEGORIES), 1 + len(CATEGORIES)
COLUMNS = NOW + 1
#: Bounds: of the score, how much it rises with length, how much less is enough for what looks
#: urgent, of the two severities, and how much of the likeliest kind's vote counts where that is
#: below nought: what is like no kind of danger must look graver.
BOUNDS = 6
#: The bound rises with the logarithm of the number of signs: a sum of many runs strays further.
#: It is as given at `MIDDLE` signs, and stays from `LEAST` down and from `MOST` up.
LEAST, MIDDLE, MOST = 6, 16, 60


class Windows(NamedTuple):
    """Begin and end of each run of clauses that is scored; of a short message it is the whole."""

    wide: list[tuple[int, int]]
    narrow: list[tuple[int, int]]


def windows(signs: str) -> Windows:
    """Return the runs of clauses of at most `WINDOW` signs, and those of half of it."""
    if len(signs) <= WINDOW:
        return Windows([(0, len(signs))], [])
    borders = _borders(signs)
    return Windows(*(list(_runs(borders, size)) for size in (WINDOW, WINDOW // 2)))


def _runs(borders: list[int], size: int) -> Iterator[tuple[int, int]]:
    reached = 0
    for n, begin in enumerate(borders[:-1]):
        fitting = bisect_right(borders, begin + size) - 1
        end = borders[max(fitting, n + 1)]
        if end > reached:
            yield begin, end
            reached = end


def _borders(signs: str) -> list[int]:
    borders, at = [0], 0
    for clause in signs.split(" "):
        end = at + len(clause) + 1
        if end - at > WINDOW // 2:
            borders.extend(range(at + PIECE, end - PIECE // 2, PIECE))
        borders.append(min(end, len(signs)))
        at = end
    return borders


def together(gravest: _Number, mean: _Number) -> _Number:
    """Return the score of a message by its gravest window and the mean of its wide ones.

    By the gravest alone a long harmless story rings too often: one of its many windows looks grave.
    In the mean none counts less than `FLOOR`, so what is grave enough rings in any story.
    """
    return _GRAVEST * gravest + (1 - _GRAVEST) * mean


def longer(many: int) -> float:
    """Return the logarithm of how much longer than the middle a message of `many` signs is."""
    return log(min(max(many, LEAST), MOST) / MIDDLE)


@dataclass(frozen=True, slots=True)
class Look:
    """What the model sees in a message that it takes for danger; all numbers are log odds.

    `above` is how far the score lies above the bound that held for it.
    """

    category: str
    severity: int
    score: float
    above: float


class Fitted(NamedTuple):
    """What scripts/fit-second-look found.

    `runs` are the numbers of the runs that have a weight, ascending, `weights` theirs as whole
    numbers, `scale` what one of them is in log odds. `heads` are the numbers of the runs that have
    votes, ascending, `votes` theirs, a column for each of `COLUMNS`.
    """

    runs: Hashes
    weights: NDArray[np.int8]
    scale: float
    heads: Hashes
    votes: NDArray[np.float32]
    biases: NDArray[np.float32]
    bounds: NDArray[np.float32]


class SecondLook:
    """The fitted model: weights by run, and what an alarm must reach."""

    def __init__(self, kinds: Kinds, fitted: Fitted) -> None:
        self._kinds, self._weights = kinds, RunWeights(fitted.runs, fitted.weights)
        self._scale, self._bias = fitted.scale, float(fitted.biases[0])
        self._heads, self._votes, self._leaning = fitted.heads, fitted.votes, fitted.biases[1:]
        level, rise, self._less, self._today, self._now, self._known = map(float, fitted.bounds)
        self._bounds = [level + rise * longer(many) for many in range(MOST + 1)]

    def _best(self, told: Told, found: Hashes) -> tuple[float, int, int]:
        """Return the score of a message, and where its gravest window begins and ends."""
        many = len(told.signs)
        if many <= WINDOW:  # the one window is the whole
            return self._bias + self._scale * self._weights.total(found), 0, many
        weights = self._weights.of(found)
        near = len(told.folded) * crisis_runs.WIDTH
        by_character = weights[:near].reshape(-1, crisis_runs.WIDTH).sum(axis=1, dtype=int)
        by_character[told.starts] += weights[near:].reshape(-1, many).sum(axis=0, dtype=int)
        sums, place = [0, *by_character.cumsum().tolist()], told.place
        wide, narrow = (
            [
                (self._bias + self._scale * (sums[place(end)] - sums[place(begin)]), begin, end)
                for begin, end in spans
            ]
            for spans in windows(told.signs)
        )
        gravest, begin, end = max(wide + narrow)
        mean = sum(max(score, FLOOR) for score, _, _ in wide) / len(wide)
        return together(gravest, mean), begin, end

    def score(self, folded: str) -> float:
        """Return how much a folded message looks like danger (log odds)."""
        told = self._kinds.write(folded)
        return self._best(told, crisis_runs.runs(told))[0]

    def look(self, folded: str, *, ruled: bool = False) -> Look | None:
        """Return what is seen in a folded message, None for an ordinary one.

        A very short one is looked at only if a rule named it (`ruled`).
        """
        if len(folded) < SHORTEST and not ruled:
            return None
        told = self._kinds.write(folded)
        found = crisis_runs.runs(told)
        score, begin, end = self._best(told, found)
        bound = self._bounds[min(len(told.signs), MOST)]
        if score <= bound - self._less:
            return None
        votes = self._voted(crisis_runs.within(found, told, begin, end))
        kind = int(votes[:TODAY].argmax())
        score += self._known * min(float(votes[kind]), 0.0)
        above = score - bound + (self._less if votes[NOW] > self._now else 0.0)
        if above <= 0:
            return None
        severity = 3 if votes[NOW] > self._now else 2 if votes[TODAY] > self._today else 1
        return Look(CATEGORIES[kind], severity, score, above)

    def rules_out(self, folded: str) -> bool:
        """Return whether a short message is so plainly harmless that not even a firm rule counts.

        A long one may hide a grave clause among plain ones.
        """
        told = self._kinds.write(folded)
        if len(told.signs) > WINDOW:
            return False
        score = self._best(told, crisis_runs.runs(told))[0]
        return score <= self._bounds[len(told.signs)] - PLAINLY

    def _voted(self, found: Hashes) -> NDArray[Any]:
        at = np.minimum(self._heads.searchsorted(found), len(self._heads) - 1)
        votes: NDArray[Any] = self._votes[at[self._heads[at] == found]].sum(axis=0)
        return votes + self._leaning

    def why(self, folded: str, most: int = 8) -> tuple[tuple[str, float], ...]:
        """Return the runs that speak most for danger, with their share of the score."""
        shares: dict[str, float] = {}
        for run, number in crisis_runs.named(self._kinds.write(folded)):
            weight = int(self._weights.of(np.array([number], dtype=np.uint32))[0])
            shares[run] = shares.get(run, 0.0) + self._scale * weight
        ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((self._kinds.read(run), share) for run, share in ranked[:most] if share > 0)


def load(path: Path, kinds: Kinds) -> SecondLook:
    """Read the fitted file (arrays only, nothing that could run).

    Raises:
        CatalogueError: it is away, damaged, or of another format.
    """
    arrays = arrays_of(path, _ARRAYS, FORMAT, "scripts/fit-second-look")
    steps, weights, heads, votes = (arrays[n] for n in ("steps", "weights", "heads", "votes"))
    biases, bounds = arrays["biases"], arrays["bounds"]
    shapes = weights.shape, votes.shape, biases.shape, bounds.shape
    if shapes != (steps.shape, (len(heads), COLUMNS), (1 + COLUMNS,), (BOUNDS,)):
        raise CatalogueError(path, None, "its arrays do not belong together")
    runs = steps.cumsum(dtype=np.uint32)
    votes, scale = votes.astype(np.float32), float(arrays["scale"])
    return SecondLook(kinds, Fitted(runs, weights, scale, heads, votes, biases, bounds))
