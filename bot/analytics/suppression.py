"""Which figures must not be shown: small ones, and those that small ones could be worked out from.

Source: complementary cell suppression, as statistical offices do it (MISSION, first no. 8).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from bot.analytics.cells import LEAST, Cell

K = TypeVar("K", bound=Hashable)
#: The figure of the first is the sum of the figures of the others.
Sum = tuple[K, Sequence[K]]


def hidden(
    cells: Mapping[K, Cell],
    sums: Iterable[Sum[K]],
    *,
    never: Collection[K] = (),
    secret: Collection[K] = (),
    covers: Collection[K] = (),
) -> frozenset[K]:
    """Return the cells that must not be shown.

    `sums` are all the additions a reader can do; `never` are cells that are not shown anyway and
    so cover others. A cell of nothing is shown, and covers nothing, unless it is one of `secret`:
    those are hidden whatever they count, and nobody may work out that they are nothing. One of
    `covers` covers even when it is nothing, because no reader can know that it is.
    """
    kept = frozenset(secret)
    sums = [(total, list(parts)) for total, parts in sums]
    gone = {key for key, cell in cells.items() if cell.is_small} | set(never) | kept
    while more := _given_away(cells, sums, gone, never, covers):
        gone |= more
    return frozenset(gone)


def _given_away(
    cells: Mapping[K, Cell],
    sums: Sequence[Sum[K]],
    gone: set[K],
    never: Collection[K],
    covers: Collection[K],
) -> set[K]:
    """Return one more cell to hide for each addition that gives a hidden one away."""
    more: set[K] = set()
    for total, parts in sums:
        counted = [p for p in parts if _count(cells, p) or (p in gone and p not in never)]
        unseen = [p for p in counted if p in gone or p in more]
        seen = [p for p in counted if p not in gone and p not in more]
        if total in gone or total in more:
            if unseen or not seen:
                continue
        elif not _is_bare(cells, unseen, never, is_covered=any(p in covers for p in parts)):
            continue
        more.add(min(seen, key=lambda p: _count(cells, p)) if seen else total)
    return more


def _is_bare(
    cells: Mapping[K, Cell], unseen: Sequence[K], never: Collection[K], *, is_covered: bool
) -> bool:
    """Say whether the rest of a shown sum tells too much of what is not shown in it."""
    if not unseen:
        return False
    if sum(_count(cells, p) for p in unseen) < LEAST:
        return True
    return len(unseen) == 1 and unseen[0] not in never and not is_covered


def _count(cells: Mapping[K, Cell], key: K) -> int:
    cell = cells.get(key)
    return cell.count if cell else 0
