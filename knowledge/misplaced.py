"""Answers that stand under the wrong question: pasted from another entry, or speaking of another.

Ranking hardly looks at answers, so that a golden question still finds its entry when the answer
under it has been exchanged. Here the words of the answer are compared with the wordings of every
entry, and with every other answer (docs/gate.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge import fit
from knowledge.index import Index

#: Two answers that share this part of their pairs (Jaccard) are one. Of the shipped base no two
#: share a quarter; a copy of which a quarter is rewritten shares more than half.
COPIED = 0.45
#: An answer whose own wordings lie so many deviations behind another entry's speaks of the other.
FAR = 2.9
#: A change that costs an answer less than this is no reason to stop it.
FELL = 1.5
#: Fewer entries than this say nothing of how near answers and wordings are by chance.
ENOUGH = 20
#: So many answers say how near they are by chance; a larger base is sampled.
SAMPLE = 500
_TINY = 1e-9

Floats = NDArray[np.float64]


class Why(StrEnum):
    """What gives an answer away."""

    COPIED = "copied"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """An entry whose answer is not its own, and the entry it seems to belong to.

    `own` and `other` tell how near the answer is to both: parts in [0, 1] of the previous and of
    the other answer where it is `copied`; deviations above the mean of all answers where it speaks
    of something `elsewhere`.
    """

    entry: str
    nearer: str
    why: Why
    own: float
    other: float


def find(before: Index, after: Index) -> tuple[Misplaced, ...]:
    """Return the entries that a change leaves with an answer of another, by id.

    Only entries that are new or changed are looked at, and one that was as misplaced before is
    left alone: a gate stops what becomes worse.
    """
    names = changed(before, after)
    old, new = _nearness(before, names), _nearness(after, names)
    found = []
    for name, copy in zip(names, _copies(before, after, names), strict=True):
        lead = new[name].lead if name in new else 0.0
        fell = old[name].lead - lead if name in old else float("inf")
        # an answer put back where it fits better was not pasted there by mistake
        if copy and (copy.stands or fell > -FELL):
            found.append(Misplaced(name, copy.entry, Why.COPIED, copy.own, copy.other))
        elif lead < -FAR and fell >= FELL:
            near = new[name]
            found.append(Misplaced(name, near.nearer, Why.ELSEWHERE, near.own, near.other))
    return tuple(found)


def changed(before: Index, after: Index) -> list[str]:
    """Return the ids of the entries that are new or have another version, sorted."""
    old = versions(before)
    return [name for name, version in versions(after).items() if old.get(name) != version]


def versions(index: Index) -> dict[str, str]:
    """Map the ids of an index to the versions of their content."""
    return {name: version for name, _, _, version in index.forms.names}


class _Copy(NamedTuple):
    """The entry an answer is nearly that of; `stands` if it still has that answer."""

    entry: str
    stands: bool
    own: float
    other: float


def _copies(before: Index, after: Index, names: Sequence[str]) -> list[_Copy | None]:
    """Return, of each of these entries, whose answer it has, None where it has its own.

    What an entry shared with another before it may go on sharing, and the answer of an entry that
    is gone may be used.
    """
    codes = np.union1d(before.vocabulary.codes, after.vocabulary.codes)
    had, have = _row_of(before), _row_of(after)
    every = _pairs(after, codes)
    fresh = every[[have[name] for name in names]]
    old, new = _jaccard(fresh, _pairs(before, codes)), _jaccard(fresh, every)
    own = np.array([old[n, had[name]] if name in had else 0.0 for n, name in enumerate(names)])
    for row, name in enumerate(before.entries):
        if name not in have:
            old[:, row] = 0.0
    for n, name in enumerate(names):
        new[n, have[name]] = 0.0
        if name in had:
            old[n, had[name]] = 0.0
    return [
        _copy(before, after, old[n], new[n], float(part)) for n, part in enumerate(own.tolist())
    ]


def _copy(before: Index, after: Index, old: Floats, new: Floats, own: float) -> _Copy | None:
    border = max(COPIED, np.nextafter(own, 2.0))
    for index, likeness, stands in ((after, new, True), (before, old, False)):
        row = int(likeness.argmax()) if len(likeness) else 0
        if len(likeness) and likeness[row] >= border:
            return _Copy(index.entries[row], stands, own, float(likeness[row]))
    return None


def _row_of(index: Index) -> dict[str, int]:
    return {name: row for row, name in enumerate(index.entries)}


def _pairs(index: Index, codes: NDArray[np.int64]) -> Any:
    """Return which pairs each answer holds, in columns of these codes (csr, 0 and 1)."""
    answers, (first, end, _) = index.forms.answers, index.vocabulary.bounds
    is_pair = (answers.columns >= first) & (answers.columns < end)
    columns = codes.searchsorted(index.vocabulary.codes[answers.columns[is_pair]])
    rows = answers.owners()[is_pair]
    return _sparse(np.ones(len(rows)), rows, columns, (len(index), len(codes)))


def _jaccard(one: Any, other: Any) -> Floats:
    shared = (one @ other.T).toarray()
    union = one.sum(axis=1)[:, None] + other.sum(axis=1)[None, :] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))


class _Near(NamedTuple):
    """How near an answer is to its own wordings, and to those of the nearest other entry."""

    own: float
    other: float
    nearer: str

    @property
    def lead(self) -> float:
        return self.own - self.other


def _nearness(index: Index, names: Iterable[str]) -> dict[str, _Near]:
    """Return how near these entries' answers are to wordings; nothing where a base is too small.

    In deviations above what an answer of the base has in common with an entry's wordings by
    chance: some wordings are near to everything.
    """
    rows = [row for name, row in _row_of(index).items() if name in set(names)]
    if not rows or len(index) < ENOUGH:
        return {}
    answers, wordings = _words(index)
    some = np.unique(np.linspace(0, len(index) - 1, SAMPLE).astype(np.int64))
    chance = (answers[some] @ wordings.T).toarray()
    chance[np.arange(len(some)), some] = np.nan
    near = (answers[rows] @ wordings.T).toarray() - np.nanmean(chance, axis=0)
    near /= np.maximum(np.nanstd(chance, axis=0), _TINY)
    found = {}
    for row, of_row in zip(rows, near, strict=True):
        own, of_row[row] = float(of_row[row]), -np.inf
        other = int(of_row.argmax())
        found[index.entries[row]] = _Near(own, float(of_row[other]), index.entries[other])
    return found


def _words(index: Index) -> tuple[Any, Any]:
    """Return what answers hold (0 and 1), and what wordings weigh: csr (entries, columns)."""
    answers, shape = index.forms.answers, (len(index), len(index.vocabulary))
    columns, rows, weights = fit.of_wordings(index)
    held = _sparse(np.ones(len(answers.columns)), answers.owners(), answers.columns, shape)
    return held, _sparse(weights, rows, columns, shape)


def _sparse(values: Floats, rows: Any, columns: Any, shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_array

    return csr_array((values, (rows, columns)), shape=shape)
