"""Pinned answers in force: official words for the parents of one place, for a short time.

They are matched before the base is searched and after the crisis screen. A question is compared
with each phrasing over the features of the base's index (characters, pairs, longer words by IDF),
those of the place's own name left out: every question of that place may hold it. Which pin answers
depends on the question, the version of the base and the pins that stood at that moment, and on
nothing else: it can be worked out again (bot/library/record.py).
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from sqlalchemy import Connection, func, select

from bot.library import find
from bot.library.pin_tables import pins
from bot.logs import log
from bot.org import scope
from bot.org.tables import units
from bot.runtime import Runtime
from knowledge import entry as entries
from knowledge.clusters import Key, Vector, vector_of
from knowledge.entry import Entry
from knowledge.index import Index

_SHELF = "library.pins"
#: The rule a decision is kept under.
RULE = "pinned"
#: Paths with so many steps, or fewer, are the whole city.
_CITY_STEPS = 1


@dataclass(frozen=True, slots=True)
class Pin:
    """An approved pinned answer; `name` is what its place is called."""

    id: int
    entry: Entry
    version: str
    name: str
    since: datetime
    until: datetime
    withdrawn_at: datetime | None

    def stands(self, moment: datetime) -> bool:
        """Say whether parents get it at a moment: approved, not withdrawn, not yet over."""
        ended = min(self.until, self.withdrawn_at or self.until)
        return self.since <= moment < ended

    @property
    def is_for_everybody(self) -> bool:
        """Say whether it holds for the whole city, so also for parents of no known place."""
        return len(self.entry.area.split("/")) <= _CITY_STEPS

    def is_for(self, places: Collection[str]) -> bool:
        """Say whether a parent of these places is meant."""
        return self.is_for_everybody or any(scope.contains(self.entry.area, p) for p in places)


class Matched(NamedTuple):
    """A pin, and how well it fits the question."""

    pin: Pin
    score: float


@dataclass(frozen=True, slots=True)
class _Held:
    """The pins as they stood at a sum of revisions; `vectors` of phrasings by (pin, base)."""

    state: tuple[int, int]
    pins: tuple[Pin, ...]
    vectors: dict[tuple[int, str], list[Vector]]


@cache
def numbers() -> Mapping[str, Any]:
    """Return the numbers of pins.yaml."""
    path = Path(__file__).with_name("pins.yaml")
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def name_of(topic: str, pin: int) -> str:
    """Return the name a decision keeps a pin by."""
    return f"{topic}.pinned-{pin}"


def refresh(rt: Runtime, tx: Connection) -> None:
    """Read the pins again when one was approved or withdrawn, on whatever replica."""
    state = tx.execute(
        select(func.count(), func.coalesce(func.sum(pins.c.revision), 0)).select_from(pins)
    ).one()
    held: _Held | None = rt.shelf.get(_SHELF)
    if held is not None and held.state == tuple(state):
        return
    found = _read(rt, tx)
    rt.shelf[_SHELF] = _Held((state[0], state[1]), found, {})
    log.info("pins_loaded", pins=len(found))


def _read(rt: Runtime, tx: Connection) -> tuple[Pin, ...]:
    """Return the pins that any kept decision may rest on."""
    oldest = rt.clock.now() - timedelta(days=rt.settings.decision_days)
    rows = tx.execute(
        select(pins, units.c.name.label("place"))
        .outerjoin(units, units.c.path == pins.c.area)
        .where(pins.c.approved_at.is_not(None), pins.c.until > oldest)
        .order_by(pins.c.id)
    )
    return tuple(
        Pin(
            r.id, entries.from_json(r.content), r.version, r.place or "", r.approved_at, r.until,
            r.withdrawn_at,
        )
        for r in rows
    )  # fmt: skip


def standing(rt: Runtime, moment: datetime) -> list[Pin]:
    """Return the pins that stand at a moment."""
    held: _Held | None = rt.shelf.get(_SHELF)
    return [pin for pin in held.pins if pin.stands(moment)] if held else []


def one(rt: Runtime, name: str) -> Pin | None:
    """Return a pin by the name a decision keeps; None: too long ago."""
    held: _Held | None = rt.shelf.get(_SHELF)
    return next((pin for pin in held.pins if pin.entry.id == name), None) if held else None


def matched(rt: Runtime, question: str, among: Iterable[Pin]) -> list[Matched]:
    """Return the pins that answer a question, the best first; of equals the narrower, the newer."""
    index = find.now(rt).index
    asked: Vector | None = None
    found = []
    for pin in among:
        asked = asked if asked is not None else vector_of(index, question)
        fits = max((fit(asked, p, _own(index, pin.name)) for p in _phrasings(rt, pin)), default=0.0)
        if fits >= numbers()["least"]:
            found.append(Matched(pin, fits))
    return sorted(found, key=lambda m: (-m.score, -m.pin.entry.area.count("/"), -m.pin.id))


def fit(asked: Vector, phrasing: Vector, own: Collection[Key] = ()) -> float:
    """Return how well a question fits a phrasing, in [0, 1]; features of `own` do not count."""
    wanted = {key: weight for key, weight in phrasing.items() if key not in own}
    given = {key: weight for key, weight in asked.items() if key not in own}
    squares = math.fsum(w * w for w in wanted.values()), math.fsum(w * w for w in given.values())
    if not all(squares):
        return 0.0
    shared = sorted(wanted.keys() & given.keys(), key=str)
    cosine = math.fsum(wanted[k] * given[k] for k in shared) / math.sqrt(squares[0] * squares[1])
    held = math.fsum(wanted[k] ** 2 for k in shared) / squares[0]
    return min(math.sqrt(cosine * held), 1.0)


def _own(index: Index, name: str) -> frozenset[Key]:
    return frozenset(vector_of(index, name)) if name else frozenset()


def _phrasings(rt: Runtime, pin: Pin) -> Sequence[Vector]:
    held: _Held = rt.shelf[_SHELF]
    index = find.now(rt).index
    key = pin.id, index.version
    if key not in held.vectors:
        held.vectors[key] = [vector_of(index, text) for text in pin.entry.askings()]
    return held.vectors[key]


def authors(text: str) -> frozenset[int]:
    """Read the numbers of those who wrote a pin."""
    return frozenset(json.loads(text))
