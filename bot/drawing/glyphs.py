"""Which signs the font can draw: a name with one it cannot is told of it, and never shows a box."""

from __future__ import annotations

from functools import cache
from pathlib import Path

#: Made by scripts/make-glyphs: a code point or a range a line, hexadecimal.
_FILE = Path(__file__).with_name("covered.txt")
#: Stands for a sign the font does not have.
INSTEAD = "*"


def missing(text: str) -> str:
    """Return the signs of a text the font cannot draw, each once."""
    return "".join(dict.fromkeys(sign for sign in text if ord(sign) not in covered()))


def drawable(text: str) -> str:
    """Return the text with a star for every sign the font cannot draw."""
    return "".join(sign if ord(sign) in covered() else INSTEAD for sign in text)


@cache
def covered() -> frozenset[int]:
    """Return the code points the font draws."""
    found: set[int] = set()
    for line in _FILE.read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)
