"""Kinds of words for the second look, and the runs of characters and kinds it weighs."""

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
_AFTER = chr(ord(FIRST) + _MOST)
#: Two kinds are seen together up to this many characters and kinds apart.
_APART, _NEXT = 14, 4


@dataclass(frozen=True, slots=True)
class Told:
    """A folded message, the same with words as kinds (signs), and where each sign starts.

    `pairs` are the message's runs of two characters.
    """

    folded: str
    signs: str
    starts: list[int]
    pairs: list[str]


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
        return Told(folded, "".join(signs), starts, pairs)

    def _longer_in(self, folded: str, pairs: list[str]) -> Iterator[tuple[int, str, str]]:
        """Yield where a word of more than one character starts, the longest there, and its kind."""
        for at, words in enumerate(map(self._longer.get, pairs)):
            for word, kind in words or ():
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


def single_runs(told: Told) -> tuple[list[str], list[str]]:
    """Return the runs that start at each character: one, and two."""
    return list(told.folded), [*told.pairs, ""]


def sign_runs(told: Told) -> tuple[list[str], list[str], list[str]]:
    """Return the runs that start at each sign: one, two, and three."""
    signs = told.signs
    pairs = [*map(add, signs, signs[1:]), ""]
    return list(signs), pairs, [*map(add, pairs, signs[2:]), *[""] * min(2, len(signs))]


def skips(told: Told) -> Iterator[tuple[int, str]]:
    """Yield where a kind stands, and the kind with each of the next kinds near it."""
    kinds = [(at, sign) for at, sign in enumerate(told.signs) if FIRST <= sign < _AFTER]
    for n, (at, kind) in enumerate(kinds):
        for other, next_kind in kinds[n + 1 : n + 1 + _NEXT]:
            if other - at > _APART:
                break
            yield at, f"{kind}~{next_kind}"


def runs(told: Told) -> Iterator[str]:
    """Yield every run of a message, as often as it is there."""
    for column in (*single_runs(told), *sign_runs(told)):
        yield from filter(None, column)
    yield from (pair for _, pair in skips(told))
