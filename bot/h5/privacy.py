"""What the privacy page says, with its version: consents name the version they were given to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.settings import Settings

FILE = Path(__file__).with_name("privacy.yaml")
#: Settings a text may name.
_TIMES = ("inbox_hours", "decision_days", "ticket_days")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is kept, as it is told: in which tables, what, why, how long, seen by whom."""

    tables: tuple[str, ...]
    title: str
    what: str
    why: str
    keep: str
    seen: str


@cache
def _said() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def version() -> str:
    """Return the version of the text in force, a day; at most 16 characters."""
    return str(_said()["version"])


def fields(settings: Settings) -> tuple[Field, ...]:
    """Return everything that is kept, with the times in force."""
    times = {name: getattr(settings, name) for name in _TIMES}
    return tuple(
        Field(**row | {"tables": tuple(row["tables"]), "keep": row["keep"].format(**times)})
        for row in _said()["kept"]
    )


def words() -> dict[str, Any]:
    """Return the rest of the text: lead, short, rights, sections."""
    return _said()
