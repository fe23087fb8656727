"""The words of the directory: kinds, services, columns (kinds.yaml), and what can be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.directory.place import Place
from bot.spreadsheet import problems
from bot.spreadsheet.writing import Column

_FOLDER = Path(__file__).parent
_sentences = problems.Sentences(problems.FILE, _FOLDER / "problems.yaml")
say, refuse = _sentences.say, _sentences.refuse


@dataclass(frozen=True, slots=True)
class Words:
    """What kinds.yaml says; mappings go from code to the word people read."""

    kinds: Mapping[str, str]
    levels: Mapping[str, str]
    services: Mapping[str, str]
    ages: Mapping[str, str]
    statuses: Mapping[str, str]
    #: Kinds by what a parent asks for: `station`, `expert`.
    asked: Mapping[str, tuple[str, ...]]
    columns: tuple[Column, ...]
    fault_columns: tuple[Column, ...]
    most: Mapping[str, int]
    required: tuple[str, ...]
    #: Least and most degrees of `lat` and `lng`.
    bounds: Mapping[str, tuple[float, float]]
    street_ends: tuple[str, ...]

    def header(self, field: str) -> str:
        """Return the header of a field."""
        return next(c.header for c in self.columns if c.field == field)

    def bare(self, street: str) -> str:
        """Return a street's or town's name without what says that it is one."""
        for end in self.street_ends:
            if street.endswith(end) and len(street) > len(end) + 1:
                return street.removesuffix(end)
        return street


@cache
def words() -> Words:
    """Read kinds.yaml."""
    data: dict[str, Any] = yaml.safe_load((_FOLDER / "kinds.yaml").read_text(encoding="utf-8"))
    columns = data["columns"]
    return Words(
        kinds=data["kinds"],
        levels=data["levels"],
        services=data["services"],
        ages=data["ages"],
        statuses=data["statuses"],
        asked={k: tuple(v) for k, v in data["asked"].items()},
        columns=tuple(Column(f, v["header"], v["width"]) for f, v in columns.items()),
        fault_columns=tuple(Column(f, **v) for f, v in data["faults"].items()),
        most={f: v["most"] for f, v in columns.items()},
        required=tuple(data["required"]),
        bounds={k: (v[0], v[1]) for k, v in data["bounds"].items()},
        street_ends=tuple(data["street_ends"]),
    )


@cache
def seed() -> tuple[Place, ...]:
    """Read the first rows of a new installation."""
    rows = yaml.safe_load((_FOLDER / "seed.yaml").read_text(encoding="utf-8"))
    return tuple(Place(**row) for row in rows)
