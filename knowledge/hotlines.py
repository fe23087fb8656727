"""Hotlines as data: one place for a number, placeholders everywhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from knowledge.errors import FileFault

_PATH = Path(__file__).parent / "hotlines.yaml"
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number, what it is for, and whether a person has checked it."""

    number: str
    name: str
    when: str
    hours: str
    status: str
    reviewed_on: date


@cache
def hotlines(path: Path = _PATH) -> dict[str, Hotline]:
    """Return all hotlines by number, unverified ones too.

    Raises:
        FileFault: the file is not a list of complete hotlines.
    """
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        lines = [Hotline(**row) for row in rows]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FileFault(path, line, f"is not YAML: {error.problem}") from error
    except (OSError, TypeError) as error:
        raise FileFault(path, None, f"is not a list of hotlines: {error}") from error
    return {line.number: line for line in lines}


def shown() -> dict[str, str]:
    """Return the numbers that may be shown, as `hotline_110` -> `110`."""
    return {f"hotline_{n}": n for n, h in hotlines().items() if h.status == "verified"}


def faults(answer: str) -> Iterator[str]:
    """Yield a sentence for each placeholder that cannot be filled."""
    for name, number in unfilled(answer):
        if number is None:
            yield f"placeholder `{{{{{name}}}}}` is unknown"
        else:
            yield f"hotline {number} is not verified and must not be shown"


def unfilled(answer: str) -> Iterator[tuple[str, str | None]]:
    """Yield each placeholder that cannot be filled, with its number if that is only unverified."""
    for name in _PLACEHOLDER.findall(answer):
        kind, colon, number = name.partition(":")
        if kind != "hotline" or not colon or number not in hotlines():
            yield name, None
        elif hotlines()[number].status != "verified":
            yield name, number


def fill(answer: str) -> str:
    """Return the answer with its placeholders replaced by numbers."""
    return _PLACEHOLDER.sub(lambda found: found[1].partition(":")[2], answer)
