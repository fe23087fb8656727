"""words.yaml, terms.yaml, guide.yaml and texts.yaml: what is said, and what a term begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Words:
    """words.yaml."""

    kinds: Mapping[str, str]
    forms: Mapping[str, str]
    topics: Mapping[str, str]
    states: Mapping[str, str]
    record: Mapping[str, str]
    programme: str
    no_lesson: str
    forward: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """One template of a term; what its items hold is said in terms.yaml."""

    name: str
    items: Sequence[Mapping[str, Any]]


@cache
def words() -> Words:
    """Read words.yaml."""
    return Words(**_read("words.yaml"))


@cache
def templates() -> Mapping[str, Template]:
    """Read terms.yaml."""
    return {name: Template(**one) for name, one in _read("terms.yaml")["templates"].items()}


@cache
def guide() -> Mapping[str, Any]:
    """Read guide.yaml."""
    return _read("guide.yaml")


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Read texts.yaml."""
    return _read("texts.yaml")


def _read(name: str) -> dict[str, Any]:
    path = Path(__file__).with_name(name)
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
