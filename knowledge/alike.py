"""Wordings that are nearly the same: pairs found by their rarest character pairs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

#: Two wordings of two entries that share this much confuse the ranking and the editor.
ALIKE = 0.85


def pairs(texts: Sequence[str], least: float = ALIKE) -> Iterator[tuple[int, int, float]]:
    """Yield (earlier, later, likeness) of all texts whose character pairs overlap that much.

    Likeness is the Jaccard index of the sets of character pairs. Texts as alike as `least` must
    share one of their rarest pairs, so only those are looked up (prefix filter).
    """
    sets = [frozenset(a + b for a, b in pairwise(t) if " " not in (a, b)) for t in texts]
    known = Counter(pair for s in sets for pair in s)
    holders: dict[str, list[int]] = {}
    for later, have in enumerate(sets):
        prefix = len(have) - math.ceil(least * len(have)) + 1
        rarest = sorted(have, key=lambda pair: (known[pair], pair))[:prefix]
        for earlier in sorted({n for pair in rarest for n in holders.get(pair, ())}):
            likeness = len(have & sets[earlier]) / len(have | sets[earlier])
            if likeness >= least:
                yield earlier, later, likeness
        for pair in rarest:
            holders.setdefault(pair, []).append(later)
