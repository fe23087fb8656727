"""The node of the organisation a scanned code belongs to, and what a parent calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from bot.clock import day
from bot.dialogue.turn import Turn
from bot.org.tables import units
from bot.org.tree import COHORTS, Unit

#: The scene of a code that belongs to a node: a word, and the node's path.
_SCENE = re.compile(r"(?:unit|class):([a-z0-9-]+(?:/[a-z0-9-]+)*)")
#: What the scene of an event's code begins with; it names no node.
EVENT = "event"
#: City and district: where a parent comes from is never kept finer in the talk.
_STEPS = 2
_COLUMNS = [units.c[name] for name in Unit.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Place:
    """A node as parents know it; `area` is its district."""

    unit: Unit
    label: str
    area: str

    @property
    def is_class(self) -> bool:
        """Say whether a child can belong to it."""
        return self.unit.kind == "class"


def of_scene(turn: Turn, scene: str) -> Place | None:
    """Return the node of a code; None: the code is not one of a node, or the node is not in use."""
    found = _SCENE.fullmatch(scene)
    return known(turn, [found[1]]).get(found[1]) if found is not None else None


def kind(scene: str) -> str:
    """Return which of our words a scene begins with; empty: none of them. No more is logged."""
    word, colon, _ = scene.partition(":")
    return word if colon and word in ("unit", "class", EVENT) else ""


def known(turn: Turn, paths: Iterable[str]) -> dict[str, Place]:
    """Return the nodes of these paths that are in use, with their names; one read for all."""
    wanted = {path for path in paths if path}
    if not wanted:
        return {}
    rows = turn.read(select(*_COLUMNS).where(units.c.path.in_(sorted(_above(wanted)))))
    nodes = {unit.path: unit for unit in (Unit(*row) for row in rows)}
    return {
        path: Place(nodes[path], _label(turn, nodes, path), "/".join(path.split("/")[:_STEPS]))
        for path in wanted
        if path in nodes and nodes[path].archived_at is None
    }


def _above(paths: Iterable[str]) -> set[str]:
    steps = [path.split("/") for path in paths]
    return {"/".join(step[:n]) for step in steps for n in range(1, len(step) + 1)}


def _label(turn: Turn, nodes: dict[str, Unit], path: str) -> str:
    """Return a node's name; a grade or class with its school before it."""
    unit, today = nodes[path], day(turn.now)
    name = unit.label(today)
    if unit.kind not in COHORTS:
        return name
    above = [nodes[p] for p in sorted(_above([path])) if p in nodes]
    school = next((u.name for u in above if u.kind == "school"), "")
    return f"{school} {name}".strip()
