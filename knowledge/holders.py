"""Who holds a feature and how much of it: arrays that grow, shrink, and are added up at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FIRST = 4


class Holders:
    """The rows that hold one feature, each once, and the weight it has in each."""

    __slots__ = ("_at", "_rows", "_weights")

    def __init__(self) -> None:
        self._at: dict[int, int] = {}
        self._rows = np.zeros(_FIRST, np.int64)
        self._weights = np.zeros(_FIRST)

    def __len__(self) -> int:
        return len(self._at)

    def set(self, row: int, weight: float) -> None:
        """Set the weight of a row; 0 takes the row away."""
        at = self._at.get(row)
        if not weight:
            self._drop(row)
            return
        if at is None:
            at = self._at[row] = len(self._at)
            if at == len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
                self._weights = np.concatenate([self._weights, np.zeros_like(self._weights)])
            self._rows[at] = row
        self._weights[at] = weight

    def add_to(self, sums: NDArray[np.float64], weight: float) -> None:
        """Add what every row has of this feature, times a weight, to its sum."""
        size = len(self._at)
        sums[self._rows[:size]] += weight * self._weights[:size]

    def _drop(self, row: int) -> None:
        at, last = self._at.pop(row, None), len(self._at)
        if at is not None and at != last:
            moved = int(self._rows[last])
            self._rows[at], self._weights[at], self._at[moved] = moved, self._weights[last], at
