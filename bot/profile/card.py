"""The card at the end of the beginning: what parents of a grade often ask, from the base."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import yaml

from bot.library import find
from bot.runtime import Runtime
from knowledge.entry import Entry

QUESTIONS = 3


@cache
def _topics() -> dict[str, list[str]]:
    path = Path(__file__).parent / "card.yaml"
    found: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def often_asked(rt: Runtime, band: str) -> list[Entry]:
    """Return up to three published entries of an age band, always the same for the same base."""
    entries = [e for e in _served(rt) if not band or not e.ages or band in e.ages]
    entries.sort(key=lambda entry: (entry.risk, len(entry.ages), entry.id))
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.topic, entry)
    listed = [first[topic] for topic in _topics()[band] if topic in first]
    others = [entry for entry in first.values() if entry not in listed and entry.risk == 0]
    return list(islice((*listed, *others), QUESTIONS))


def _served(rt: Runtime) -> Iterator[Entry]:
    barred = find.barred(rt)
    return (e for e in find.now(rt).entries.values() if not e.area and e.id not in barred)
