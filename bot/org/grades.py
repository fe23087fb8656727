"""A grade is computed: the year of entry and today's date say it, so September rewrites nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

#: A school year begins on this day and month.
NEW_YEAR = (9, 1)


@dataclass(frozen=True, slots=True)
class Words:
    """kinds.yaml: what nodes are called, which may stand below which, and the names of grades."""

    kinds: Mapping[str, str]
    below: Mapping[str, tuple[str, ...]]
    stages: Mapping[str, str]
    grades: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]


@cache
def words() -> Words:
    """Return the words of kinds.yaml."""
    data: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8")
    )
    kinds, stages = data["kinds"], data["stages"]
    return Words(
        kinds={k: v["name"] for k, v in kinds.items()},
        below={k: tuple(v["below"]) for k, v in kinds.items()},
        stages={k: v["name"] for k, v in stages.items()},
        grades={k: tuple(v["grades"]) for k, v in stages.items()},
        labels=data["labels"],
    )


def school_year(today: date) -> int:
    """Return the year in which the school year of this day began."""
    return today.year if (today.month, today.day) >= NEW_YEAR else today.year - 1


def grade(stage: str, entry_year: int, today: date) -> str:
    """Return what the cohort is called today: its grade, or its year before and after school."""
    names = words().grades.get(stage, ())
    at = school_year(today) - entry_year
    if not names:
        return words().labels["cohort"].format(year=entry_year)
    if at < 0:
        return words().labels["before"].format(year=entry_year)
    if at >= len(names):
        return words().labels["graduated"].format(year=entry_year)
    return names[at]


def label(
    kind: str, name: str, stage: str | None, entry_year: int | None, number: int | None, today: date
) -> str:
    """Return the name of a node on this day; grades and classes are named by computation."""
    if entry_year is None:
        return name
    named = grade(stage or "", entry_year, today)
    if kind == "class":
        return words().labels["class"].format(grade=named, number=number)
    return named
