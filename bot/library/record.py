"""What is kept of a search beside the question, so that the same search can be made again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.library import find, pins, verdict
from bot.library.find import Base
from bot.runtime import Runtime
from knowledge.judge import Band
from knowledge.search import NOTHING, Found, Hit

_json = json.JSONEncoder(separators=(",", ":")).encode
_HITS = 3
#: Fields of a decision that the question and the base alone decide.
_DECIDED = ("band", "rule", "entry", "version", "base_version", "probability", "hits")
#: Stands for a long number that was not kept: the words are not those that were asked.
_LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision made again: what it is now, and why it may differ (keys of messages.yaml)."""

    before: dict[str, Any]
    after: dict[str, Any]
    reasons: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Say whether both are the same to the byte."""
        return _json(self.before) == _json(self.after)

    @property
    def changed(self) -> list[str]:
        """Return the fields that differ."""
        return [name for name in _DECIDED if self.before[name] != self.after[name]]


def evidence(base: Base, found: Found) -> dict[str, Any]:
    """Return the base, the probability and the first hits of a search, as a decision keeps them."""
    return {
        "base_version": base.index.version,
        "probability": round(found.probability, 4),
        "hits": _json([(h.entry, round(h.score, 3)) for h in found.hits[:_HITS]]),
    }


def replay(rt: Runtime, decision: dict[str, Any]) -> Replay | None:
    """Ask the question of a decision again; None where a number was picked, not a question asked.

    `decision` is a row of the table.
    """
    if decision["rule"] == pins.RULE:
        return _pinned_again(rt, decision)
    if decision["rule"] not in verdict.SEARCHED | {"none_meant"}:
        return None
    base, said = find.now(rt), verdict.of(rt, decision["text"])
    after = {
        "band": str(said.band),
        "rule": said.rule,
        "entry": said.entry.id if said.entry else None,
        "version": base.versions[said.entry.id] if said.entry else None,
        **evidence(base, said.found),
    }
    before = {name: decision[name] for name in _DECIDED}
    if before["rule"] == "none_meant":  # said afterwards of what was found like any other
        before["rule"] = "match"
    return Replay(before, after, tuple(_reasons(rt, base, decision)))


def _pinned_again(rt: Runtime, decision: dict[str, Any]) -> Replay:
    """Match the question anew with the pin that answered it, as of the moment it was asked.

    For whom it was meant is not asked again: where the parent belonged is not kept.
    """
    base, pin = find.now(rt), pins.one(rt, decision["entry"])
    stood = [pin] if pin is not None and pin.stands(decision["at"]) else []
    fits = pins.matched(rt, decision["text"], stood)
    hit = [Hit(m.pin.entry.id, m.pin.entry.topic, m.score) for m in fits]
    found = Found(tuple(hit), hit[0].score, Band.ANSWER) if hit else NOTHING
    after = {
        "band": str(found.band),
        "rule": pins.RULE,
        "entry": hit[0].entry if hit else None,
        "version": fits[0].pin.version if hit else None,
        **evidence(base, found),
    }
    reasons = [] if decision["base_version"] == base.index.version else ["base"]
    reasons += [] if stood else ["unpinned"]
    return Replay({name: decision[name] for name in _DECIDED}, after, tuple(reasons))


def _reasons(rt: Runtime, base: Base, decision: dict[str, Any]) -> list[str]:
    entry, found = decision["entry"], []
    if decision["base_version"] != base.index.version:
        found.append("base")
    if entry and entry not in base.entries:
        found.append("gone")
    elif entry and base.versions[entry] != decision["version"]:
        found.append("rewritten")
    if entry in find.barred(rt):
        found.append("expired")
    if _LEFT_OUT in decision["text"]:
        found.append("numbers")
    return found
