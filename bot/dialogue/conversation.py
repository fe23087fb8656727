"""What a conversation still waits for: offered choices, the rest of a long answer, a crisis."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(slots=True)
class Choices:
    """Numbered offers; `kind` says which reply function takes the number."""

    kind: str
    values: list[str]
    until: float

    def pick(self, number: int, now: datetime) -> str | None:
        """Return the value behind a number, None when it was not offered or is too old."""
        if now.timestamp() > self.until or not 1 <= number <= len(self.values):
            return None
        return self.values[number - 1]


@dataclass(slots=True)
class Talk:
    """The state of one parent's conversation; JSON in the database, so any replica can go on."""

    choices: Choices | None = None
    rest: str = ""
    last_decision: str | None = None
    pending: dict[str, Any] | None = None
    #: Entries near a crisis, offered when the parent has said that there is no danger now.
    related: list[str] = field(default_factory=list)
    #: The district whose code the parent scanned last, as a path; empty: not known.
    area: str = ""
    #: The parent has just said so; not stored.
    calm: bool = field(default=False, compare=False)
    changed: bool = field(default=False, compare=False)

    def offer(self, kind: str, values: list[str], until: datetime) -> None:
        """Remember numbered offers until the given instant; an empty list forgets them."""
        self.choices = Choices(kind, values, until.timestamp()) if values else None
        self.changed = True

    def wait(self, **pending: Any) -> None:
        """Wait for the parent's next word on something, for example a crisis question."""
        self.pending = pending or None
        self.changed = True

    def remember(self, *, decision: str | None = None, rest: str | None = None) -> None:
        """Keep what feedback or `继续` will refer to."""
        if decision is not None:
            self.last_decision = decision
        if rest is not None:
            self.rest = rest
        self.changed = True

    def come_from(self, area: str) -> None:
        """Note the district the parent's code belongs to."""
        self.changed = self.changed or self.area != area
        self.area = area

    def forget(self) -> None:
        """Drop what the bot had in mind: something else has come in between."""
        self.choices, self.rest, self.last_decision, self.pending = None, "", None, None
        self.related = []
        self.changed = True

    def erase(self) -> None:
        """Drop everything: the parent left or asked for it."""
        self.forget()
        self.area = ""

    def to_json(self) -> str:
        """Return the state for the database."""
        choices = self.choices
        data: dict[str, Any] = {
            "choices": choices
            and {"kind": choices.kind, "values": choices.values, "until": choices.until},
            "rest": self.rest,
            "last_decision": self.last_decision,
            "pending": self.pending,
            "related": self.related,
        }
        if self.area:
            data["area"] = self.area
        return _encode(data)

    @classmethod
    def from_json(cls, text: str) -> Talk:
        """Read a stored state."""
        data: dict[str, Any] = json.loads(text)
        choices = data.pop("choices")
        return cls(choices=Choices(**choices) if choices else None, **data)
