"""The rules of stars and certificates, as data: versions, each from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

#: Stars there are.
STARS = 5


@dataclass(frozen=True, slots=True)
class Levels:
    """What each star asks for, from one on: measures and how many."""

    version: str
    needs: tuple[Mapping[str, int], ...]


@dataclass(frozen=True, slots=True)
class Issuing:
    """What certificates say, in one version of their rules."""

    version: str
    template: int
    texts: Mapping[str, Mapping[str, str]]


def levels(today: date) -> Levels:
    """Return the stars' rules in force on a day."""
    found = _in_force(stars()["versions"], today)
    return Levels(found["version"], tuple(found["levels"]))


def issuing(today: date) -> Issuing:
    """Return the certificates' rules in force on a day."""
    found = _in_force(certificates()["versions"], today)
    return Issuing(found["version"], found["template"], found["rules"])


def version(today: date) -> str:
    """Return the version of both: when it changes, everybody is looked at again."""
    return f"{levels(today).version}/{issuing(today).version}"


def asked(needs: Mapping[str, int]) -> str:
    """Return what a level asks for, in words."""
    known = stars()["measures"]
    told = (known[name]["ask"].format(n=n) for name, n in needs.items())
    return str(stars()["texts"]["between"].join(told))


def number(star: int) -> str:
    """Return the Chinese numeral of a star."""
    return str(stars()["numbers"][star])


def _in_force(versions: list[dict[str, Any]], today: date) -> dict[str, Any]:
    """Return the last version that has begun; before all of them the first."""
    begun = [one for one in versions if one["from"] <= today]
    return max(begun or versions[:1], key=lambda one: one["from"])


@cache
def stars() -> dict[str, Any]:
    """Return stars.yaml."""
    return _read("stars.yaml")


@cache
def certificates() -> dict[str, Any]:
    """Return certificates.yaml."""
    return _read("certificates.yaml")


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8"))
    return found
