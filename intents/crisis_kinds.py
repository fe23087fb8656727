"""Kinds of words for the second look: each word of a kind is one sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from operator import add
from pathlib import Path

from intents import yamlfile
from intents.errors import CatalogueError
from intents.folding import Folding

#: The first of the private characters that stand for the kinds.
FIRST = "\ue000"
_MOST = 0x1800


@dataclass(frozen=True, slots=True)
class Told:
    """A folded message, the same with words as kinds (signs), and where each sign starts."""

    folded: str
    signs: str
    starts: list[int]

    def place(self, sign: int) -> int:
        """Return where a sign starts among the characters; after the last one, their end."""
        return self.starts[sign] if sign < len(self.starts) else len(self.folded)


class Kinds:
    """Words of one kind: each is written as the kind's private character."""

    def __init__(self, words: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._names = dict(names)
        self._single = {word: kind for word, kind in words.items() if len(word) == 1}
        self._longer: dict[str, list[tuple[str, str]]] = {}
        for word in sorted(words, key=lambda w: (-len(w), w)):
            if len(word) > 1:
                self._longer.setdefault(word[:2], []).append((word, words[word]))

    def write(self, folded: str) -> Told:
        """Return folded text with each known word, longest first, as its kind."""
        pairs = [*map(add, folded, folded[1:])]
        signs = [*map(self._single.get, folded, folded)]
        done = 0
        for at, word, kind in self._longer_in(folded, pairs):
            if at >= done:
                done = at + len(word)
                signs[at:done] = kind, *[""] * (len(word) - 1)
        starts = [*compress(range(len(folded)), signs)]
        return Told(folded, "".join(signs), starts)

    def _longer_in(self, folded: str, pairs: list[str]) -> Iterator[tuple[int, str, str]]:
        """Yield where a word of more than one character starts, the longest there, and its kind."""
        begun = [(at, words) for at, words in enumerate(map(self._longer.get, pairs)) if words]
        for at, words in begun:
            for word, kind in words:
                if folded.startswith(word, at):
                    yield at, word, kind
                    break

    def read(self, run: str) -> str:
        """Return a run as people can read it: `<carer>打` for the kind's private character."""
        names = self._names
        return "".join(f"<{names[c]}>" if c in names else c for c in run)


def load(path: Path, folding: Folding) -> Kinds:
    """Read the kinds of words: `name: words`.

    Raises:
        CatalogueError: a name is not of small letters, or a word was folded away.
    """
    words: dict[str, str] = {}
    names: dict[str, str] = {}
    for at, (name, node) in enumerate(yamlfile.read(path).items.items()):
        if at == _MOST or not name.isascii() or not name.isalpha() or not name.islower():
            raise CatalogueError(path, node.line, f"`{name}` is no name of a kind")
        kind = chr(ord(FIRST) + at)
        names[kind] = name
        for word in yamlfile.text(path, node).split():
            words.setdefault(folding.words(word), kind)
    return Kinds(words, names)
