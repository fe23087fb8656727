"""The plain words a template cannot match without: the cheap test before any regular expression."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import chain, product
from operator import add, or_
from types import MappingProxyType

from intents.template import Around, Chain, Either, Gap, Literal, Named, Part

#: A set of words grows no further than this; beyond it a template is judged by its pieces.
_MOST = 120
#: A rare character is worth 1. The more telling words win; a common character is better than none.
_COMMON_WORTH = 0.35
_ENOUGH = _COMMON_WORTH
#: The finder looks for so many first characters of a word before it looks for the word.
_GRAM = 3
_NO_MORE: Mapping[int, tuple[frozenset[str], ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Worth:
    """How telling characters and lists are: `common` characters little, `weak` lists not at all."""

    common: frozenset[str]
    weak: frozenset[str]

    def of(self, words: Iterable[str]) -> float:
        """Return the worth of the least telling word."""
        common = self.common
        return min(sum(_COMMON_WORTH if c in common else 1.0 for c in w) for w in words)


def find(part: Part, worth: Worth) -> frozenset[str] | None:
    """Return words of which every match contains at least one, or None if none is telling."""
    best: frozenset[str] | None = None
    best_worth = _ENOUGH
    for words in _candidates(part, worth):
        value = worth.of(words)
        if value > best_worth or (value == best_worth and best is None):
            best, best_worth = words, value
    return best


def every(part: Part, worth: Worth) -> tuple[frozenset[str], ...]:
    """Return every set of words of which each match contains at least one."""
    return tuple(dict.fromkeys(_candidates(part, worth)))


def _candidates(part: Part, worth: Worth) -> list[frozenset[str]]:
    whole = _exact(part, worth)
    if whole is not None:
        return [whole] if "" not in whole else []
    if isinstance(part, Named):
        return [] if part.name in worth.weak else _candidates(part.part, worth)
    if isinstance(part, Either):
        each = [find(option, worth) for option in part.options]
        sure = [words for words in each if words is not None]
        return [frozenset().union(*sure)] if len(sure) == len(each) else []
    if isinstance(part, Chain):
        return _chain_candidates(part, worth)
    return []


def _chain_candidates(chain: Chain, worth: Worth) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    run: frozenset[str] = frozenset({""})
    for part in chain.parts:
        words = _exact(part, worth)
        if words is None:
            found += [run, *_candidates(part, worth)]
            run = frozenset({""})
        elif len(run) * len(words) > _MOST:
            found.append(run)
            run = words
        elif not isinstance(part, Around):
            run = frozenset(a + b for a, b in product(run, words))
    found.append(run)
    return [words for words in found if "" not in words]


def _exact(part: Part, worth: Worth) -> frozenset[str] | None:
    """Return all sentences of a small template, or None."""
    match part:
        case Literal(text):
            return frozenset({text.strip("^$")})
        case Around():
            return frozenset({""})
        case Gap():
            return None
        case Named(name, inner, _):
            return None if name in worth.weak else _exact(inner, worth)
        case Either(options):
            sets = [_exact(o, worth) for o in options]
        case Chain(parts):
            sets = [_exact(p, worth) for p in parts]
    return _combine(sets, chained=isinstance(part, Chain))


def _combine(sets: list[frozenset[str] | None], *, chained: bool) -> frozenset[str] | None:
    found: frozenset[str] = frozenset({""}) if chained else frozenset()
    for words in sets:
        if words is None:
            return None
        found = frozenset(a + b for a, b in product(found, words)) if chained else found | words
        if len(found) > _MOST * 4:
            return None
    return found


class Finder:
    """Which keys can have one of their words in a text, by runs of characters alone.

    With `also` a key needs one word of each of those sets, too. Only the first characters of a word
    are looked for, so a key may be named whose words are not there; none is ever missed.
    """

    def __init__(
        self,
        words_by_key: Mapping[int, frozenset[str]],
        also: Mapping[int, tuple[frozenset[str], ...]] = _NO_MORE,
    ) -> None:
        # one bit a key, and the same again for each further set: three operations in C a message
        self._size = max(words_by_key, default=0) + 1
        self._sets = 1 + max(map(len, also.values()), default=0)
        self._without = 0
        self._bits: dict[str, int] = {}
        for key, words in words_by_key.items():
            self._add(key, (words, *also.get(key, ())))

    def _add(self, key: int, sets: tuple[frozenset[str], ...]) -> None:
        for at in range(self._sets):
            bit = 1 << (at * self._size + key)
            if at >= len(sets):
                self._without |= bit
                continue
            for gram in {word[:_GRAM] for word in sets[at]}:
                self._bits[gram] = self._bits.get(gram, 0) | bit

    def keys(self, text: str) -> list[int]:
        """Return the keys in order; none for most ordinary messages."""
        pairs = [*map(add, text, text[1:])]
        grams = chain(text, pairs, map(add, pairs, text[2:]))
        seen = reduce(or_, filter(None, map(self._bits.get, grams)), self._without)
        held = (1 << self._size) - 1
        for at in range(self._sets):
            held &= seen >> (at * self._size)
            if not held:
                return []
        return [*_ones(held)]


def _ones(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
