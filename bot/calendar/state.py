"""State holidays, as the State Council has announced them: computed by chinesecalendar.

The library knows the years that were announced when it was released and raises for all others;
here those are answered by `None`, never by an exception (decision 0005).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS_FILE = Path(__file__).with_name("words.yaml")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """What the State says of a day: off or at work, and by which name (empty: an ordinary day)."""

    is_off: bool
    name: str


def fact(day: date) -> Fact | None:
    """Return what was announced for a day, None where nothing is known of its year."""
    from chinese_calendar import get_holiday_detail

    try:
        is_off, name = get_holiday_detail(day)
    except NotImplementedError:
        return None
    return Fact(bool(is_off), words()["holidays"].get(name, name) if name else "")


def fixed(day: date) -> str:
    """Return the holiday the regulation names by month and day, empty when there is none."""
    for row in words()["fixed"]:
        if (row["month"], row["day"]) == (day.month, day.day) and day.year >= row.get("since", 0):
            return str(row["name"])
    return ""


def is_weekend(day: date) -> bool:
    """Say whether it is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


@cache
def words() -> Mapping[str, Any]:
    """Return words.yaml."""
    loaded: dict[str, Any] = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    return loaded
