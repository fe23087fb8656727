"""Which row each known number has: many are looked up in a few array operations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from intents.grams import Numbers

#: Buckets by the upper bits of a number; in a bucket the lower 32 bits tell numbers apart.
_BITS = 16
_SHIFT = np.uint64(64 - _BITS)


class Rows:
    """Rows of numbers by their place in a sequence."""

    def __init__(self, numbers: Numbers) -> None:
        bucket = (numbers >> _SHIFT).astype(np.intp)
        order = np.argsort(bucket, kind="stable")
        place = np.arange(len(order)) - np.searchsorted(bucket[order], bucket[order])
        shape = 1 << _BITS, 1 + int(place.max(initial=0))
        self._marks = np.zeros(shape, dtype=np.uint32)
        self._rows = np.full(shape, -1, dtype=np.int32)
        self._marks[bucket[order], place] = numbers[order].astype(np.uint32)
        self._rows[bucket[order], place] = order

    def of(self, numbers: Numbers) -> NDArray[np.int32]:
        """Return the rows of those numbers that are known, in no order."""
        bucket = (numbers >> _SHIFT).view(np.intp)
        same = self._marks.take(bucket, axis=0) == numbers.astype(np.uint32)[:, None]
        rows: NDArray[np.int32] = self._rows.take(bucket, axis=0)[same]
        return rows[rows >= 0]
