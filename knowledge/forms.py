"""What the texts of a base are made of: features of every wording as columns, without weights.

All that a change of one entry can leave alone is here; weights are made of it in knowledge/fit.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from knowledge import text
from knowledge.entry import AGES, Entry
from knowledge.lists import Bounds, Lists, bounds_of, joined, spread
from knowledge.vocabulary import FIRST_SOUND, Parts, Vocabulary, parts


@dataclass(frozen=True, slots=True)
class Document:
    """What an index knows of an entry; `area` is the part of the organisation it speaks for."""

    id: str
    wordings: tuple[str, ...]
    answer: str = ""
    topic: str = ""
    risk: int = 0
    ages: tuple[str, ...] = ()
    valid_until: date | None = None
    area: str = ""
    #: The hash of the content; where there is none it is made of what stands here.
    version: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Document:
        """Return the document of an entry."""
        return cls(
            entry.id,
            entry.askings(),
            entry.answer,
            entry.topic,
            entry.risk,
            entry.ages,
            entry.valid_until,
            entry.area,
            entry.version,
        )


@dataclass(frozen=True, slots=True)
class Forms:
    """The entries of a base, sorted by id, and their features.

    `names` are id, topic, area and version; `starts` (entries + 1): the wordings of entry n are
    `starts[n]` up to `starts[n + 1]`. `seen` holds three lists a wording: its characters, its
    pairs, its sounds; `longer` one: its longer words; `answers` one an entry: everything of its
    answer but the sounds. `ages` is a set of bits in the order of `entry.AGES` (0: all), `until`
    the last valid day as an ordinal (0: none).
    """

    names: tuple[tuple[str, str, str, str], ...]
    risks: NDArray[np.int8]
    ages: NDArray[np.uint8]
    until: NDArray[np.int32]
    vocabulary: Vocabulary
    texts: tuple[str, ...]
    starts: Bounds
    seen: Lists
    longer: Lists
    answers: Lists

    def taken(self, rows: NDArray[np.int64]) -> Forms:
        """Return the forms of these entries alone, the vocabulary kept as it is."""
        wordings, starts = spread(self.starts[rows], self.starts[rows + 1])
        thirds = (wordings[:, None] * 3 + np.arange(3)).ravel()
        return Forms(
            tuple(self.names[r] for r in rows),
            self.risks[rows],
            self.ages[rows],
            self.until[rows],
            self.vocabulary,
            tuple(self.texts[w] for w in wordings),
            starts,
            self.seen.taken(thirds),
            self.longer.taken(wordings),
            self.answers.taken(rows),
        )


def read(documents: Iterable[Document]) -> Forms:
    """Return the forms of these documents; their order does not matter.

    Raises:
        ValueError: two documents have one id, or one has no wording.
    """
    listed = sorted(documents, key=lambda d: d.id)
    if len({d.id for d in listed}) < len(listed):
        raise ValueError("two documents have one id")
    if not all(d.wordings for d in listed):
        raise ValueError("a document has no wording")
    texts = [text.normalise(w) for d in listed for w in d.wordings]
    asked = [parts(t) for t in texts]
    answers = [_silent(parts(text.normalise(d.answer))) for d in listed]
    vocabulary = _vocabulary([*asked, *answers])
    return Forms(
        tuple((d.id, d.topic, d.area, d.version or _digest(d)) for d in listed),
        np.array([d.risk for d in listed], np.int8),
        np.array([_bits(d.ages) for d in listed], np.uint8),
        np.array([d.valid_until.toordinal() if d.valid_until else 0 for d in listed], np.int32),
        vocabulary,
        tuple(texts),
        bounds_of([len(d.wordings) for d in listed]),
        _thirds(vocabulary, asked),
        Lists.of([_longer(vocabulary, a) for a in asked]),
        Lists.of([_all(vocabulary, a) for a in answers]),
    )


def merged(forms: Forms, changed: Collection[Document], removed: Collection[str]) -> Forms:
    """Return the forms with some documents replaced or added and some taken away.

    Equal, byte for byte, to reading all of the documents anew.
    """
    gone = {*removed, *(d.id for d in changed)}
    rows = [row for row, names in enumerate(forms.names) if names[0] not in gone]
    kept, fresh = forms.taken(np.array(rows, np.int64)), read(changed)
    codes = np.union1d(*(_codes(f) for f in (kept, fresh)))
    vocabulary = Vocabulary.of(codes, _words(kept) | _words(fresh))
    both = _joined(_renumbered(kept, vocabulary), _renumbered(fresh, vocabulary))
    order = sorted(range(len(both.names)), key=lambda row: both.names[row][0])
    return both.taken(np.array(order, np.int64))


def _digest(document: Document) -> str:
    return hashlib.sha256(repr(document).encode()).hexdigest()[:16]


def _bits(ages: Iterable[str]) -> int:
    return sum(1 << AGES.index(age) for age in ages)


def _silent(found: Parts) -> Parts:
    return Parts(found.codes[: found.codes.searchsorted(FIRST_SOUND)], found.longer)


def _vocabulary(found: Sequence[Parts]) -> Vocabulary:
    codes = np.concatenate([f.codes for f in found]) if found else np.zeros(0, np.int64)
    return Vocabulary.of(np.unique(codes), set(chain.from_iterable(f.longer for f in found)))


def _thirds(vocabulary: Vocabulary, found: Sequence[Parts]) -> Lists:
    """Return three lists a wording: its codes rise, so that two borders part them."""
    lists = Lists.of([vocabulary.codes.searchsorted(f.codes) for f in found])
    kind = np.array(vocabulary.bounds[:2]).searchsorted(lists.columns, side="right")
    lengths = np.bincount(lists.owners() * 3 + kind, minlength=3 * len(found))
    return Lists(lists.columns, bounds_of(lengths))


def _longer(vocabulary: Vocabulary, found: Parts) -> NDArray[np.int64]:
    return np.array([vocabulary.longer[w] for w in found.longer], np.int64)


def _all(vocabulary: Vocabulary, found: Parts) -> NDArray[np.int64]:
    known = vocabulary.codes.searchsorted(found.codes)
    return np.concatenate([known, _longer(vocabulary, found)])


def _used(forms: Forms) -> NDArray[np.int64]:
    """Return the columns that some text of the forms holds, sorted."""
    used = np.zeros(len(forms.vocabulary), bool)
    for lists in (forms.seen, forms.longer, forms.answers):
        used[lists.columns] = True
    return np.flatnonzero(used)


def _codes(forms: Forms) -> NDArray[np.int64]:
    used = _used(forms)
    codes: NDArray[np.int64] = forms.vocabulary.codes[used[used < len(forms.vocabulary.codes)]]
    return codes


def _words(forms: Forms) -> set[str]:
    names, first = list(forms.vocabulary.longer), len(forms.vocabulary.codes)
    return {names[c - first] for c in _used(forms).tolist() if c >= first}


def _renumbered(forms: Forms, vocabulary: Vocabulary) -> Forms:
    """Return the forms in the columns of another vocabulary that holds all they use."""
    old = forms.vocabulary
    column = np.concatenate(
        [
            vocabulary.codes.searchsorted(old.codes),
            np.array([vocabulary.longer.get(w, 0) for w in old.longer], np.int64),
        ]
    )
    return replace(
        forms,
        vocabulary=vocabulary,
        seen=forms.seen.mapped(column),
        longer=forms.longer.mapped(column),
        answers=forms.answers.mapped(column),
    )


def _joined(one: Forms, other: Forms) -> Forms:
    return Forms(
        one.names + other.names,
        np.concatenate([one.risks, other.risks]),
        np.concatenate([one.ages, other.ages]),
        np.concatenate([one.until, other.until]),
        one.vocabulary,
        one.texts + other.texts,
        np.concatenate([one.starts, other.starts[1:] + one.starts[-1]]),
        joined(one.seen, other.seen),
        joined(one.longer, other.longer),
        joined(one.answers, other.answers),
    )
