"""The curators' side of the golden questions: find, write, mend, put aside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.curation import queries
from bot.curation.tables import entries, golden
from bot.errors import InvalidInput, NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge.text import normalise

SOURCES = ("file", "console", "gap")
KINDS = ("golden", "outside")
TEXT_MAX = 300
_NONE = "[]"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of questions is filtered by; empty means everything."""

    text: str = ""
    topic: str = ""
    kind: str = ""
    source: str = ""
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a curator writes; no entry is expected where none may answer."""

    text: str
    expected: tuple[str, ...]


def seen(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for questions a person may see; those of no topic are everybody's."""
    return actor.sees("entries.read", None, golden.c.topic) | (golden.c.topic == "")


def _filtered(actor: Actor, wanted: Wanted) -> Select[Any]:
    query = select(golden).where(seen(actor))
    if wanted.text:
        query = query.where(golden.c.text.contains(wanted.text, autoescape=True))
    if wanted.topic:
        below = golden.c.topic.startswith(f"{wanted.topic}.", autoescape=True)
        query = query.where((golden.c.topic == wanted.topic) | below)
    if wanted.kind:
        is_outside = golden.c.expected == _NONE
        query = query.where(is_outside if wanted.kind == "outside" else ~is_outside)
    if wanted.source:
        query = query.where(golden.c.source == wanted.source)
    if wanted.active is not None:
        query = query.where(golden.c.active == wanted.active)
    return query


async def count(tx: AsyncConnection, actor: Actor, wanted: Wanted) -> int:
    """Return how many questions fit."""
    inner = _filtered(actor, wanted).with_only_columns(golden.c.id).subquery()
    return await tx.scalar(select(func.count()).select_from(inner)) or 0


async def listed(
    tx: AsyncConnection, actor: Actor, wanted: Wanted, *, offset: int, limit: int
) -> list[Any]:
    """Return a page of questions, the newest first."""
    query = _filtered(actor, wanted).order_by(golden.c.at.desc(), golden.c.id.desc())
    return list((await tx.execute(query.limit(limit).offset(offset))).all())


async def row(tx: AsyncConnection, actor: Actor, number: int) -> Any:
    """Return a question.

    Raises:
        NotFound: there is none, or it is not for this person.
    """
    found = (await tx.execute(select(golden).where(golden.c.id == number, seen(actor)))).first()
    if found is None:
        raise NotFound
    return found


async def summaries(tx: AsyncConnection, actor: Actor, rows: Sequence[Any]) -> dict[str, str]:
    """Return what the expected entries are called, of those the person may read."""
    ids = {name for r in rows for name in json.loads(r.expected)}
    query = select(entries.c.entry, entries.c.summary).where(
        entries.c.entry.in_(ids), queries.seen(actor)
    )
    return {r.entry: r.summary for r in await tx.execute(query)}


async def suggestions(tx: AsyncConnection, actor: Actor, words: str) -> list[Any]:
    """Return a few entries of the whole city that fit what is being typed."""
    query = select(entries.c.entry, entries.c.summary).where(queries.seen(actor))
    for part in normalise(words).split() or [words]:
        query = query.where(entries.c.words.contains(part, autoescape=True))
    whole = query.where(entries.c.area == "").order_by(entries.c.entry)
    return list((await tx.execute(whole.limit(12))).all())


async def add(rt: Runtime, tx: AsyncConnection, actor: Actor, question: Question) -> int:
    """Add a question; returns its number.

    Raises:
        InvalidInput: it is asked already, or an expected entry cannot be.
        NotAllowed: the topic, or the whole city, is not the actor's to gate.
    """
    topic = await _topic(tx, actor, question)
    await _once(tx, question.text)
    made = await tx.execute(
        insert(golden).values(
            key=None, text=question.text, expected=json.dumps(sorted(question.expected)),
            style="plain", topic=topic, source="console", active=True, by=actor.id,
            at=rt.clock.now(),
        )
    )  # fmt: skip
    assert made.inserted_primary_key is not None
    number = int(made.inserted_primary_key[0])
    await audit.note(
        rt, tx, actor, "golden.added", f"question:{number}", after=sorted(question.expected)
    )
    return number


async def change(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, question: Question
) -> int:
    """Change a question; returns its number.

    One from a file is put aside and a question of the curators takes its place, for the file would
    write over a change.
    """
    old = await row(tx, actor, number)
    actor.require("golden.edit", "", old.topic)
    topic = await _topic(tx, actor, question)
    await _once(tx, question.text, but=number)
    if old.source == "file":
        await switch(rt, tx, actor, number, is_active=False)
        return await add(rt, tx, actor, question)
    expected = json.dumps(sorted(question.expected))
    await tx.execute(
        update(golden)
        .where(golden.c.id == number)
        .values(text=question.text, expected=expected, topic=topic)
    )
    await audit.note(
        rt, tx, actor, "golden.changed", f"question:{number}",
        before=json.loads(old.expected), after=sorted(question.expected),
    )  # fmt: skip
    return number


async def switch(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, *, is_active: bool
) -> None:
    """Put a question aside, or let it count again."""
    old = await row(tx, actor, number)
    actor.require("golden.edit", "", old.topic)
    if old.active == is_active:
        return
    if is_active:
        await _once(tx, old.text, but=number)
    await tx.execute(update(golden).where(golden.c.id == number).values(active=is_active))
    action = "golden.woken" if is_active else "golden.rested"
    await audit.note(rt, tx, actor, action, f"question:{number}")


async def _topic(tx: AsyncConnection, actor: Actor, question: Question) -> str:
    """Return the topic of the first expected entry; a question gates the whole city."""
    topics = {
        r.entry: r.topic
        for r in await tx.execute(
            select(entries.c.entry, entries.c.topic).where(
                entries.c.entry.in_(question.expected), entries.c.area == "", queries.seen(actor)
            )
        )
    }
    if len(topics) != len(question.expected):
        raise InvalidInput("golden.entry_unknown")
    topic = topics[min(question.expected)] if question.expected else ""
    actor.require("golden.edit", "", topic)
    return topic


async def _once(tx: AsyncConnection, text: str, *, but: int = 0) -> None:
    same = (golden.c.text == text) & golden.c.active & (golden.c.id != but)
    if await tx.scalar(select(golden.c.id).where(same).limit(1)):
        raise InvalidInput("golden.twice")
