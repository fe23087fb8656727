"""Where a parent stands in a flow: part of the conversation's JSON, so any replica can go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

_ALWAYS = frozenset(("name", "version", "step", "until"))


@dataclass(slots=True)
class FlowState:
    """The open flow of a talk.

    `answers` are pairs of step and value in their order, so that a step back is the last one
    taken away; none before `wall` may be taken back: something was written. `given` is what the
    flow was begun with, `options` are the computed choices last shown (value, label, next, kind).
    `under` is the flow that waits until this one has ended.
    """

    name: str
    version: str
    step: str
    until: float
    answers: list[list[str]] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    options: list[list[str]] = field(default_factory=list)
    wall: int = 0
    tries: int = 0
    is_aside: bool = False
    under: FlowState | None = None

    def to_data(self) -> dict[str, Any]:
        """Return what is stored: whatever is not as it was at the beginning."""
        data = asdict(self)
        data["under"] = self.under and self.under.to_data()
        return {name: value for name, value in data.items() if value or name in _ALWAYS}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> FlowState:
        """Read a stored state."""
        under = data.pop("under", None)
        return cls(**data, under=cls.from_data(under) if under else None)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a flow knows: its constants, what it was begun with, and the answers so far."""

    values: Mapping[str, str]
    given: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]

    def last(self, *steps: str) -> str:
        """Return the last answer to one of these steps; empty where there is none."""
        found = (value for step, value in reversed(self.pairs) if step in steps)
        given = (self.given[step] for step in steps if step in self.given)
        return next(found, None) or next(given, "")

    def all(self, *steps: str) -> list[str]:
        """Return all answers to these steps in their order; skipped ones are left out."""
        return [value for step, value in self.pairs if step in steps and value]
