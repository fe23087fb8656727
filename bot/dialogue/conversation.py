"""What a conversation still waits for: choices, the rest of an answer, a crisis, a person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, field
from datetime import datetime
from typing import Any

from bot.dialogue.flow_state import FlowState
from knowledge.text import normalise

#: A kind of numbered offer: what is picked is an intent, answered as if the parent had typed it.
INTENT = "intent"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(slots=True)
class Choices:
    """Numbered offers; `kind` says which reply function takes the number.

    `labels` are what parents read behind the numbers; typing one is as good as its number.
    """

    kind: str
    values: list[str]
    until: float
    labels: list[str] = field(default_factory=list)

    def pick(self, number: int, now: datetime) -> str | None:
        """Return the value behind a number, None when it was not offered or is too old."""
        if now.timestamp() > self.until or not 1 <= number <= len(self.values):
            return None
        return self.values[number - 1]

    def named(self, normalised: str, now: datetime) -> int | None:
        """Return the number whose label a text is, None when it is none of them or too late."""
        if now.timestamp() > self.until or normalised not in self.labels:
            return None
        return self.labels.index(normalised) + 1


@dataclass(slots=True)
class Desk:
    """The parent's open wish for a person: the code of its ticket, and what it is (a crisis?).

    While `is_open` a person talks with the parent and the bot is silent. Until `matter_until` the
    next words tell what it is about; 0 where the parent has not asked for anybody.
    """

    ticket: str
    kind: str
    is_open: bool = False
    matter_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """What waits for the parent to come back: the line's number, its words, and what it is.

    After `until` it is not shown any more; 0 never ends.
    """

    number: int
    words: str
    kind: str = "person"
    until: float = 0.0


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
    #: A person is asked for, or talks with the parent.
    desk: Desk | None = None
    #: Messages of a person, or of the bot itself, that wait for the parent to come back.
    held: list[Held] = field(default_factory=list)
    #: The alarm of the last crisis and until when saying it again only counts.
    alarm: tuple[str, float] | None = None
    #: What a parent is asked step by step.
    flow: FlowState | None = None
    #: Short lines and digits only: kept here too, so that no row is read for it.
    is_elder: bool = False
    #: When the account last offered to begin, in seconds; not more than once a week.
    offered: float = 0.0
    #: The course at hand: `继续` goes on there when nothing else is left; empty: none.
    lesson: str = ""
    #: The parent has just said so; not stored.
    calm: bool = field(default=False, compare=False)
    changed: bool = field(default=False, compare=False)

    def offer(
        self, kind: str, values: list[str], until: datetime, labels: Sequence[str] = ()
    ) -> None:
        """Remember numbered offers until the given instant; an empty list forgets them."""
        plain = [normalise(label) for label in labels]
        self.choices = Choices(kind, values, until.timestamp(), plain) if values else None
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

    def lead_by(self, flow: FlowState | None) -> None:
        """Let a flow lead from here on, or (None) no longer."""
        self.flow = flow
        self.changed = True

    def learn(self, course: str) -> None:
        """Note the course the parent is in, or (empty) no longer."""
        self.changed = self.changed or self.lesson != course
        self.lesson = course

    def set_elder(self, *, is_elder: bool) -> None:
        """Speak in short lines from here on, or no longer."""
        self.is_elder = is_elder
        self.changed = True

    def forget(self) -> None:
        """Drop what the bot had in mind: something else has come in between; a flow waits."""
        self.choices, self.rest, self.last_decision, self.pending = None, "", None, None
        self.related = []
        if self.flow is not None:
            self.flow.is_aside = True
        self.changed = True

    def sit(self, desk: Desk | None) -> None:
        """Note that a person is asked for, or (None) no longer."""
        self.desk = desk
        self.changed = True

    def hold(self, held: Held) -> None:
        """Keep a message until the parent comes back."""
        self.held.append(held)
        self.changed = True

    def erase(self) -> None:
        """Drop everything: the parent left or asked for it."""
        self.forget()
        self.area, self.desk, self.held, self.alarm = "", None, [], None
        self.flow, self.is_elder, self.offered = None, False, 0.0
        self.lesson = ""

    def to_json(self) -> str:
        """Return the state for the database."""
        choices = self.choices
        data: dict[str, Any] = {
            "choices": choices
            and {"kind": choices.kind, "values": choices.values, "until": choices.until}
            | ({"labels": choices.labels} if choices.labels else {}),
            "rest": self.rest,
            "last_decision": self.last_decision,
            "pending": self.pending,
            "related": self.related,
        }
        if self.area:
            data["area"] = self.area
        if self.desk is not None:  # few parents ask for a person: the others' rows stay short
            data["desk"] = asdict(self.desk)
        if self.held:
            data["held"] = [astuple(one) for one in self.held]
        if self.alarm is not None:
            data["alarm"] = self.alarm
        if self.flow is not None:
            data["flow"] = self.flow.to_data()
        if self.is_elder:
            data["is_elder"] = True
        if self.offered:
            data["offered"] = self.offered
        if self.lesson:
            data["lesson"] = self.lesson
        return _encode(data)

    @classmethod
    def from_json(cls, text: str) -> Talk:
        """Read a stored state."""
        data: dict[str, Any] = json.loads(text)
        choices, desk, flow = data.pop("choices"), data.pop("desk", None), data.pop("flow", None)
        held = [Held(*one) for one in data.pop("held", ())]
        alarm = data.pop("alarm", None)
        return cls(
            choices=Choices(**choices) if choices else None,
            desk=Desk(**desk) if desk else None,
            held=held,
            alarm=tuple(alarm) if alarm else None,
            flow=FlowState.from_data(flow) if flow else None,
            **data,
        )
