"""The menu: items of every feature's menu.yaml, shown to those who may open them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.console.visit import PREFIX, Visit

_BOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: where it leads, who may follow it, and in which section it stands."""

    section: str
    label: str
    path: str
    icon: str
    permission: str
    order: int
    hotkey: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the menu, with what this person may open."""

    title: str
    items: list[dict[str, Any]]


def load(names: Sequence[str]) -> list[Item]:
    """Read the menus of these folders below bot/, in their order."""
    found = []
    for name in names:
        path = _BOT / name / "menu.yaml"
        if path.exists():
            rows = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
            found += [Item(**row) for row in rows]
    return sorted(found, key=lambda item: item.order)


def shown(items: Sequence[Item], visit: Visit, badges: Mapping[str, int | None]) -> list[Section]:
    """Return the sections with the items this person may open."""
    sections: dict[str, list[dict[str, Any]]] = {}
    allowed = [i for i in items if i.permission == "staff" or visit.may(i.permission)]
    here = max(
        (i.path for i in allowed if _is_in(visit.path, f"{PREFIX}{i.path}")), key=len, default=None
    )
    for item in allowed:
        sections.setdefault(item.section, []).append(
            {
                "label": item.label,
                "href": f"{PREFIX}{item.path}",
                "icon": item.icon,
                "active": item.path == here,
                "badge": badges.get(item.path),
                "hotkey": item.hotkey,
            }
        )
    return [Section(title, entries) for title, entries in sections.items()]


def _is_in(path: str, item: str) -> bool:
    return path == item or (path.startswith(f"{item}/") and item != f"{PREFIX}/")
