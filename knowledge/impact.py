"""What a change does to questions that were really asked: the last weeks' texts, asked of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.index import Index
from knowledge.judge import Band, Judge
from knowledge.outcomes import OFFERED
from knowledge.scope import EVERYWHERE, Scope
from knowledge.search import Hit, search

_RANK = {Band.DECLINE: 0, Band.CANDIDATES: 1, Band.ANSWER: 2}


@dataclass(frozen=True, slots=True)
class Asked:
    """A de-identified question, how often it was asked, and the sum of the votes on its answer.

    `last_entry` is the entry that answered it last, None where none did.
    """

    text: str
    count: int
    last_entry: str | None = None
    feedback: int = 0


@dataclass(frozen=True, slots=True)
class Base:
    """An index and the versions of its entries by id."""

    index: Index
    versions: Mapping[str, str]


class Change(StrEnum):
    """How a question's answer shifts; `reworded` is the same entry with other words."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a parent sees: the band, and the entries shown with their versions and scores."""

    band: Band
    hits: tuple[Hit, ...]
    versions: tuple[str, ...]

    @property
    def entries(self) -> tuple[str, ...]:
        """Return the ids of the entries shown."""
        return tuple(hit.entry for hit in self.hits)


@dataclass(frozen=True, slots=True)
class Shift:
    """A question whose answer changes."""

    text: str
    count: int
    before: Seen
    after: Seen
    kind: Change


@dataclass(frozen=True, slots=True)
class Impact:
    """The shifts, the most asked first, and how many askings there are and of each kind shift."""

    shifts: tuple[Shift, ...]
    asked: int
    totals: Mapping[Change, int]


def impact(
    before: Base, after: Base, judge: Judge, asked: Iterable[Asked], scope: Scope = EVERYWHERE
) -> Impact:
    """Ask every distinct text of both bases; counts and votes on one text are summed.

    Both are asked in full. A text could be left out only if none of its features changed weight,
    and one new wording changes the IDF of features all over the base.
    """
    texts = gathered(asked)
    shifts = [shift for a in texts if (shift := _shift(before, after, judge, a, scope))]
    totals = {kind: sum(s.count for s in shifts if s.kind is kind) for kind in Change}
    ordered = tuple(sorted(shifts, key=lambda s: (-s.count, s.text)))
    return Impact(ordered, sum(a.count for a in texts), totals)


def gathered(asked: Iterable[Asked]) -> list[Asked]:
    """Return each text once: counts and votes summed, the last entry that is named."""
    found: dict[str, Asked] = {}
    for one in asked:
        old = found.get(one.text)
        found[one.text] = one if old is None else _summed(old, one)
    return list(found.values())


def _summed(old: Asked, new: Asked) -> Asked:
    entry = new.last_entry or old.last_entry
    return Asked(old.text, old.count + new.count, entry, old.feedback + new.feedback)


def seen(base: Base, judge: Judge, question: str, scope: Scope = EVERYWHERE) -> Seen:
    """Return what a parent sees: one entry answered, three offered, or nothing."""
    found = search(base.index, question, judge, scope=scope, limit=OFFERED)
    shown = {Band.ANSWER: 1, Band.CANDIDATES: OFFERED, Band.DECLINE: 0}[found.band]
    hits = found.hits[:shown]
    return Seen(found.band, hits, tuple(base.versions.get(hit.entry, "") for hit in hits))


def _shift(before: Base, after: Base, judge: Judge, asked: Asked, scope: Scope) -> Shift | None:
    old, new = (seen(base, judge, asked.text, scope) for base in (before, after))
    is_same = old.band is new.band and old.entries == new.entries
    if is_same and old.versions == new.versions:
        return None
    kind = Change.REWORDED if is_same else kind_of(old, new, asked)
    return Shift(asked.text, asked.count, old, new, kind)


def kind_of(old: Seen, new: Seen, asked: Asked) -> Change:
    """Return how a question shifts whose band or entries change.

    Votes count only where they were given to an entry that was shown (`last_entry`). The first
    rule that holds decides:

    1. Good votes, and that entry is no longer shown: worse.
    2. Bad votes on an answer, and another entry, or none, is answered now: better.
    3. A higher band (declined, candidates, answered) is better, a lower one worse.
    4. The same band with other entries: changed.
    """
    votes = asked.feedback if asked.last_entry in old.entries else 0
    step = _RANK[new.band] - _RANK[old.band]
    if votes > 0 and asked.last_entry not in new.entries:
        return Change.WORSE
    if votes < 0 and old.band is Band.ANSWER and (step < 0 or old.entries != new.entries):
        return Change.BETTER
    if step:
        return Change.BETTER if step > 0 else Change.WORSE
    return Change.CHANGED
