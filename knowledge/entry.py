"""An entry: one need of parents, the ways they ask for it, and the one answer to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

#: Age bands of CONTENT.md 1; an entry without ages speaks for all of them.
AGES = ("a0_3", "a3_6", "p_low", "p_high", "junior", "senior")
#: Styles a way of asking can have.
STYLES = ("keyword", "plain", "story", "yue", "typo", "voice", "log")


class Status(StrEnum):
    """Where an entry stands; only `published` ones are served."""

    DRAFT = "draft"
    NEEDS_REVIEW = "needs_review"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer rests on: a law with its article, a document, or common practice."""

    name: str
    article: str | None
    ref: str
    checked: date


@dataclass(frozen=True, slots=True)
class Asking:
    """One way of asking, with the style it is an example of."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One reviewed answer; `answer` may hold `{{hotline:…}}` placeholders."""

    id: str
    question: str
    summary: str
    topic: str
    ages: tuple[str, ...]
    risk: int
    status: Status
    sources: tuple[Source, ...]
    reviewed_on: date
    review_due: date
    valid_until: date | None
    owner: str
    similar: tuple[Asking, ...]
    related: tuple[str, ...]
    answer: str
    #: The part of the organisation the entry speaks for, as a path of the tree; empty: all of it.
    area: str = ""
    #: The entry that answers instead once this one is past `valid_until`; empty: none.
    successor: str = ""

    def askings(self) -> tuple[str, ...]:
        """Return every wording: the question first, then the similar ones."""
        return (self.question, *(a.text for a in self.similar))

    def is_valid_on(self, day: date) -> bool:
        """Say whether the entry may be served on this day (its last valid day included)."""
        return self.valid_until is None or day <= self.valid_until

    def to_json(self) -> str:
        """Return the entry as canonical JSON: sorted keys, ISO dates, nothing for no area."""
        parts: dict[str, Any] = {name: getattr(self, name) for name in _FIELDS}
        parts["sources"] = [
            {"name": s.name, "article": s.article, "ref": s.ref, "checked": s.checked}
            for s in self.sources
        ]
        parts["similar"] = [{"text": a.text, "style": a.style} for a in self.similar]
        for name in ("area", "successor"):
            if not parts[name]:
                del parts[name]
        return json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)

    @property
    def version(self) -> str:
        """Return the content's hash (16 hex digits): equal content, equal version."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]


#: `dataclasses.asdict` copies deeply and takes five times as long.
_FIELDS = tuple(f.name for f in fields(Entry))


def from_json(text: str) -> Entry:
    """Read back what `Entry.to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    lists: dict[str, Any] = {k: tuple(data.pop(k)) for k in ("ages", "related")}
    days: dict[str, Any] = {
        k: date.fromisoformat(data.pop(k)) for k in ("reviewed_on", "review_due")
    }
    sources = tuple(
        Source(s["name"], s["article"], s["ref"], date.fromisoformat(s["checked"]))
        for s in data.pop("sources")
    )
    similar = tuple(Asking(a["text"], a["style"]) for a in data.pop("similar"))
    until = data.pop("valid_until")
    return Entry(
        **lists,
        **days,
        status=Status(data.pop("status")),
        sources=sources,
        similar=similar,
        valid_until=date.fromisoformat(until) if until else None,
        **data,
    )
