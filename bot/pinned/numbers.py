"""The numbers and patterns of pinned.yaml, and words without the people in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_LEFT_OUT = "…"


@cache
def numbers() -> Mapping[str, Any]:
    """Return pinned.yaml."""
    path = Path(__file__).with_name("pinned.yaml")
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@cache
def _people() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in numbers()["names"]))


def without_people(words: str) -> str:
    """Return a wording without names, numbers and addresses; too much rather than too little."""
    return _people().sub(_LEFT_OUT, words)
