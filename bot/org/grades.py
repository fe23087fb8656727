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

#: Before any school.
INFANT = "infant"
_LETTERS = {"k": "kinder", "p": "primary", "j": "junior", "s": "senior"}
_STAGES = {
    "a3_6": "kinder",
    "p_low": "primary",
    "p_high": "primary",
    "junior": "junior",
    "senior": "senior",
}
#: The age band of each year of a stage.
_BANDS = {
    "kinder": ("a3_6",) * 3,
    "primary": ("p_low",) * 3 + ("p_high",) * 3,
    "junior": ("junior",) * 3,
    "senior": ("senior",) * 3,
}


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


def place(code: str, today: date) -> tuple[str, int | None]:
    """Return the stage of a grade's code or an age band, and the year its cohort entered.

    A code is the stage's letter and the place in it, counted from one: `p3`, `k1`.
    The year is None where a band does not tell it, and before school.
    """
    stage, number = _LETTERS.get(code[:1], ""), code[1:]
    if stage and number.isdecimal() and number != "0":
        return stage, school_year(today) - int(number) + 1
    return _STAGES.get(code, INFANT), None


def band(stage: str, entry_year: int | None, today: date) -> str:
    """Return the age band of a cohort today; of a stage alone its first; empty: out of school."""
    if stage == INFANT:
        return "a0_3"
    listed = _BANDS.get(stage, ())
    if entry_year is None:
        return listed[0] if listed else ""
    at = school_year(today) - entry_year
    return listed[at] if 0 <= at < len(listed) else ""


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
