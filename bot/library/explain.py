"""Why this answer: the record of a decision, and the features behind each hit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from bot.dialogue import codes
from bot.library import find, verdict
from bot.library.tables import decisions, versions
from bot.runtime import Runtime
from knowledge import explain as explaining
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
    """Return the probability, and for the first hits the words and evidence that made them."""
    if found is None:
        return {}
    base = find.now(rt)
    why = explaining.reasons(base.index, question, base.judge, scope=find.scope(rt), limit=_TOP)
    return {
        "probability": round(found.probability, 4),
        "exact": found.exact,
        "base_version": base.index.version,
        "known": round(why.known, 4),
        "right": round(why.right, 4),
        "signs": {name: round(value, 3) for name, value in why.signs.items()},
        "hits": [_reason(reason) for reason in why.hits],
    }


def _reason(reason: explaining.Reason) -> dict[str, Any]:
    return {
        "entry": reason.entry,
        "score": round(reason.score, 4),
        "value": round(reason.value, 3),
        "nearest_wording": reason.wording,
        "evidence": {
            name: {"value": round(value, 3), "adds": round(added, 3)}
            for name, (value, added) in reason.evidence.items()
        },
        "words": [
            {"feature": w.feature, "weight": round(w.weight, 3), "own": list(w.own)}
            for w in reason.words[:_FEATURES]
        ],
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
        record["hits"] = kept_hits(record["hits"])
        content = record.pop("content")
        record["answer"] = json.loads(content)["answer"] if content else None
        if add_words(find.now(rt).index, record, record["hits"]):
            # differs from `base_version` after a change
            record["words_of_base"] = find.now(rt).index.version
    return found


def kept_hits(kept: str) -> list[dict[str, Any]]:
    """Return the hits of a record as data, best first."""
    return [{"entry": e, "score": s} for e, s in json.loads(kept)]


def add_words(index: Index, record: Mapping[str, Any], hits: Sequence[dict[str, Any]]) -> bool:
    """Add to the first hits the words they share with the question, and whose words they are.

    A chosen answer has none: what was typed is the number of the choice.
    """
    if record["rule"] not in verdict.SEARCHED | {"none_meant"}:
        return False
    for hit in hits[:_TOP]:
        if hit["entry"] in index.entries:
            shared = explaining.words(index, record["text"], hit["entry"])
            hit["words"] = [word.feature for word in shared[:_FEATURES]]
    return True
