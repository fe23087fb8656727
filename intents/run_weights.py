"""What each run weighs, found by its number: a table of small buckets in one array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from intents.crisis_runs import Hashes

#: Buckets by the upper bits of a number; in a bucket the lower 16 bits tell runs apart.
_BITS, _PLACES = 18, 4
_SHIFT = np.uint32(32 - _BITS)


class RunWeights:
    """Whole-number weights of known runs; a run that is not known weighs nothing.

    Of runs that share a bucket the `_PLACES` that weigh most stay.
    """

    def __init__(self, numbers: Hashes, weights: NDArray[np.int8]) -> None:
        order = np.lexsort((-np.abs(weights.astype(int)), numbers >> _SHIFT))
        bucket = (numbers >> _SHIFT)[order]
        place = np.arange(len(bucket)) - np.searchsorted(bucket, bucket)
        fits = place < _PLACES
        kept, at = order[fits], (bucket[fits], place[fits])
        table = np.zeros((1 << _BITS, _PLACES, 2), dtype=np.uint16)
        table[*at, 0] = weights[kept].astype(np.int16).view(np.uint16)
        table[*at, 1] = numbers[kept] & np.uint32(0xFFFF)
        self._table = table.view(np.uint32)[..., 0]

    def of(self, numbers: Hashes) -> NDArray[np.int16]:
        """Return what the runs weigh, one each."""
        found, same = self._looked_up(numbers)
        # an einsum, because a sum over so short an axis takes longer than all the rest
        weights: NDArray[np.int16] = np.einsum("ij,ij->i", found, same.view(np.int8))
        return weights

    def total(self, numbers: Hashes) -> int:
        """Return what the runs weigh together."""
        found, same = self._looked_up(numbers)
        return int((found * same).sum(dtype=np.int32))

    def _looked_up(self, numbers: Hashes) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
        """Return the weights in the bucket of each run, and which of them is its own."""
        found = self._table.take(numbers >> _SHIFT, axis=0).view(np.uint16)
        same = found[:, 1::2] == numbers.astype(np.uint16)[:, None]  # the lower half of a number
        return found[:, ::2].view(np.int16), same
