"""What the rules of courses find, in the words of who writes one: problems.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.courses.words import words
from knowledge.errors import FileFault

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault as it is shown: of which file, which field, what to mend, and its line if any."""

    file: str
    field: str
    label: str
    text: str
    line: int | None


def told(faults: Sequence[FileFault]) -> list[Problem]:
    """Return the faults in the reader's words."""
    return [_told(fault) for fault in faults]


def _told(fault: FileFault) -> Problem:
    bare = fault.problem.removeprefix(f"`{fault.field}` ") if fault.field else fault.problem
    return Problem(fault.path.name, fault.field, label(fault.field), say(bare), fault.line)


def say(problem: str) -> str:
    """Return the sentence of a fault; one that nobody has put into words stays as it is."""
    for pattern, sentence in _patterns():
        found = pattern.fullmatch(problem)
        if found:
            return sentence.format(*found.groups())
    return problem


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    path = Path(__file__).with_name("problems.yaml")
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(re.compile(row["when"], re.DOTALL), row["say"]) for row in rows]


def label(field: str) -> str:
    """Return what a field is called: `quiz[1].why` is a question's explanation."""
    parts = []
    for name, number in _STEP.findall(field):
        nth = words()["nth"].get(name) if number else None
        parts.append(nth.format(n=number) if nth else words()["fields"].get(name, name))
    return " · ".join(parts)
