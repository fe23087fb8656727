"""Features as columns: characters, pairs and sounds as sorted numbers, longer words by name.

Nearly all features are one or two characters long. As numbers they are found by one search over a
sorted array; as strings each would be made, hashed and looked for in a table of tens of thousands
(docs/performance.md). The columns stand in this order: characters, pairs, sounds, longer words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge import text
from knowledge.sounds import sounds as sounds_of

#: A code point fits in 21 bits; a pair is the first character's, shifted, and the second's.
_BITS = 21
FIRST_PAIR = 1 << _BITS
#: Sounds are numbered as characters and pairs are, above them all.
FIRST_SOUND = 1 << 62
_SPACE = ord(" ")
#: Words of more characters than this are no character and no pair.
_PAIR = 2
_STARTS = np.array([FIRST_PAIR, FIRST_SOUND])
_NONE = np.full(1, -1)


class Parts(NamedTuple):
    """What a text is compared by: sorted codes of characters, pairs and sounds, and longer words.

    `codes` int64, each once; `longer` sorted.
    """

    codes: NDArray[np.int64]
    longer: tuple[str, ...]


class Asked(NamedTuple):
    """The columns of a question's features that a base holds, and how many it has of each kind.

    `seen` int64: characters, then pairs, then sounds; `splits` are where pairs and sounds begin.
    `counts` are characters, pairs, sounds and longer words, known or not. `normalised` is the
    text, `plain` the same without fillers.
    """

    seen: NDArray[np.int64]
    splits: tuple[int, int]
    longer: list[int]
    counts: tuple[int, int, int, int]
    normalised: str
    plain: str

    @property
    def chars(self) -> NDArray[np.int64]:
        """Return the columns of known characters."""
        return self.seen[: self.splits[0]]

    @property
    def pairs(self) -> NDArray[np.int64]:
        """Return the columns of known pairs."""
        return self.seen[self.splits[0] : self.splits[1]]

    @property
    def sounds(self) -> NDArray[np.int64]:
        """Return the columns of known sounds."""
        return self.seen[self.splits[1] :]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns of an index: characters, pairs and sounds by `codes` (sorted), then `longer`."""

    codes: NDArray[np.int64]
    longer: dict[str, int]
    #: The columns where pairs, sounds and longer words begin.
    bounds: tuple[int, int, int] = field(init=False, compare=False)
    _borders: NDArray[np.int64] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        borders = self.codes.searchsorted(_STARTS)
        object.__setattr__(self, "_borders", borders)
        object.__setattr__(self, "bounds", (*borders.tolist(), len(self.codes)))

    def __len__(self) -> int:
        return len(self.codes) + len(self.longer)

    @classmethod
    def of(cls, codes: NDArray[np.int64], longer: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of sorted codes and of these words."""
        return cls(codes, {word: len(codes) + n for n, word in enumerate(sorted(longer))})

    def column(self, term: str) -> int | None:
        """Return the column of a character, pair or longer word, None when no entry holds it."""
        if len(term) > _PAIR:
            return self.longer.get(term)
        code = _code(term)
        at = int(np.searchsorted(self.codes, code))
        return at if at < len(self.codes) and self.codes[at] == code else None

    def term(self, column: int) -> str:
        """Return the character, pair or longer word of a column that is no sound."""
        if column >= len(self.codes):
            return list(self.longer)[column - len(self.codes)]
        code = int(self.codes[column])
        first = code >> _BITS
        return (chr(first) if first else "") + chr(code & (FIRST_PAIR - 1))

    def asked(self, normalised: str, *, heard: bool = True) -> Asked:
        """Return the columns of a text's features, of its sounds too if it is to be heard."""
        (codes, longer), plain = _read(normalised, heard=heard)
        at = self.codes.searchsorted(codes)
        held = self.codes if len(self.codes) else _NONE
        seen = at[held.take(at, mode="clip") == codes]
        pair, sound = codes.searchsorted(_STARTS).tolist()
        known_pair, known_sound = seen.searchsorted(self._borders).tolist()
        return Asked(
            seen,
            (known_pair, known_sound),
            [c for c in map(self.longer.get, longer) if c is not None],
            (pair, sound - pair, len(codes) - sound, len(longer)),
            normalised,
            plain,
        )


def parts(normalised: str) -> Parts:
    """Return what a text is compared by: equal to `text.features_of`, and its sounds.

    Characters and pairs of both readings; the sounds are of what was written, for a slip is made
    there.
    """
    return _read(normalised, heard=True)[0]


def _read(normalised: str, *, heard: bool) -> tuple[Parts, str]:
    raw, mapped = text.readings(normalised)
    cut = text.segmenter()
    words = {w for w in cut(raw) if len(w) > _PAIR}
    both = raw
    if mapped is not raw:
        words.update([w for w in cut(mapped) if len(w) > _PAIR])
        both = f"{raw} {mapped}"
    points = np.frombuffer(both.encode("utf-32-le"), np.uint32).astype(np.int64)
    units = _units(points, 0)
    if heard:
        units += _units(sounds_of(points[: len(raw)]), FIRST_SOUND)
    codes = np.concatenate(units)
    codes.sort()
    first = np.empty(len(codes), bool)
    first[:1] = True
    np.not_equal(codes[1:], codes[:-1], out=first[1:])
    return Parts(codes[first], tuple(sorted(words)) if words else ()), raw


def _units(points: NDArray[np.int64], above: int) -> tuple[NDArray[np.int64], ...]:
    """Return the characters and the pairs of a text as codes; a space ends a run."""
    pairs = points[:-1] << _BITS
    pairs |= points[1:]
    is_word = points != _SPACE
    if not is_word.all():
        points, pairs = points[is_word], pairs[is_word[:-1] & is_word[1:]]
    if above:
        points = points + above
        pairs += above
    return points, pairs


def _code(term: str) -> int:
    return ord(term) if len(term) == 1 else ord(term[0]) << _BITS | ord(term[1])
