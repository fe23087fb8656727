"""Build an index: scikit-learn fits vocabulary and IDF, NumPy keeps the postings.

scikit-learn is imported here only, and only when an index is built: serving needs the arrays alone
(docs/performance.md, cold start).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge import text
from knowledge.entry import Entry
from knowledge.index import Index, version_of
from knowledge.vocabulary import Vocabulary

#: BM25 with presence instead of counts; the plateau is flat around these (RETRIEVAL, ideas table).
K1, B = 1.2, 0.75
#: What a term of the answer weighs against one of the question and its wordings.
ANSWER_WEIGHT = 0.3
#: Features in more than this part of the entries tell nothing apart and are not searched for.
COMMON = 0.75


def _keep(features: Sequence[str]) -> Sequence[str]:
    return features


def fit(entries: Sequence[Entry]) -> Index:
    """Return the index of these entries; the order of rows is the order given.

    Each entry is one document: all its wordings together, its answer as a second, lighter field.
    """
    asked = [sorted(set().union(*(text.features(a) for a in e.askings()))) for e in entries]
    answered = [sorted(text.features(e.answer)) for e in entries]
    exact = {text.normalise(a): row for row, e in enumerate(entries) for a in e.askings()}
    return build(
        version_of(entries),
        asked,
        answered,
        names=[(e.id, e.topic, e.risk) for e in entries],
        exact=exact,
    )


def build(
    version: str,
    asked: Sequence[Sequence[str]],
    answered: Sequence[Sequence[str]],
    *,
    names: Sequence[tuple[str, str, int]],
    exact: dict[str, int],
) -> Index:
    """Return the index of ready feature lists, one per entry and field."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vocabulary = Vocabulary.of(set().union(*asked))
    known = {term: column for column, term in enumerate(vocabulary.terms())}
    model = TfidfVectorizer(
        analyzer=_keep, vocabulary=known, binary=True, norm=None, dtype=np.float64
    )
    questions = model.fit_transform(asked).tocoo()
    idf = np.asarray(model.idf_, np.float64)
    idf[np.bincount(questions.col, minlength=len(idf)) > COMMON * len(asked)] = 0.0
    answers = [[t for t in doc if t in known] for doc in answered]
    columns, rows, impact = _postings(
        (questions.col, questions.row, _lengths(asked), 1.0),
        (*_coordinates(answers, known), _lengths(answers), ANSWER_WEIGHT),
        idf,
    )
    columns, rows, impact = columns[impact > 0], rows[impact > 0], impact[impact > 0]
    order = np.lexsort((rows, columns))
    ptr = np.zeros(len(known) + 1, np.int64)
    np.cumsum(np.bincount(columns, minlength=len(known)), out=ptr[1:])
    return Index(
        version=version,
        entries=tuple(n[0] for n in names),
        topics=tuple(n[1] for n in names),
        risks=np.array([n[2] for n in names], np.int8),
        vocabulary=vocabulary,
        idf=idf,
        ptr=ptr,
        docs=rows[order],
        impact=impact[order],
        unknown_idf=float(np.log1p(len(asked)) + 1.0),
        exact=exact,
        counts=np.diff(ptr),
    )


def _lengths(docs: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    return np.array([max(len(d), 1) for d in docs], np.float64)


def _coordinates(
    docs: Sequence[Sequence[str]], known: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    columns = [known[t] for d in docs for t in d]
    rows = [row for row, d in enumerate(docs) for _ in d]
    return np.array(columns, np.int64), np.array(rows, np.int64)


_Field = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], float]


def _postings(
    question: _Field, answer: _Field, idf: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return (column, row, impact) of both fields, summed where they meet."""
    parts = []
    for columns, rows, lengths, weight in (question, answer):
        norm = K1 * (1 - B + B * lengths / lengths.mean())
        parts.append((columns, rows, weight * idf[columns] * (K1 + 1) / (1 + norm[rows])))
    size = int(max(p[1].max(initial=0) for p in parts)) + 1
    keys = np.concatenate([p[0].astype(np.int64) * size + p[1] for p in parts])
    unique, inverse = np.unique(keys, return_inverse=True)
    weights = np.concatenate([p[2] for p in parts])
    impact = np.bincount(inverse, weights=weights).astype(np.float64, copy=False)
    return unique // size, unique % size, impact
