"""What the base says of a question: an answer, candidates, nothing, or an answer past its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.library import find
from bot.runtime import Runtime
from knowledge.entry import Entry
from knowledge.judge import Band
from knowledge.search import Found

MATCH, EXACT = "match", "exact"
#: What answered best is past its last valid day: its successor speaks, or nobody does.
SUCCESSOR, EXPIRED = "successor", "expired"
#: Rules of decisions that a search came to, so that a search can come to them again.
SEARCHED = frozenset((MATCH, EXACT, SUCCESSOR, EXPIRED))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a question is answered today; `expired` is the entry that may no longer answer it.

    `found` is what may be shown: hits that are valid today, except under `SUCCESSOR`, where they
    are those of the question to the whole base.
    """

    found: Found
    band: Band
    rule: str
    entry: Entry | None
    expired: Entry | None = None


def of(rt: Runtime, question: str, *, limit: int = find.HITS) -> Verdict:
    """Return how a question is answered today.

    An entry past its last valid day never answers. Where it would have, a parent is not sent to
    something that lies next to it: the successor it names answers, or it is said that the answer
    has expired (RELIABILITY.md 8; CONTENT.md 7).
    """
    found = find.find(rt, question, limit=limit)
    if not found.exact and (lapsed := _lapsed(rt, question, limit)) is not None:
        whole, expired = lapsed
        entry = successor(find.now(rt).entries, expired, find.barred(rt))
        if entry is not None:
            return Verdict(whole, Band.ANSWER, SUCCESSOR, entry, expired)
        band = Band.DECLINE if found.band is Band.DECLINE else Band.CANDIDATES
        return Verdict(found, band, EXPIRED, None, expired)
    if found.band is Band.ANSWER:
        rule = EXACT if found.exact else MATCH
        return Verdict(found, found.band, rule, find.now(rt).entries[found.hits[0].entry])
    return Verdict(found, found.band, MATCH, None)


def successor(entries: Mapping[str, Entry], expired: Entry, barred: frozenset[str]) -> Entry | None:
    """Return the first entry down the line of successors that is valid; None where it breaks."""
    seen = {expired.id}
    heir = entries.get(expired.successor)
    while heir is not None and heir.id not in seen:
        if heir.id not in barred and not heir.area:  # of one area alone: as in `find.scope`
            return heir
        seen.add(heir.id)
        heir = entries.get(heir.successor)
    return None


def _lapsed(rt: Runtime, question: str, limit: int) -> tuple[Found, Entry] | None:
    """Return what the whole base found when its answer is an entry that has expired."""
    barred = find.barred(rt)
    if not barred:
        return None
    base = find.now(rt)
    whole = base.search(question, find.scope(rt)._replace(day=None), limit)
    first = whole.hits[0].entry if whole.band is Band.ANSWER else ""
    return (whole, base.entries[first]) if first in barred else None
