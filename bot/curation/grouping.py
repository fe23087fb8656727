"""Questions without an answer put into gaps, one after the other, in the order they were asked."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation import gap_rows
from bot.curation.gap_rows import ALIVE
from bot.curation.tables import gap_questions, gaps
from bot.library import find
from bot.library.tables import decisions, missed
from bot.logs import log
from bot.runtime import Runtime
from knowledge.clusters import Clusters
from knowledge.index import Index
from knowledge.judge import Band

_SHELF = "curation.clusters"
#: Questions put into gaps by one transaction.
_STEP = 200
_DAY = timedelta(days=1)
#: Entries less near than this, on the mean of a gap's questions, say nothing about its topic.
_NEAR = 0.1


@dataclass(frozen=True, slots=True)
class _Question:
    decision: int
    code: str
    text: str
    asker: str
    area: str
    reason: str
    at: datetime


async def collect(rt: Runtime) -> int:
    """Put what was not answered since the last time into gaps; returns how many rows were taken.

    The rows are taken away in the transaction that puts the questions, so nothing is looked at
    twice, and several short runs make the same gaps as one long one.
    """
    taken = 0
    while step := await _step(rt):
        taken += step
    if taken:
        log.info("gaps_collected", questions=taken)
    return taken


async def _step(rt: Runtime) -> int:
    async with rt.db.read() as tx:
        if await tx.scalar(select(missed.c.id).limit(1)) is None:
            return 0
        await tx.run_sync(lambda connection: find.refresh(rt, connection))
        rows = await _members(tx)
    clusters = await asyncio.to_thread(_synced, rt, rows)
    async with rt.db.write() as tx:
        await gap_rows.alone(tx)
        _sync(clusters, await _members(tx))  # again: somebody may have moved a question meanwhile
        taken = await _take(tx)
        questions = await _questions(tx, taken)
        alive, now = set(clusters), rt.clock.now()
        touched = {await _put(tx, clusters, alive, q, now) for q in questions}
        await _sum_up(rt, tx, clusters, touched)
    return len(taken)


async def _members(tx: AsyncConnection) -> list[tuple[str, int, str]]:
    rows = await tx.execute(
        select(gap_questions.c.decision, gap_questions.c.gap, gap_questions.c.text)
        .join(gaps, gaps.c.id == gap_questions.c.gap)
        .where(gaps.c.state.in_(ALIVE))
    )
    return [(str(r.decision), r.gap, r.text) for r in rows]


def _synced(rt: Runtime, rows: Iterable[tuple[str, int, str]]) -> Clusters:
    """Return the clusters as the rows have them; only what has changed costs anything."""
    index = find.now(rt).index
    kept: tuple[str, Clusters] | None = rt.shelf.get(_SHELF)
    if kept is None or kept[0] != index.version:
        kept = rt.shelf[_SHELF] = (index.version, Clusters(index))
    _sync(kept[1], rows)
    return kept[1]


def _sync(clusters: Clusters, rows: Iterable[tuple[str, int, str]]) -> None:
    known = {name: number for number in clusters for name in clusters.members(number)}
    for name, number, question in rows:
        if known.pop(name, None) != number:
            clusters.put(name, question, number)
    for name in known:
        clusters.remove(name)


async def _take(tx: AsyncConnection) -> list[Any]:
    """Take the oldest rows away; a parent who is being erased either had them go first, or waits.

    Rows of the same parent are locked by it, so the erasure's next statement sees what was put.
    """
    oldest = select(missed.c.id).order_by(missed.c.id).limit(_STEP)
    gone = await tx.execute(
        delete(missed)
        .where(missed.c.id.in_(oldest))
        .returning(missed.c.id, missed.c.code, missed.c.asker, missed.c.reason)
    )
    return sorted(gone.all())


async def _questions(tx: AsyncConnection, taken: Sequence[Any]) -> list[_Question]:
    """Return the questions behind the rows, those that stand in a gap already left out."""
    found: dict[int, _Question] = {}
    for row in taken:
        question = await _question(tx, row)
        if question is not None:
            found.setdefault(question.decision, question)
    known = await tx.scalars(
        select(gap_questions.c.decision).where(gap_questions.c.decision.in_(found))
    )
    for decision in known:
        del found[decision]
    return [found[number] for number in sorted(found)]


async def _question(tx: AsyncConnection, row: Any) -> _Question | None:
    where = decisions.c.code == row.code, decisions.c.asker == row.asker
    asked = (await tx.execute(_decided.where(*where).order_by(decisions.c.id.desc()))).first()
    if asked is None or (row.reason == "not_helpful" and asked.feedback != -1):
        return None
    if asked.rule == "choice":
        asked = await _before_choice(tx, asked)
    if asked is None:
        return None
    return _Question(
        asked.id, asked.code, asked.text, asked.asker, asked.area, row.reason, asked.at
    )


async def _before_choice(tx: AsyncConnection, chosen: Any) -> Any:
    """Return the question whose candidates a number was picked from: a number has no words."""
    before = (
        await tx.execute(
            _decided.where(
                decisions.c.at > chosen.at - _DAY,
                decisions.c.id < chosen.id,
                decisions.c.asker == chosen.asker,
                decisions.c.rule != "choice",
            )
            .order_by(decisions.c.id.desc())
            .limit(1)
        )
    ).first()
    return before if before is not None and before.band == Band.CANDIDATES else None


_decided = select(
    decisions.c.id, decisions.c.code, decisions.c.text, decisions.c.asker, decisions.c.at,
    decisions.c.rule, decisions.c.band, decisions.c.feedback, decisions.c.area,
)  # fmt: skip


async def _put(
    tx: AsyncConnection, clusters: Clusters, alive: set[int], q: _Question, now: datetime
) -> int:
    name = str(q.decision)
    number = clusters.add(name, q.text)
    if number not in alive:  # a new cluster goes by the number of its row
        number = await gap_rows.open_one(tx, q.text, q.at, now)
        clusters.put(name, q.text, number)
        alive.add(number)
    await tx.execute(
        insert(gap_questions).values(
            decision=q.decision, gap=number, code=q.code, text=q.text, asker=q.asker, area=q.area,
            reason=q.reason, at=q.at,
        )
    )  # fmt: skip
    return number


async def _sum_up(
    rt: Runtime, tx: AsyncConnection, clusters: Clusters, touched: Collection[int]
) -> None:
    titles = {number: clusters.title(number) for number in touched}
    await gap_rows.recount(tx, titles)
    await _guess(rt, tx, touched)


async def _guess(rt: Runtime, tx: AsyncConnection, touched: Collection[int]) -> None:
    """Guess the topic of gaps nobody has taken up from the entries near their questions."""
    base = find.now(rt)
    query = (
        select(gap_questions.c.gap, decisions.c.hits)
        .join(decisions, decisions.c.id == gap_questions.c.decision)
        .where(gap_questions.c.gap.in_(touched))
    )
    rows = (await tx.execute(query)).all()
    near: dict[int, Counter[str]] = {}
    for gap, hits in rows:
        for entry, score in json.loads(hits):
            if entry in base.entries:
                near.setdefault(gap, Counter())[base.entries[entry].topic] += score
    asked = Counter(gap for gap, _ in rows)
    for gap, topics in near.items():
        topic, total = max(topics.items(), key=lambda pair: (pair[1], pair[0]))
        if total >= _NEAR * asked[gap]:
            await gap_rows.guess(tx, gap, topic)


def title_of(index: Index, questions: Sequence[str]) -> str:
    """Return the question that speaks best for these; an empty text for none."""
    if not questions:
        return ""
    clusters = Clusters(index)
    for number, question in enumerate(questions):
        clusters.put(str(number), question, 0)
    return clusters.title(0)
