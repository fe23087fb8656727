"""Which topics speak to which ages: counts of published entries, and the holes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from knowledge.entry import AGES, STYLES, Entry, Status
from knowledge.topics import topics

#: So many ways of asking the hundred most asked entries have at least.
_MANY = 20


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


def markdown(entries: Sequence[Entry]) -> str:
    """Return the tables of docs/coverage.md: by topic and age, and ways of asking by style."""
    return "\n".join(["# What the base covers", "", *_text(entries)]) + "\n"


def _text(entries: Sequence[Entry]) -> Iterator[str]:
    served = [entry for entry in entries if entry.status is Status.PUBLISHED]
    table = counts(served)
    missing = holes(table)
    many = sorted(len(entry.similar) for entry in served)
    styles = Counter(asking.style for entry in served for asking in entry.similar)
    yield "Made by `bot knowledge coverage --markdown > docs/coverage.md`; a test compares it."
    yield ""
    yield (
        f"{len(served)} published entries ({len(entries) - len(served)} more wait), {len(table)} "
        f"topics, {len(missing)} holes: {', '.join(' '.join(hole) for hole in missing) or 'none'}."
    )
    yield (
        f"{sum(many)} ways of asking beside the questions themselves: at least {many[0]} an entry, "
        f"{many[len(many) // 2]} in the middle, 20 or more at {sum(n >= _MANY for n in many)}."
    )
    yield ""
    yield "A dot is an age the topic does not usually concern; 0 would be a hole."
    yield ""
    yield from _row("topic", "", *AGES, "entries", "ways of asking")
    yield from _row(*["---"] * (len(AGES) + 4))
    for leaf, row in table.items():
        mine = [entry for entry in served if entry.topic == leaf]
        cells = [str(row[age] or ("0" if (leaf, age) in missing else ".")) for age in AGES]
        asked = sum(len(entry.similar) for entry in mine)
        yield from _row(f"`{leaf}`", topics()[leaf].name, *cells, str(len(mine)), str(asked))
    yield ""
    yield from _row("style", "ways of asking")
    yield from _row("---", "---")
    for style in STYLES:
        yield from _row(style, str(styles[style]))


def _row(*cells: str) -> Iterator[str]:
    yield "| " + " | ".join(cells) + " |"
