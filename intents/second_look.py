"""A second look behind the crisis rules: a fitted linear model, over the whole and its clauses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, repeat
from operator import add
from pathlib import Path

import numpy as np

from intents import crisis_kinds
from intents.arrays import read as arrays_of
from intents.crisis_kinds import Kinds, Told
from intents.crisis_rules import CATEGORIES
from intents.errors import CatalogueError

#: The layout of the fitted file; scripts/fit-second-look writes it.
FORMAT = 2
#: Shorter messages are commands and greetings; the rules alone decide them.
SHORTEST = 4
#: What rules said of a message: nothing, something that asks for a check, something sure, and
#: something sure and urgent.
NO_RULE, ASKING, SURE, GRAVE = 0, 1, 2, 3
STATES = 4
#: A window has at most this many signs; a clause longer than half of it is cut into pieces.
WINDOW, PIECE = 40, 12
_ARRAYS = frozenset(("format", "features", "weights", "biases", "bounds"))
#: Columns of the weights: danger or not, one a category, severity at least 2, severity 3.
DANGER, TODAY, NOW = 0, 1 + len(CATEGORIES), 2 + len(CATEGORIES)
COLUMNS = NOW + 1
#: Bounds: of a score after each of the four in a short message; the same in one of several windows;
#: how much less is enough when it looks urgent; of the two severities.
BOUNDS = 2 * STATES + 3


def windows(signs: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each run of clauses that is scored: the whole if it is short."""
    if len(signs) <= WINDOW:
        yield 0, len(signs)
        return
    borders = _borders(signs)
    for size in (WINDOW, WINDOW // 2):
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


@dataclass(frozen=True, slots=True)
class Look:
    """What the model sees in a message; `score` above the bound of `state` is an alarm."""

    category: str
    severity: int
    score: float
    alarm: bool


class SecondLook:
    """The fitted model: weights by run, and what an alarm must reach."""

    def __init__(
        self, kinds: Kinds, names: list[str], weights: np.ndarray, biases: np.ndarray,
        bounds: np.ndarray,
    ) -> None:  # fmt: skip
        self._kinds, self._rows = kinds, {name: row for row, name in enumerate(names)}
        danger = weights[:, DANGER].astype(float).tolist()
        self._danger = {name: w for name, w in zip(names, danger, strict=True) if w}
        self._weights, self._biases = weights.astype(np.float32), biases
        self._bias = float(biases[DANGER])
        *by_state, self._less, self._today, self._now = (float(bound) for bound in bounds)
        self._bounds = tuple(by_state)

    def _best(self, told: Told) -> tuple[float, int, int]:
        """Return the highest score of a window, and where it begins and ends."""
        weigh, nothing = self._danger.get, repeat(0.0)
        plain, *more = (map(weigh, runs, nothing) for runs in crisis_kinds.single_runs(told))
        for column in more:
            plain = map(add, plain, column)
        first, *others = (map(weigh, runs, nothing) for runs in crisis_kinds.sign_runs(told))
        for column in others:
            first = map(add, first, column)
        signs = list(first)
        for at, pair in crisis_kinds.skips(told):
            signs[at] += weigh(pair, 0.0)
        if len(signs) <= WINDOW:  # the one window is the whole
            return self._bias + (sum(plain, 0.0) + sum(signs, 0.0)), 0, len(signs)
        by_character = [*accumulate(plain, initial=0.0)]
        by_sign = accumulate(signs, initial=0.0)
        starts = [*told.starts, len(told.folded)]
        sums = [by_character[at] + s for at, s in zip(starts, by_sign, strict=True)]
        scored = ((sums[end] - sums[begin], begin, end) for begin, end in windows(told.signs))
        score, begin, end = max(scored, default=(0.0, 0, len(told.signs)))
        return self._bias + score, begin, end

    def score(self, folded: str) -> float:
        """Return how much a folded message looks like danger (log odds)."""
        return self._best(self._kinds.write(folded))[0]

    def look(self, folded: str, state: int = NO_RULE) -> Look | None:
        """Return what is seen in a folded message, None for an ordinary one no rule names."""
        if len(folded) < SHORTEST and state == NO_RULE:
            return None
        told = self._kinds.write(folded)
        score, begin, end = self._best(told)
        bound = self._bounds[state if len(told.signs) <= WINDOW else state + STATES]
        if score <= bound - self._less and state == NO_RULE:
            return None
        votes = self._votes(told, begin, end)
        urgent = bool(votes[NOW] > self._now)
        alarm = score > (bound - self._less if urgent else bound)
        if not alarm and state == NO_RULE:
            return None
        category = CATEGORIES[int(votes[1:TODAY].argmax())]
        severity = 3 if urgent else 2 if votes[TODAY] > self._today else 1
        return Look(category, severity, score, alarm)

    def _votes(self, told: Told, begin: int, end: int) -> np.ndarray:
        starts = [*told.starts, len(told.folded)]
        part = told.folded[starts[begin] : starts[end]]
        known = (self._rows.get(run) for run in crisis_kinds.runs(self._kinds.write(part)))
        rows = [row for row in known if row is not None]
        votes: np.ndarray = self._weights[rows].sum(axis=0) + self._biases
        return votes

    def why(self, folded: str, most: int = 8) -> tuple[tuple[str, float], ...]:
        """Return the runs that speak most for danger, with their share of the score."""
        shares: dict[str, float] = {}
        for run in crisis_kinds.runs(self._kinds.write(folded)):
            shares[run] = shares.get(run, 0.0) + self._danger.get(run, 0.0)
        ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((self._kinds.read(run), share) for run, share in ranked[:most] if share > 0)


def load(path: Path, kinds: Kinds) -> SecondLook:
    """Read the fitted file (arrays only, nothing that could run).

    Raises:
        CatalogueError: it is away, damaged, or of another format.
    """
    arrays = arrays_of(path, _ARRAYS, FORMAT, "scripts/fit-second-look")
    names = arrays["features"].tobytes().decode("utf-8").split("\n")
    weights, biases, bounds = arrays["weights"], arrays["biases"], arrays["bounds"]
    shapes = weights.shape, biases.shape, bounds.shape
    if shapes != ((len(names), COLUMNS), (COLUMNS,), (BOUNDS,)):
        raise CatalogueError(path, None, "its arrays do not belong together")
    return SecondLook(kinds, names, weights, biases, bounds)
