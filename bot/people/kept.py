"""What the service keeps about one parent, feature by feature, for the parent's own eyes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing kept: a title and columns in Chinese, rows of plain values, oldest first.

    `days` is how long it is kept, None without a limit. Values are text, numbers, datetimes (UTC)
    or None. Never an openid, never anything of another person.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    days: int | None = None


def kept(
    feature: str, name: str, rows: Iterable[tuple[object, ...]], *, days: int | None = None
) -> Kept:
    """Return rows under the title and the columns that the feature's kept.yaml gives them."""
    told = _told(feature)[name]
    given = tuple(rows)
    columns = tuple(told["columns"])
    assert all(len(row) == len(columns) for row in given), name
    return Kept(name, told["title"], columns, given, days)


def word(feature: str, kind: str, value: str | None) -> str:
    """Return what a value of ours is called for parents; one without a word stands for itself."""
    words: Mapping[str, str] = _told(feature)["words"].get(kind, {})
    return words.get(value or "", value or "")


@cache
def _told(feature: str) -> dict[str, Any]:
    path = Path(__file__).parent.parent / feature / "kept.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
