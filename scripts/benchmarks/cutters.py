"""The segmenters the peers are given: words in lower case, without punctuation."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

Cut = Callable[[str], list[str]]


@cache
def jieba_cut() -> Cut:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()  # not the module's own: nobody else's words are in it
    cutter.initialize()
    return lambda text: [t for t in cutter.lcut(text.lower()) if t[0].isalnum()]


@cache
def rjieba_cut() -> Cut:
    import rjieba

    cut = rjieba.Jieba().cut
    return lambda text: [t for t in cut(text.lower()) if t[0].isalnum()]


CUTTERS: dict[str, Callable[[], Cut]] = {"jieba": jieba_cut, "rjieba": rjieba_cut}


def cut_all(cutter: str, entries: list[list[str]]) -> list[list[str]]:
    """Return the words of each entry's wordings; equal words are one object."""
    if not cutter:
        return []
    cut, seen = CUTTERS[cutter](), {}
    return [[seen.setdefault(t, t) for w in e for t in cut(w)] for e in entries]
