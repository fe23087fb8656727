"""Weigh the forms of a base: scikit-learn fits the IDF, NumPy keeps the postings.

scikit-learn is imported here only, and only when an index is built: serving needs the arrays alone
(docs/performance.md, cold start).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from knowledge import forms as forming
from knowledge.entry import Entry
from knowledge.forms import Document, Forms
from knowledge.index import Index, Postings

#: BM25 where the wordings that hold a term are its count (docs/matching.md, ablations).
K1, B, COUNT_POWER = 0.9, 0.75, 0.75
#: The length, in features, that is neither long nor short. A constant: no entry weighs on another.
PIVOT, ANSWER_PIVOT = 30.0, 150.0
#: What a term of the answer weighs against one of the question and its wordings.
ANSWER_WEIGHT = 0.2
#: Terms of more than this part of the entries, or of more entries than this, are not searched for:
#: they tell little apart and cost most. The comparison of candidates still counts them.
COMMON, BUSY = 0.75, 2_000
#: Weights are multiples of these, so that their sums are exact in any order.
_IDF_STEP, _IMPACT_STEP = 2.0**-16, 2.0**-24


def fit(entries: Iterable[Entry]) -> Index:
    """Return the index of these entries; their order does not matter."""
    return build(map(Document.of, entries))


def build(documents: Iterable[Document]) -> Index:
    """Return the index of these documents; their order does not matter."""
    return _weighed(forming.read(documents))


def update(index: Index, changed: Collection[Document], removed: Collection[str] = ()) -> Index:
    """Return the index with some documents replaced or added and some taken away.

    Only the changed texts are read; the index is equal, byte for byte, to one built anew.
    """
    return _weighed(forming.merged(index.forms, changed, removed))


def _weighed(forms: Forms) -> Index:
    keys, counts = _asked(forms)
    size = max(len(forms.names), 1)
    columns, rows = np.divmod(keys, size)
    holders = np.bincount(columns, minlength=len(forms.vocabulary))
    idf = _idf(columns, rows, (size, len(forms.vocabulary)))
    posted = _posted(forms, holders, size)
    asked = _impact(_asked_norms(forms, columns, rows), counts) * idf[columns]
    answer_keys, answered = _answered(forms, idf, size)
    all_keys = np.concatenate([keys[posted[columns]], answer_keys[posted[answer_keys // size]]])
    impact = np.concatenate([asked[posted[columns]], answered[posted[answer_keys // size]]])
    return Index.of(forms, idf, _postings(all_keys, impact, size, len(forms.vocabulary)))


def of_wordings(index: Index) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return what the wordings alone weigh, without answers: columns, rows, and the weight there.

    No column is left out for being too common, as it is in the postings.
    """
    keys, counts = _asked(index.forms)
    columns, rows = np.divmod(keys, max(len(index), 1))
    norms = _asked_norms(index.forms, columns, rows)
    return columns, rows, _impact(norms, counts) * index.idf[columns]


def _asked(forms: Forms) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every (column, entry) of the wordings as one number, and how many wordings hold it."""
    size = max(len(forms.names), 1)
    entry = np.repeat(np.arange(len(forms.names)), np.diff(forms.starts))
    seen = forms.seen.columns * np.int64(size) + entry[forms.seen.owners() // 3]
    longer = forms.longer.columns * np.int64(size) + entry[forms.longer.owners()]
    keys, counts = np.unique(np.concatenate([seen, longer]), return_counts=True)
    return keys, counts


def _idf(
    columns: NDArray[np.int64], rows: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.float64]:
    if not len(columns):  # scikit-learn fits nothing on nothing; its formula says this
        return np.full(shape[1], np.log1p(shape[0] if len(rows) else 0) + 1.0)
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfTransformer

    held = csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=shape)
    idf = TfidfTransformer(norm=None).fit(held).idf_
    return np.asarray(np.round(idf / _IDF_STEP) * _IDF_STEP, np.float64)


def _is_term(forms: Forms, columns: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which columns are no sounds: sounds are compared, never searched for."""
    _, sound, longer = forms.vocabulary.bounds
    return (columns < sound) | (columns >= longer)


def _asked_norms(
    forms: Forms, columns: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    return _norms(_is_term(forms, columns), rows, max(len(forms.names), 1), PIVOT)[rows]


def _posted(forms: Forms, holders: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    rare = (holders <= max(COMMON * size, 1)) & (holders <= BUSY)
    return rare & _is_term(forms, np.arange(len(forms.vocabulary)))


def _norms(
    counted: NDArray[np.bool_], rows: NDArray[np.int64], size: int, pivot: float
) -> NDArray[np.float64]:
    """Return BM25's length norm of each entry, of its own length alone."""
    lengths = np.bincount(rows[counted], minlength=size)
    return np.asarray(K1 * (1 - B + B * np.sqrt(lengths / pivot)), np.float64)


def _impact(norm: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    powered = counts**COUNT_POWER
    return np.asarray(powered / (powered + norm), np.float64)


def _answered(
    forms: Forms, idf: NDArray[np.float64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    rows = forms.answers.owners()
    columns = forms.answers.columns.astype(np.int64)
    norms = _norms(np.ones(len(rows), bool), rows, size, ANSWER_PIVOT)
    return columns * size + rows, ANSWER_WEIGHT * idf[columns] / (1 + norms[rows])


def _postings(
    keys: NDArray[np.int64], impact: NDArray[np.float64], size: int, width: int
) -> Postings:
    """Return the postings sorted by column and entry; what stands twice is summed."""
    order = np.argsort(keys, kind="stable")
    keys, impact = keys[order], impact[order]
    first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    summed = np.add.reduceat(impact, starts) if len(starts) else impact
    columns, rows = np.divmod(keys[starts], size)
    ptr = np.zeros(width + 1, np.int64)
    np.cumsum(np.bincount(columns, minlength=width), out=ptr[1:])
    return Postings(ptr, rows, np.round(summed / _IMPACT_STEP) * _IMPACT_STEP)
