"""What a gap's page computes: entries near its questions, gaps like it, what a phrase would hit."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation import gap_queries, queries
from bot.curation.gap_queries import Gap
from bot.curation.gap_rows import ALIVE, shown_title
from bot.curation.tables import entries, gap_questions, gaps
from bot.library import find
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge.clusters import Vector, vector_of
from knowledge.entry import Entry, Status
from knowledge.topics import topics

_NEAR = 5
#: Questions looked up for the entries near a gap.
_LOOKED_UP = 20
#: Gaps less like one another are not suggested.
_ALIKE = 0.06
_COMPARED = 400
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Near:
    """An entry near a gap: its best score, and for how many of its questions it came up."""

    entry: str
    question: str
    score: float
    times: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Another gap, and how like it is."""

    id: int
    title: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Phrase:
    """A question of a gap, and what it hits now."""

    decision: int
    text: str
    hits: tuple[tuple[str, str, float], ...]
    exact: str


async def nearest(
    rt: Runtime, tx: AsyncConnection, actor: Actor, texts: Sequence[str]
) -> list[Near]:
    """Return the entries near these questions that the person may see, nearest first."""
    scores = await asyncio.to_thread(_scores, rt, texts[:_LOOKED_UP])
    rows = await tx.execute(
        select(entries.c.entry, entries.c.question).where(
            entries.c.entry.in_(scores), queries.seen(actor)
        )
    )
    found = [Near(r.entry, r.question, max(scores[r.entry]), len(scores[r.entry])) for r in rows]
    return sorted(found, key=lambda n: (-sum(scores[n.entry]), n.entry))[:_NEAR]


def _scores(rt: Runtime, texts: Sequence[str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for text in texts:
        for hit in find.find(rt, text).hits:
            found.setdefault(hit.entry, []).append(hit.score)
    return found


async def alike(rt: Runtime, tx: AsyncConnection, actor: Actor, gap: Gap) -> list[Alike]:
    """Return open gaps the person may work on that ask for something like this one, nearest first.

    Many are asked for: the newest ones are compared.
    """
    query = (
        select(gaps.c.id, shown_title().label("title"))
        .join(gap_questions, gap_questions.c.gap == gaps.c.id)
        .where(gaps.c.state.in_(ALIVE), gaps.c.id != gap.id, gap_queries.seen(actor, "gaps.work"))
        .group_by(gaps.c.id, gaps.c.title)
        .order_by(gaps.c.id.desc())
        .limit(_COMPARED)
    )
    rows = (await tx.execute(query)).all()
    return await asyncio.to_thread(_alike, rt, gap.title, rows)


def _alike(rt: Runtime, title: str, rows: Iterable[Any]) -> list[Alike]:
    index = find.now(rt).index
    own = vector_of(index, title)
    found = [Alike(r.id, r.title, _cosine(own, vector_of(index, r.title))) for r in rows]
    near = [one for one in found if one.likeness >= _ALIKE]
    return sorted(near, key=lambda one: (-one.likeness, one.id))[:_NEAR]


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other.get(key, 0.0) for key, weight in one.items())


async def phrases(rt: Runtime, listed: Sequence[Any]) -> list[Phrase]:
    """Return what each of these questions hits in the base in force."""
    return await asyncio.to_thread(lambda: [_phrase(rt, q) for q in listed])


def _phrase(rt: Runtime, question: Any) -> Phrase:
    base, found = find.now(rt), find.find(rt, question.text)
    hits = tuple((h.entry, base.entries[h.entry].question, h.score) for h in found.hits[:3])
    exact = found.hits[0].entry if found.exact else ""
    return Phrase(question.decision, question.text, hits, exact)


def begun(gap: Gap, topic: str, summary: str, actor: Actor, answer: str, today: date) -> Entry:
    """Return a new entry for a gap, to be written by a person: nothing of it is an answer yet."""
    leaf = topics()[topic]
    key = hashlib.sha256(f"{gap.id} {gap.title}".encode()).hexdigest()[:8]
    return Entry(
        id=f"{topic}.q-{key}",
        question=gap.title.replace("\n", " ")[:200],
        summary=summary,
        topic=topic,
        ages=leaf.ages,
        risk=leaf.risk,
        status=Status.DRAFT,
        sources=(),
        reviewed_on=today,
        review_due=today + _YEAR,
        valid_until=None,
        owner=actor.name,
        similar=(),
        related=(),
        answer=answer,
        area=_area(actor, topic),
    )


def _area(actor: Actor, topic: str) -> str:
    """Return the widest place this person may write an entry of this topic for."""
    able = [a for a in actor.areas("entries.edit") if actor.may("entries.edit", a, topic)]
    return able[0] if able else ""
