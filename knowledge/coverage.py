"""Which topics speak to which ages: counts of published entries, and the holes."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.entry import AGES, Entry, Status
from knowledge.topics import topics


def counts(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """Return, by leaf and age band, how many published entries speak for it.

    An entry without ages speaks for all bands.
    """
    table = {leaf: dict.fromkeys(AGES, 0) for leaf in topics()}
    for entry in entries:
        if entry.status is Status.PUBLISHED:
            for age in entry.ages or AGES:
                table[entry.topic][age] += 1
    return table


def holes(table: dict[str, dict[str, int]]) -> list[tuple[str, str]]:
    """Return the (leaf, age band) pairs that the leaf usually concerns and no entry speaks for."""
    return [
        (leaf, age) for leaf, row in table.items() for age in topics()[leaf].ages if not row[age]
    ]
