"""words.yaml and plan.yaml: what things are called, and what a new plan begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Words:
    """words.yaml, its patterns ready to be searched with."""

    kinds: Mapping[str, str]
    channels: Mapping[str, str]
    days: Sequence[str]
    doubts: Mapping[str, str]
    refused: Mapping[str, re.Pattern[str]]
    doubtful: Mapping[str, re.Pattern[str]]


@cache
def words() -> Words:
    """Read words.yaml."""
    data = _read("words.yaml")
    return Words(
        kinds=data["kinds"],
        channels=data["channels"],
        days=data["days"],
        doubts=data["doubts"],
        refused={name: re.compile(p) for name, p in data["refused"].items()},
        doubtful={name: re.compile(p) for name, p in data["doubtful"].items()},
    )


@cache
def template() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Read plan.yaml: `items` and `quiz`."""
    return _read("plan.yaml")


def _read(name: str) -> dict[str, Any]:
    path = Path(__file__).with_name(name)
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
