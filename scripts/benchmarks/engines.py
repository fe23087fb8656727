"""The engines that are measured: ours and its peers, each from raw text to ten ranked entries.

An engine is built from entries (lists of wordings) and the same entries cut into words by the
segmenter it names; `ask` gets a raw text and returns the hits and how sure the engine is. For the
peers that is the score of the first hit. Each entry's wordings are one document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import cutters
import numpy as np
from ours import Ours

LIMIT = 10
#: The hits as (row of the entry, score), best first, and the confidence.
Answer = tuple[list[tuple[int, float]], float]


class Engine(Protocol):
    """What is measured; `cutter` names the segmenter whose words `build` takes, or is empty."""

    cutter: str

    def build(self, entries: list[list[str]], docs: list[list[str]]) -> None: ...
    def ask(self, text: str) -> Answer: ...
    def forget(self) -> None:
        """Drop what was remembered of earlier texts (before each measured question)."""


class Peer:
    """What the peers share: a segmenter, and nothing to forget."""

    def __init__(self, cutter: str = "") -> None:
        self.cutter = cutter
        self._cut = cutters.CUTTERS[cutter]() if cutter else str.split

    def forget(self) -> None:
        pass


def ranked(scores: Any) -> Answer:
    """Return the best rows above zero, equal scores by row."""
    count = min(LIMIT, len(scores))
    rows = scores.argpartition(len(scores) - count)[-count:]
    pairs = sorted(zip((-scores[rows]).tolist(), rows.tolist(), strict=True))
    return sure([(row, -score) for score, row in pairs if score < 0])


def sure(hits: list[tuple[int, float]]) -> Answer:
    return hits, hits[0][1] if hits else 0.0


class Sklearn(Peer):
    """TfidfVectorizer and the cosine, as tutorials have it; words, or runs of 1-3 characters."""

    def build(self, entries: list[list[str]], docs: list[list[str]]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        if self.cutter:
            self._model = TfidfVectorizer(analyzer=self._words)
            self._matrix = self._model.fit_transform(docs)
        else:
            self._model = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
            self._matrix = self._model.fit_transform([" ".join(e) for e in entries])

    def _words(self, text: str | list[str]) -> list[str]:
        return self._cut(text) if isinstance(text, str) else text

    def ask(self, text: str) -> Answer:
        from sklearn.metrics.pairwise import linear_kernel

        return ranked(linear_kernel(self._model.transform([text]), self._matrix)[0])


class Bm25s(Peer):
    """bm25s on NumPy, or compiled by numba."""

    def __init__(self, cutter: str, backend: str) -> None:
        super().__init__(cutter)
        self._backend = backend

    def build(self, entries: list[list[str]], docs: list[list[str]]) -> None:
        import bm25s

        self._count = min(LIMIT, len(entries))
        self._model = bm25s.BM25(backend=self._backend)
        self._model.index(docs, show_progress=False)

    def ask(self, text: str) -> Answer:
        words = self._cut(text)
        if not words:  # which bm25s refuses
            return [], 0.0
        rows, scores = self._model.retrieve([words], k=self._count, show_progress=False)
        pairs = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        return sure([(row, score) for row, score in pairs if score > 0])


class Tantivy(Peer):
    """The search engine in Rust: the words as terms, any of them may match."""

    def build(self, _entries: list[list[str]], docs: list[list[str]]) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="spaces", index_option="freq")
        builder.add_integer_field("row", fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("spaces", spaces)
        writer = self._index.writer(heap_size=512_000_000, num_threads=1)
        for row, words in enumerate(docs):
            writer.add_document(tantivy.Document(text=" ".join(words), row=row))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._term, self._any = tantivy.Query.term_query, tantivy.Query.boolean_query
        self._should = tantivy.Occur.Should

    def ask(self, text: str) -> Answer:
        term, schema, should = self._term, self._schema, self._should
        parts = [(should, term(schema, "text", w, "freq")) for w in set(self._cut(text))]
        hits = self._searcher.search(self._any(parts), LIMIT, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return sure([(row, score) for row, (score, _) in zip(rows, hits, strict=True)])


class Fts5(Peer):
    """SQLite's full-text search in memory, ordered by its bm25."""

    def build(self, _entries: list[list[str]], docs: list[list[str]]) -> None:
        import sqlite3

        self._db = sqlite3.connect(":memory:")
        self._db.execute("CREATE VIRTUAL TABLE t USING fts5(text, content='')")
        rows = ((row, " ".join(words)) for row, words in enumerate(docs))
        self._db.executemany("INSERT INTO t(rowid, text) VALUES (?, ?)", rows)
        self._db.execute("INSERT INTO t(t) VALUES ('optimize')")
        self._db.commit()

    def ask(self, text: str) -> Answer:
        query = " OR ".join([f'"{w}"' for w in dict.fromkeys(self._cut(text))])
        if not query:
            return [], 0.0
        select = "SELECT rowid, -rank FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10"
        return sure(self._db.execute(select, (query,)).fetchall())


class Rapidfuzz(Peer):
    """The likeness of the characters (`fuzz.ratio`) to each wording; the best one counts."""

    def build(self, entries: list[list[str]], _docs: list[list[str]]) -> None:
        from rapidfuzz import fuzz, process

        self._wordings = [w for e in entries for w in e]
        self._starts = np.cumsum([0, *(len(e) for e in entries[:-1])])
        self._single = len(self._wordings) == len(entries)
        self._ratio, self._all, self._best = fuzz.ratio, process.cdist, process.extract

    def ask(self, text: str) -> Answer:
        if self._single:
            best = self._best(text, self._wordings, scorer=self._ratio, limit=LIMIT)
            return sure([(row, score) for _, score, row in best if score > 0])
        scores = self._all([text], self._wordings, scorer=self._ratio)[0]
        return ranked(np.maximum.reduceat(scores, self._starts))


OURS = "ours"
ENGINES: dict[str, Callable[[], Engine]] = {
    OURS: Ours,
    "sklearn TF-IDF, jieba": lambda: Sklearn("jieba"),
    "sklearn TF-IDF, char 1-3": Sklearn,
    "bm25s, jieba": lambda: Bm25s("jieba", "numpy"),
    "bm25s + numba, jieba": lambda: Bm25s("jieba", "numba"),
    "bm25s + numba, rjieba": lambda: Bm25s("rjieba", "numba"),
    "tantivy, jieba": lambda: Tantivy("jieba"),
    "tantivy, rjieba": lambda: Tantivy("rjieba"),
    "SQLite FTS5, jieba": lambda: Fts5("jieba"),
    "rapidfuzz ratio": Rapidfuzz,
}
#: The most entries an engine is built for, where that is less than what was asked for, and why.
TOO_MANY: dict[str, tuple[int, str]] = {
    "sklearn TF-IDF, char 1-3": (100_000, "tenths of a second a question"),
    "bm25s, jieba": (100_000, "a tenth of a second a question"),
    "SQLite FTS5, jieba": (100_000, "tenths of a second a question"),
    "rapidfuzz ratio": (100_000, "compares with every entry"),
}
