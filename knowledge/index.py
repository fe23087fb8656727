"""The index: forms and weights as NumPy arrays, immutable once made."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge import text
from knowledge.entry import AGES, Entry
from knowledge.forms import Forms
from knowledge.lexicons import LEXICON
from knowledge.scope import Scope
from knowledge.vocabulary import Asked, Vocabulary

#: Raised whenever features or weights change, so that an old file is not read as a new one.
FORMAT = 7
KINDS = 3
#: Wordings of an entry that are many: what is fitted on single ones says nothing of it any more.
MANY = 4
#: A base is about children if more than this part of its wordings name one.
THEME = 0.6


class Postings(NamedTuple):
    """Which entries hold a term: `rows[ptr[t]:ptr[t+1]]` (int64) with `impact` float64.

    The impact is the BM25 weight of the term in that entry. Sounds and terms that are too common
    have none.
    """

    ptr: NDArray[np.int64]
    rows: NDArray[np.int64]
    impact: NDArray[np.float64]


@dataclass(frozen=True)
class Index:
    """Everything search needs, by entry row and feature column.

    `idf` float64 (columns,) of all features; `weight` is the same, 0 where a column has no
    postings; `held` float64 (wordings, 3) is how much idf a wording's characters, pairs and sounds
    have together.
    """

    version: str
    forms: Forms
    idf: NDArray[np.float64]
    postings: Postings
    weight: NDArray[np.float64] = field(repr=False)
    counts: NDArray[np.int64] = field(repr=False)
    held: NDArray[np.float64] = field(repr=False)
    _local: threading.local = field(default_factory=threading.local, compare=False, repr=False)

    @classmethod
    def of(cls, forms: Forms, idf: NDArray[np.float64], postings: Postings) -> Index:
        """Return the index of these arrays, with what follows from them."""
        counts = np.diff(postings.ptr)
        sums = np.concatenate([[0.0], idf[forms.seen.columns].cumsum()])
        held = (sums[forms.seen.bounds[1:]] - sums[forms.seen.bounds[:-1]]).reshape(-1, KINDS)
        version = _version((names[0], names[3]) for names in forms.names)
        return cls(version, forms, idf, postings, np.where(counts > 0, idf, 0.0), counts, held)

    def __len__(self) -> int:
        return len(self.forms.names)

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary of the columns."""
        return self.forms.vocabulary

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """Return the ids by row; they are sorted."""
        return tuple(names[0] for names in self.forms.names)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Return the topics by row."""
        return tuple(names[1] for names in self.forms.names)

    @cached_property
    def unknown_idf(self) -> float:
        """Return what a feature weighs that no wording holds: scikit-learn's smooth IDF of none."""
        return float(np.log1p(len(self)) + 1.0)

    @cached_property
    def _exact(self) -> dict[str, tuple[int, ...]]:
        """Map every wording, as it is and without its padding, to the rows that hold it."""
        owners = np.repeat(np.arange(len(self)), np.diff(self.forms.starts)).tolist()
        found: dict[str, tuple[int, ...]] = {}
        for dress in (str, text.without_fillers):
            for wording, row in zip(map(dress, self.forms.texts), owners, strict=True):
                rows = found.get(wording, ())
                if row not in rows:
                    found[wording] = (*rows, row)
        return found

    def word_for_word(self, asked: Asked, allowed: NDArray[np.bool_] | None) -> int | None:
        """Return the first row that may answer and holds this wording, padding aside."""
        for dress in (asked.normalised, asked.plain):
            for row in self._exact.get(dress, ()):
                if allowed is None or allowed[row]:
                    return row
        return None

    def holders(self, wording: str) -> tuple[str, ...]:
        """Return the entries that hold a normalised wording word for word, padding aside."""
        plain = text.without_fillers(wording)
        rows = dict.fromkeys((*self._exact.get(wording, ()), *self._exact.get(plain, ())))
        return tuple(self.entries[row] for row in rows)

    @cached_property
    def alone(self) -> float:
        """Return how nearly each entry has one wording: 1 if it has, 0 from `MANY` of them on."""
        usual = np.median(np.diff(self.forms.starts)) if len(self) else 1.0
        return float(np.clip((MANY - usual) / (MANY - 1), 0.0, 1.0))

    @cached_property
    def about_children(self) -> bool:
        """Say whether most wordings name a child, a school or a family."""
        count = sum(map(text.is_about_children, self.forms.texts))
        return count > len(self.forms.texts) * THEME

    @cached_property
    def edges(self) -> NDArray[np.int64]:
        """Return where a wording's characters, pairs and sounds begin, and where they end."""
        return np.lib.stride_tricks.sliding_window_view(self.forms.seen.bounds, KINDS + 1)[::KINDS]

    @cached_property
    def scales(self) -> NDArray[np.float64]:
        """Return what makes idf in common a likeness (wordings, 3, 3), kind by kind.

        1 for the part of the question, 1 / `held` for the part of the wording, 1 / sqrt(`held`) for
        the cosine; 0 where a wording has nothing of a kind.
        """
        inverse = np.divide(1.0, self.held, out=np.zeros_like(self.held), where=self.held > 0)
        return np.stack([np.ones_like(self.held), inverse, np.sqrt(inverse)], axis=1)

    @cached_property
    def _masks(self) -> object:
        return lru_cache(maxsize=256)(self._allowed)

    def allowed(self, scope: Scope) -> NDArray[np.bool_] | None:
        """Return which rows may answer within a scope, None when all of them may."""
        found: NDArray[np.bool_] | None = self._masks(scope)  # type: ignore[operator]
        return found

    def _allowed(self, scope: Scope) -> NDArray[np.bool_] | None:
        forms = self.forms
        may = np.ones(len(self), bool)
        if scope.day is not None:
            may &= (forms.until == 0) | (forms.until >= scope.day.toordinal())
        if scope.age is not None:
            may &= (forms.ages == 0) | (forms.ages >> AGES.index(scope.age) & 1 == 1)
        if scope.area is not None:
            may &= np.array([scope.is_within(names[2]) for names in forms.names], bool)
        return None if may.all() else may

    def scratch(self, name: str, size: int) -> NDArray[np.float64]:
        """Return zeros this thread keeps for this index; whoever writes puts the zeros back."""
        kept: NDArray[np.float64] | None = getattr(self._local, name, None)
        if kept is None:
            kept = np.zeros(size)
            setattr(self._local, name, kept)
        return kept


def version_of(entries: Iterable[Entry]) -> str:
    """Return the hash that names a base: equal entries, format and word lists, equal version."""
    return _version(sorted((entry.id, entry.version) for entry in entries))


def _version(named: Iterable[tuple[str, str]]) -> str:
    digest = hashlib.sha256(f"{FORMAT} {_word_lists()}".encode())
    for name, version in named:
        digest.update(f"{name} {version}\n".encode())
    return digest.hexdigest()[:16]


@cache
def _word_lists() -> str:
    """Return the hash of the word lists: another list makes other features of the same texts."""
    digest = hashlib.sha256()
    for path in sorted(LEXICON.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
