"""Many lists of numbers in one array: the shape of everything an index holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Columns = NDArray[np.int32]
Bounds = NDArray[np.int64]


class Lists(NamedTuple):
    """Many lists of columns in one array: list n is `columns[bounds[n]:bounds[n + 1]]`."""

    columns: Columns
    bounds: Bounds

    @classmethod
    def of(cls, lists: Sequence[NDArray[np.int64]]) -> Lists:
        """Return these lists; they may be none."""
        columns = np.concatenate(lists) if lists else np.zeros(0)
        return cls(columns.astype(np.int32), bounds_of([len(found) for found in lists]))

    def taken(self, rows: NDArray[np.int64]) -> Lists:
        """Return the lists of these numbers, in their order."""
        at, bounds = spread(self.bounds[rows], self.bounds[rows + 1])
        return Lists(self.columns[at], bounds)

    def mapped(self, column: NDArray[np.int64]) -> Lists:
        """Return the same lists in another numbering of the columns."""
        return Lists(column[self.columns].astype(np.int32), self.bounds)

    def owners(self) -> NDArray[np.int64]:
        """Return, for every column in the array, the number of its list."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))


def bounds_of(lengths: Sequence[int] | NDArray[np.integer]) -> Bounds:
    """Return where lists of these lengths begin, and where the last one ends."""
    bounds = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return bounds


def spread(starts: Bounds, ends: Bounds) -> tuple[NDArray[np.int64], Bounds]:
    """Return every index of these ranges, one after the other, and where each range begins."""
    lengths = ends - starts
    bounds = bounds_of(lengths)
    at = np.arange(bounds[-1])
    at += np.repeat(starts - bounds[:-1], lengths)
    return at, bounds


def joined(one: Lists, other: Lists) -> Lists:
    """Return the lists of both, one after the other."""
    bounds = np.concatenate([one.bounds, other.bounds[1:] + one.bounds[-1]])
    return Lists(np.concatenate([one.columns, other.columns]), bounds)
