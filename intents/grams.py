"""Texts of one to three characters as numbers, and those of a message in a few array operations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]
#: Odd numbers without a pattern; two texts have the same number less than once in 10^9 times.
_FIRST, _SECOND, _THIRD, _MIX = (
    np.uint64(n)
    for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
)
_BY, _SHIFT = (_FIRST, _SECOND, _THIRD), np.uint64(29)
LONGEST = 3


def of(texts: Sequence[str]) -> Numbers:
    """Return the number of each text, of one to `LONGEST` characters."""
    numbers = np.zeros(len(texts), dtype=np.uint64)
    for size in range(1, LONGEST + 1):
        at = [n for n, text in enumerate(texts) if len(text) == size]
        codes = _codes("".join(texts[n] for n in at)).reshape(len(at), size)
        numbers[at] = sum(codes[:, n] * by for n, by in zip(range(size), _BY, strict=False))
    return _mixed(numbers)


def runs(text: str) -> Iterator[Numbers]:
    """Yield the runs of one, two and three characters; `distinct` makes numbers of them."""
    codes = _codes(text)
    alone = codes * _FIRST
    pairs = alone[:-1] + codes[1:] * _SECOND
    yield alone
    yield pairs
    yield pairs[:-1] + codes[2:] * _THIRD


def pairs(text: str) -> Numbers:
    """Return the runs of two characters, as `runs` does."""
    codes = _codes(text)
    found: Numbers = codes[:-1] * _FIRST + codes[1:] * _SECOND
    return found


def distinct(parts: Sequence[Numbers]) -> Numbers:
    """Return the numbers of runs, each once."""
    found = _mixed(np.concatenate(parts))
    found.sort()
    is_new = np.empty(len(found), dtype=bool)
    is_new[:1] = True
    np.not_equal(found[1:], found[:-1], out=is_new[1:])
    return found[is_new]


def _codes(text: str) -> Numbers:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _mixed(numbers: Numbers) -> Numbers:
    numbers ^= numbers >> _SHIFT
    numbers *= _MIX
    return numbers
