"""What the row of a working copy repeats of its content, so that lists need not read it."""

from __future__ import annotations

from typing import Any

from knowledge.entry import Entry
from knowledge.text import normalise


def columns(entry: Entry) -> dict[str, Any]:
    """Return what the row of a working copy repeats of its content."""
    return {
        "topic": entry.topic,
        "area": entry.area,
        "risk": entry.risk,
        "content": entry.to_json(),
        "question": entry.question,
        "summary": entry.summary,
        "words": searched(entry),
        "review_due": entry.review_due,
        "valid_until": entry.valid_until,
    }


def searched(entry: Entry) -> str:
    """Return what the list searches: id, summary and every wording, normalised."""
    return "\n".join([entry.id, normalise(entry.summary), *map(normalise, entry.askings())])
