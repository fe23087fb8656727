"""A million different texts: the real ones first, then halves of two real ones put together."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable


def pool(real: Iterable[str], size: int, seed: int = 11) -> list[str]:
    """Return `size` distinct texts; the synthetic ones are cut at a word's border."""
    import rjieba

    cut = rjieba.Jieba().cut
    texts = dict.fromkeys(real)
    parts = [w for w in map(cut, texts) if len(w) > 1]
    chance = random.Random(seed)  # noqa: S311 - a seeded pool
    while len(texts) < size:
        texts.setdefault(spliced(chance.choice(parts), chance.choice(parts), chance))
    written = json.dumps(list(texts)[:size])
    texts.clear()
    parts.clear()
    return json.loads(written)  # side by side in memory: holes would hide what an index takes


def spliced(first: list[str], second: list[str], chance: random.Random) -> str:
    """Return some words from the beginning of one text and some from the end of another."""
    head, tail = (chance.randrange(1, len(words)) for words in (first, second))
    return "".join(first[:head] + second[tail:])
