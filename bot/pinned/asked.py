"""The questions that are compared: those of a place and a time, without whose they are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.tables import decisions
from bot.pinned.numbers import without_people
from knowledge.clusters import Clusters
from knowledge.index import Index

#: No question: a number picked from an offer, an answer that was brought later.
_NO_QUESTION = ("choice", "told")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; `asker` is the pseudonym and is only counted."""

    id: int
    text: str
    asker: str
    topic: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions of one need: how many, of how many people, and those that speak for it.

    `known` is the place in the list of the earlier wordings it was put to, None for a new one.
    """

    number: int
    known: int | None
    count: int
    askers: int
    topic: str
    samples: tuple[int, ...]


def within(first: datetime, last: datetime, area: str | None = None) -> ColumnElement[bool]:
    """Return the condition for the questions of a time, and of one place."""
    table = decisions.c
    told = (table.at >= first) & (table.at < last) & table.rule.not_in(_NO_QUESTION)
    return told if area is None else told & (table.area == area)


async def busy(tx: AsyncConnection, first: datetime, last: datetime, least: int) -> list[str]:
    """Return the places with so many questions."""
    query = select(decisions.c.area).where(within(first, last)).group_by(decisions.c.area)
    return sorted(await tx.scalars(query.having(func.count() >= least)))


async def asked(
    tx: AsyncConnection, area: str, first: datetime, last: datetime, most: int
) -> list[Asked]:
    """Return the newest questions of a place and a time."""
    table = decisions.c
    rows = await tx.execute(
        select(table.id, table.text, table.asker, table.topic)
        .where(within(first, last, area))
        .order_by(table.id.desc())
        .limit(most)
    )
    return [Asked(*row) for row in rows]


async def words(tx: AsyncConnection, numbers: Iterable[int]) -> dict[int, str]:
    """Return the words of decisions that are still kept, as they may be shown."""
    table = decisions.c
    rows = await tx.execute(select(table.id, table.text).where(table.id.in_(set(numbers))))
    return {row.id: without_people(row.text) for row in rows}


def read_samples(kept: str) -> list[int]:
    """Read the numbers of decisions a row keeps."""
    return [int(number) for number in json.loads(kept)]


def grouped(
    index: Index, questions: Sequence[Asked], known: Sequence[Collection[str]], wordings: int
) -> tuple[Clusters, list[Cluster]]:
    """Return the clusters of questions, the largest first; `known` are wordings of earlier ones.

    The oldest question comes first, so that the same questions make the same clusters.
    """
    clusters = Clusters(index)
    for number, texts in enumerate(known):
        for n, text in enumerate(texts):
            clusters.put(f"known {number} {n}", text, number)
    by_name = {str(q.id): q for q in sorted(questions, key=lambda q: q.id)}
    for name, question in by_name.items():
        clusters.add(name, question.text)
    found = [_told(clusters, number, by_name, len(known), wordings) for number in clusters]
    return clusters, sorted((c for c in found if c.count), key=lambda c: (-c.count, c.number))


def _told(
    clusters: Clusters, number: int, by_name: dict[str, Asked], known: int, wordings: int
) -> Cluster:
    mine = [by_name[name] for name in clusters.members(number) if name in by_name]
    topics = Counter(q.topic for q in mine if q.topic)
    best = clusters.speakers(number, len(mine) + known)
    samples = tuple(int(name) for name in best if name in by_name)[:wordings]
    topic = max(topics, key=lambda t: (topics[t], t)) if topics else ""
    people = len({q.asker for q in mine})
    return Cluster(number, number if number < known else None, len(mine), people, topic, samples)


def counts(clusters: Clusters, questions: Iterable[Asked]) -> Counter[int]:
    """Return how many other questions would be put to each cluster; each text is looked at once."""
    texts = Counter(q.text for q in questions)
    found: Counter[int] = Counter()
    for text, times in texts.items():
        number = clusters.nearest(text)
        if number is not None:
            found[number] += times
    return found
