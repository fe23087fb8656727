"""How a file of parents' own questions, labelled with leaf topics, is answered: slice by slice.

Rows of the file are JSON: `text`, `topic` (null where the base should not answer), `age`, `flags`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.index import Index
from knowledge.judge import Band, Judge
from knowledge.search import Found, search

#: Texts up to so many characters are short, from so many on long.
SHORT, LONG = 12, 60
HEAD = (
    "| slice | questions | first topic right | among three | answered | of these right |"
    " offered | declined |"
)


class Row(NamedTuple):
    """A question, and what was found."""

    text: str
    topic: str | None
    age: str
    flags: tuple[str, ...]
    found: Found

    def right(self, first: int) -> bool:
        """Say whether the topic is among that many hits."""
        return self.topic in [hit.topic for hit in self.found.hits[:first]]


def ask(path: Path, index: Index, judge: Judge) -> list[Row]:
    """Ask every question of the file."""
    given = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [_row(one, search(index, one["text"], judge)) for one in given]


def _row(one: dict[str, Any], found: Found) -> Row:
    return Row(one["text"], one["topic"], one["age"], tuple(one["flags"]), found)


def table(rows: list[Row]) -> str:
    """Return the table of all slices, and beneath it what becomes of what is out of scope."""
    inside = [row for row in rows if row.topic]
    outside = [row for row in rows if not row.topic]
    lines = [HEAD, "|" + "---|" * 8]
    lines += [_line(name, part) for name, part in _slices(inside)]
    kept = sum(row.found.band is not Band.ANSWER for row in outside)
    declined = sum(row.found.band is Band.DECLINE for row in outside)
    told = (
        f"Of {len(outside)} questions that are out of scope {kept} get no answer "
        f"({kept / len(outside):.0%}); {declined} of these are declined, the others get a list."
    )
    return "\n".join([*lines, "", told])


def _slices(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    yield "all", rows
    for family in sorted({_family(row) for row in rows}):
        yield f"`{family}`", [row for row in rows if _family(row) == family]
    for age in sorted({row.age for row in rows}):
        yield f"age {age}", [row for row in rows if row.age == age]
    for flag in sorted({flag for row in rows for flag in row.flags}):
        yield flag.replace("_", " "), [row for row in rows if flag in row.flags]
    yield f"up to {SHORT} characters", [row for row in rows if len(row.text) <= SHORT]
    yield f"from {LONG} characters", [row for row in rows if len(row.text) >= LONG]


def _family(row: Row) -> str:
    return (row.topic or "").split(".")[0]


def _line(name: str, rows: list[Row]) -> str:
    answered = [row for row in rows if row.found.band is Band.ANSWER]
    offered = sum(row.found.band is Band.CANDIDATES for row in rows)
    right = f"{sum(r.right(1) for r in answered) / len(answered):.2f}" if answered else ""
    first, three = (sum(r.right(n) for r in rows) / len(rows) for n in (1, 3))
    declined = len(rows) - len(answered) - offered
    return (
        f"| {name} | {len(rows)} | {first:.2f} | {three:.2f} | {len(answered)} | {right} |"
        f" {offered} | {declined} |"
    )
