"""Why this answer: the record of a decision, and the features behind each hit."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from bot.answers import find
from bot.answers.tables import decisions, versions
from bot.dialogue import codes
from bot.runtime import Runtime
from knowledge import search
from knowledge.index import Index
from knowledge.search import Found

_TOP = 3
_FEATURES = 12


def hits(found: Found | None) -> list[dict[str, Any]]:
    """Return the hits as data, best first."""
    if found is None:
        return []
    return [{"entry": h.entry, "topic": h.topic, "score": round(h.score, 4)} for h in found.hits]


def features(rt: Runtime, question: str, found: Found | None) -> dict[str, Any]:
    """Return the probability, and for the first hits the features that made them."""
    if found is None:
        return {}
    index = find.now(rt).index
    made = {
        h.entry: [
            {"feature": f, "weight": round(w, 3)}
            for f, w in search.reasons(index, question, h.entry)[:_FEATURES]
        ]
        for h in found.hits[:_TOP]
    }
    return {
        "probability": round(found.probability, 4),
        "exact": found.exact,
        "base_version": index.version,
        "features": made,
    }


async def decision(rt: Runtime, typed: str) -> list[dict[str, Any]]:
    """Return the records with this short id, newest first: nearly always one or none."""
    async with rt.db.read() as tx:
        rows = await tx.execute(
            select(decisions, versions.c.content)
            .outerjoin(
                versions,
                (versions.c.entry == decisions.c.entry)
                & (versions.c.version == decisions.c.version),
            )
            .where(decisions.c.code == codes.read(typed))
            .order_by(decisions.c.at.desc())
        )
        found = [dict(row) for row in rows.mappings()]
    for record in found:
        record["at"] = record["at"].isoformat()
        record["feedback_at"] = record["feedback_at"] and record["feedback_at"].isoformat()
        record["hits"] = [{"entry": e, "score": s} for e, s in json.loads(record["hits"])]
        content = record.pop("content")
        record["answer"] = json.loads(content)["answer"] if content else None
        _words(find.now(rt).index, record)
    return found


def _words(index: Index, record: dict[str, Any]) -> None:
    """Add to the first hits the words they share with the question, and whose words they are.

    A chosen answer has none: what was typed is the number of the choice.
    """
    if record["rule"] not in ("match", "exact"):
        return
    record["words_of_base"] = index.version  # differs from `base_version` after a change
    for hit in record["hits"][:_TOP]:
        if hit["entry"] in index.entries:
            shared = search.reasons(index, record["text"], hit["entry"])
            hit["words"] = [feature for feature, _ in shared[:_FEATURES]]
