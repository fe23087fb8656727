"""How well and how fast clusters.py groups questions, beside two naive ways."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import comb

import pools

from knowledge import clusters, fit, text
from knowledge.entry import Entry
from knowledge.index import Index

INTENTS, MISSES, SEEDS = 40, 500, (11, 12, 13, 14, 15, 16)
MEMBERS, NEW = 20_000, 500
#: Character bigrams in common (Jaccard) from which the naive way calls two texts the same.
BIGRAMS = 0.5
Labels = Sequence[int]


def quality(entries: Sequence[Entry]) -> dict[str, str]:
    """Group the wordings of entries the base has lost; means over seeds no number was fitted on."""
    drawn = [draw(entries, seed) for seed in SEEDS]
    rows = {"purity, pairs' precision, recall, F1, clusters": ""}
    ways: dict[str, Callable[[Index, list[str]], Labels]] = {
        "**ours**": lambda index, texts: clusters.assign(index, texts, {}),
        "the same text": lambda _, texts: same(texts),
        "bigrams, Jaccard 0.5": lambda _, texts: by_bigrams(texts),
    }
    for name, way in ways.items():
        scored = [scores(way(index, texts), truth) for index, texts, truth in drawn]
        means = [sum(values) / len(values) for values in zip(*scored, strict=True)]
        rows[name] = ", ".join([*(f"{m:.3f}" for m in means[:4]), f"{means[4]:.0f}"])
    return rows


def draw(entries: Sequence[Entry], seed: int) -> tuple[Index, list[str], list[int]]:
    """Return a base without some entries, their wordings, and whose each is."""
    dice = random.Random(seed)  # noqa: S311 - seeded draws
    held = dice.sample(list(entries), INTENTS)
    gone = {e.id for e in held}
    asked = [(n, w.text) for n, e in enumerate(held) for w in e.similar]
    dice.shuffle(asked)
    asked = asked[:MISSES]
    index = fit.fit(e for e in entries if e.id not in gone)
    return index, [w for _, w in asked], [n for n, _ in asked]


def scores(found: Labels, truth: Labels) -> tuple[float, float, float, float, int]:
    cells = Counter(zip(found, truth, strict=True))
    best = Counter[int]()
    for (cluster, _), count in cells.items():
        best[cluster] = max(best[cluster], count)
    both, mine, theirs = (
        sum(comb(count, 2) for count in Counter(values).values())
        for values in (zip(found, truth, strict=True), found, truth)
    )
    precision, recall = both / max(mine, 1), both / theirs
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return sum(best.values()) / len(truth), precision, recall, f1, len(set(found))


def same(texts: Sequence[str]) -> Labels:
    known: dict[str, int] = {}
    return [known.setdefault(text.normalise(t), len(known)) for t in texts]


def by_bigrams(texts: Sequence[str]) -> Labels:
    """Join the first text that shares half of the bigrams, as a first script would."""
    sets = [{a + b for a, b in pairwise(t)} for t in texts]
    found: list[int] = []
    for n, have in enumerate(sets):
        near = (m for m in range(n) if len(have & sets[m]) >= BIGRAMS * len(have | sets[m]))
        first = next(near, None)
        found.append(n if first is None else found[first])
    return found


def speed(entries: Sequence[Entry]) -> dict[str, str]:
    """Time what a worker does: clusters read from rows, and the day's new questions put in."""
    texts = pools.pool([w for e in entries for w in e.askings()], MEMBERS + NEW)
    random.Random(3).shuffle(texts)  # noqa: S311 - a seeded order
    index = fit.fit(entries)
    size = 4
    old = {n: texts[n * size : (n + 1) * size] for n in range(MEMBERS // size)}
    began = time.process_time()
    clusters.assign(index, [], old)
    read = time.process_time() - began
    began = time.process_time()
    clusters.assign(index, texts[MEMBERS:], old)
    whole = time.process_time() - began
    return {
        f"{MEMBERS:,} members of {len(old):,} clusters read": f"{read:.2f}",
        f"{NEW} new questions besides": f"{whole - read:.2f}",
    }
