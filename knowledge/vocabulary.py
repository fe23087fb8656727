"""Features to columns: characters and pairs as sorted numbers, longer words in a dictionary.

Nearly all features are one or two characters long. As numbers they are found by one search over a
sorted array; as strings each would be made, hashed and looked for in a table of tens of thousands
(docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge import text

#: A code point fits in 21 bits; a pair is the first character's, shifted, and the second's.
_BITS = 21
_SPACE = ord(" ")
#: Words of more characters than this are no character and no pair.
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns of an index: the characters and pairs by `codes` (sorted), then `longer`."""

    codes: NDArray[np.int64]
    longer: dict[str, int]

    @classmethod
    def of(cls, terms: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of these terms; `terms()` gives them in column order."""
        listed = list(terms)
        codes = np.array(sorted(_code(t) for t in listed if len(t) <= _PAIR), np.int64)
        words = sorted(t for t in listed if len(t) > _PAIR)
        return cls(codes, {word: len(codes) + n for n, word in enumerate(words)})

    def terms(self) -> list[str]:
        """Return every term by column."""
        return [*map(_term, self.codes.tolist()), *self.longer]

    def column(self, term: str) -> int | None:
        """Return a term's column, None when no entry holds it."""
        if len(term) > _PAIR:
            return self.longer.get(term)
        code = _code(term)
        at = int(np.searchsorted(self.codes, code))
        return at if at < len(self.codes) and self.codes[at] == code else None

    def columns_in(self, normalised: str) -> tuple[NDArray[np.int64], int]:
        """Return the columns of a text's features, and how many features it has.

        Equal to looking up `text.features_of(normalised)` one by one, in another order.
        """
        raw, mapped = text.readings(normalised)
        cut = text.segmenter()
        words = {w for w in cut(raw) if len(w) > _PAIR}
        if mapped is not raw:
            words.update([w for w in cut(mapped) if len(w) > _PAIR])
            raw = f"{raw} {mapped}"
        points = np.frombuffer(raw.encode("utf-32-le"), np.uint32).astype(np.int64)
        codes = _codes(points)
        at = self.codes.searchsorted(codes)
        found = at[self.codes.take(at, mode="clip") == codes]
        known = [c for c in map(self.longer.get, words) if c is not None]
        if known:
            found = np.concatenate([found, known])
        return found, len(codes) + len(words)


def _codes(points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the different characters and pairs of a text, sorted; a space ends a run."""
    is_word = points != _SPACE
    pairs = (points[:-1] << _BITS) | points[1:]
    codes = np.concatenate([points[is_word], pairs[is_word[:-1] & is_word[1:]]])
    codes.sort()
    first = np.empty(len(codes), bool)
    first[:1] = True
    np.not_equal(codes[1:], codes[:-1], out=first[1:])
    return codes[first]


def _code(term: str) -> int:
    return ord(term) if len(term) == 1 else ord(term[0]) << _BITS | ord(term[1])


def _term(code: int) -> str:
    first = code >> _BITS
    return (chr(first) if first else "") + chr(code & ((1 << _BITS) - 1))
