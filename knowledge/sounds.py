"""How characters sound: a number for each Mandarin syllable, so that a homophone slip is seen."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from knowledge.lexicons import LEXICON, read_pairs

#: Numbers of syllables stand above every code point: other characters sound as themselves.
_FIRST = 0x110000
_END = 0xA000
_PLANE = 0xF0000


@cache
def _table() -> NDArray[np.int64]:
    """Map code points to sounds; what lies beyond the table has one sound between them."""
    table = np.arange(_END, dtype=np.int64)
    pairs = read_pairs(LEXICON / "syllables.txt")
    for number, chars in enumerate(pairs.values(), _FIRST):
        table[[ord(c) for c in chars]] = number
    return table


@cache
def _letters() -> dict[int, str]:
    """Map characters to letters of a private plane, one a syllable."""
    pairs = read_pairs(LEXICON / "syllables.txt")
    letters = (chr(_PLANE + number) for number in range(len(pairs)))
    return {
        ord(c): letter for chars, letter in zip(pairs.values(), letters, strict=True) for c in chars
    }


def spelled(text: str) -> str:
    """Return a text with a letter in place of each character whose sound is known."""
    return text.translate(_letters())


def sounds(points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sound of each code point: its most common reading, without the tone."""
    return _table().take(points, mode="clip")
