"""A campaign as it is written: words, audience, times; and the hash an approval binds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.campaigns.states import State
from bot.delivery.states import Channel
from bot.people import audience
from bot.people.audience import Audience

MASS_NONE, MASS_TEXT, MASS_ARTICLE = "none", "text", "article"
MASS = (MASS_NONE, MASS_TEXT, MASS_ARTICLE)
#: Consents a campaign may stand on; empty: a notice of the service itself.
PURPOSES = ("", "lessons", "events")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said. `text_b` is the other half of a split by chance; empty: no split.

    `notice` holds the fields of a subscription notice by key, as they were typed. `card` makes the
    customer message a card that opens `target`. `cover` is the media id of an article's picture.
    `publish`: the article is published first, and messages lead to it instead of `target`, which
    stands behind its "read the original".
    """

    title: str
    text: str
    text_b: str = ""
    target: str = ""
    card: bool = False
    description: str = ""
    picture: str = ""
    template: str = ""
    notice: Mapping[str, str] = field(default_factory=dict)
    mass: str = MASS_NONE
    author: str = ""
    cover: str = ""
    publish: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the words as plain values; without `publish` they are what they always were."""
        said = asdict(self)
        return said if self.publish else {k: v for k, v in said.items() if k != "publish"}

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the text, or both."""
        return (self.text, self.text_b) if self.text_b else (self.text,)


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that staff decide about a campaign."""

    name: str
    words: Words
    audience: Audience
    area: str
    purpose: str = ""
    excluded: frozenset[Channel] = frozenset()
    is_urgent: bool = False
    is_public: bool = False
    not_before: datetime | None = None
    valid_minutes: int = 120
    kind: str = "campaign"
    corrects: int | None = None

    def columns(self) -> dict[str, Any]:
        """Return the columns of its row."""
        return {
            "name": self.name,
            "kind": self.kind,
            "corrects": self.corrects,
            "area": self.area,
            "audience": audience.dumps(self.audience),
            "purpose": self.purpose,
            "content": _json(self.words.as_json()),
            "excluded": " ".join(sorted(self.excluded)),
            "urgent": self.is_urgent,
            "public": self.is_public,
            "not_before": self.not_before,
            "valid_minutes": self.valid_minutes,
            "words": words_digest(self.words),
        }


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign as it stands."""

    id: int
    draft: Draft
    state: State
    revision: int
    submitted: str
    reviewer: int | None
    reason: str
    expected: int | None
    broadcast: int | None
    article: str
    made_by: int
    made_at: datetime
    changed_at: datetime

    @property
    def digest(self) -> str:
        """Return the hash of what it says now."""
        return digest(self.draft)

    @property
    def about(self) -> str:
        """Return the name of its order in the ledger: one order a campaign, for ever."""
        return f"campaign:{self.id}"


def digest(draft: Draft) -> str:
    """Return SHA-256 over text, audience, purpose, channels and times, as hex."""
    said = draft.columns()
    at = draft.not_before
    said["not_before"] = at.timestamp() if at else None
    return hashlib.sha256(_json(said).encode()).hexdigest()


def words_digest(words: Words) -> str:
    """Return SHA-256 of the text alone; spaces and line ends do not count."""
    plain = ["".join(text.split()) for text in (words.title, *words.texts)]
    return hashlib.sha256(_json(plain).encode()).hexdigest()


def of_row(row: Mapping[Any, Any]) -> Campaign:
    """Return the campaign of a row."""
    draft = Draft(
        name=row["name"],
        words=Words(**json.loads(row["content"])),
        audience=audience.loads(row["audience"]),
        area=row["area"],
        purpose=row["purpose"],
        excluded=frozenset(Channel(name) for name in row["excluded"].split()),
        is_urgent=row["urgent"],
        is_public=row["public"],
        not_before=row["not_before"],
        valid_minutes=row["valid_minutes"],
        kind=row["kind"],
        corrects=row["corrects"],
    )
    return Campaign(
        id=row["id"],
        draft=draft,
        state=State(row["state"]),
        revision=row["revision"],
        submitted=row["digest"],
        reviewer=row["reviewer"],
        reason=row["reason"],
        expected=row["expected"],
        broadcast=row["broadcast"],
        article=row["article"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        changed_at=row["changed_at"],
    )


def copied(draft: Draft, name: str) -> Draft:
    """Return the same draft under another name, with no time of its own."""
    return replace(draft, name=name, not_before=None)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
