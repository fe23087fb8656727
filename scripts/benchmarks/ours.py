"""Our own index as one of the engines: the only place here that meets its inside."""

from __future__ import annotations

import sys
import time
from typing import Any

from knowledge import fit
from knowledge.forms import Document
from knowledge.judge import load_judge
from knowledge.search import search

Row = dict[str, Any]


def index_of(rows: list[Row]) -> Any:
    """Build our index from rows of id, question, similar and answer."""
    return fit.build(document(row) for row in rows)


def document(row: Row) -> Document:
    return Document(row["id"], (row["question"], *row["similar"]), row["answer"])


def rows_of(entries: list[list[str]], answers: list[str] | None = None) -> list[Row]:
    """Return the rows of these entries; an entry's number is its id."""
    return [
        {"id": str(n), "question": e[0], "similar": e[1:], "answer": answers[n] if answers else ""}
        for n, e in enumerate(entries)
    ]


class Ours:
    """Our index and judge; the confidence is the judge's probability."""

    cutter = ""

    def __init__(self, answers: list[str] | None = None) -> None:
        self._answers = answers

    def build(self, entries: list[list[str]], _docs: list[list[str]]) -> None:
        self.index, self._judge = index_of(rows_of(entries, self._answers)), load_judge()
        self._remembering = bounded()

    def ask(self, text: str) -> tuple[list[tuple[int, float]], float]:
        found = search(self.index, text, self._judge)
        return [(int(hit.entry), hit.score) for hit in found.hits], found.probability

    def forget(self) -> None:
        """Empty the bounded caches: a text asked again must be as new as it is to the peers."""
        for cached in self._remembering:
            cached.cache_clear()


def bounded() -> list[Any]:
    """Return our functions that remember the latest texts; whole tables (`cache`) stay."""
    modules = [m for name, m in list(sys.modules.items()) if name.split(".")[0] == "knowledge"]
    found = {id(f): f for m in modules for f in vars(m).values() if hasattr(f, "cache_parameters")}
    return [f for f in found.values() if f.cache_parameters()["maxsize"] is not None]


def changed_s(entries: list[list[str]]) -> tuple[str, float]:
    """Return how one changed entry is made visible among these, and the seconds it takes."""
    rows = rows_of(entries)
    index = index_of(rows)
    rows[0] = rows[0] | {"similar": [entries[1][0]]}
    began = time.perf_counter()
    fit.update(index, [document(rows[0])])
    return "updated", time.perf_counter() - began
