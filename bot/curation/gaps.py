"""Everything that changes a gap: assign, merge, take apart, dismiss, reopen, answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.curation import actions, gap_queries, queries
from bot.curation.actions import Change
from bot.curation.gap_queries import Gap
from bot.curation.gap_rows import ALIVE, GapState, open_one, recount
from bot.curation.states import Origin
from bot.curation.tables import gap_questions, gaps
from bot.errors import InvalidInput, NotAllowed
from bot.library import tables as library
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge.entry import Asking, Entry
from knowledge.text import normalise

#: Ways of asking taken over from a gap into a new entry.
SIMILAR_MAX = 20
NOTE_MAX = 200


async def assign(
    rt: Runtime, tx: AsyncConnection, actor: Actor, gap: int, person: int, topic: str
) -> None:
    """Give a gap to a colleague, with the topic it is of.

    Raises:
        InvalidInput: the gap is closed, or the colleague cannot see it.
    """
    row = await gap_queries.one(tx, actor, gap, "gaps.work")
    _expect(row, *ALIVE)
    colleagues = {p.id for p in await gap_queries.colleagues(tx, replace(row, topic=topic))}
    if person not in colleagues:
        raise InvalidInput("gap.assignee")
    await _set(
        tx, row, state=GapState.ASSIGNED, assignee=person, topic=topic, changed_at=rt.clock.now()
    )
    await _note(rt, tx, actor, "assigned", row, to=person, topic=topic)


async def merge(rt: Runtime, tx: AsyncConnection, actor: Actor, gap: int, into: int) -> None:
    """Put every question of a gap into another one.

    Raises:
        InvalidInput: one of them is closed, or both are the same.
        NotAllowed: questions of other places stand in one of them.
    """
    row, target = await _whole(tx, actor, gap), await _whole(tx, actor, into)
    _expect(row, *ALIVE)
    _expect(target, *ALIVE)
    if gap == into:
        raise InvalidInput("gap.itself")
    await tx.execute(update(gap_questions).where(gap_questions.c.gap == gap).values(gap=into))
    await _set(tx, row, state=GapState.MERGED, merged_into=into, changed_at=rt.clock.now())
    await recount(tx, {gap: None, into: None})
    await _note(rt, tx, actor, "merged", row, into=into)


async def move_out(rt: Runtime, tx: AsyncConnection, actor: Actor, gap: int, question: int) -> int:
    """Take one question out into a gap of its own; returns the new gap's number.

    Raises:
        InvalidInput: it is the only question, or stands in another gap.
    """
    row = await gap_queries.one(tx, actor, gap, "gaps.work")
    _expect(row, *ALIVE)
    listed = {q.decision: q for q in await gap_queries.members(tx, actor, row)}
    if question not in listed or row.questions < 2:  # noqa: PLR2004 - one stays, one goes
        raise InvalidInput("gap.question")
    moved = listed[question]
    number = await open_one(tx, moved.text, moved.at, rt.clock.now(), topic=row.topic)
    await tx.execute(
        update(gap_questions).where(gap_questions.c.decision == question).values(gap=number)
    )
    await recount(tx, {gap: None, number: moved.text})
    await _note(rt, tx, actor, "split", row, into=number)
    return number


async def dismiss(rt: Runtime, tx: AsyncConnection, actor: Actor, gap: int, reason: str) -> None:
    """Close a gap that needs no answer.

    Raises:
        InvalidInput: no reason is given.
        NotAllowed: questions of other places stand in it.
    """
    row = await _whole(tx, actor, gap)
    _expect(row, *ALIVE)
    if not reason.strip():
        raise InvalidInput("gap.reason_missing")
    note = reason.strip()[:NOTE_MAX]
    await _set(tx, row, state=GapState.DISMISSED, note=note, changed_at=rt.clock.now())
    await _note(rt, tx, actor, "dismissed", row, why=note)


async def reopen(rt: Runtime, tx: AsyncConnection, actor: Actor, gap: int) -> None:
    """Take up a closed gap again."""
    row = await _whole(tx, actor, gap)
    _expect(row, GapState.DISMISSED, GapState.SOLVED)
    state = GapState.ASSIGNED if row.assignee else GapState.OPEN
    await _set(
        tx, row, state=state, entry=None, entry_version=None, note="", changed_at=rt.clock.now()
    )
    await _note(rt, tx, actor, "reopened", row)


async def link(rt: Runtime, tx: AsyncConnection, actor: Actor, gap: int, entry: str) -> None:
    """Say which entry answers a gap: solved at once if parents get it, else when they do.

    Raises:
        NotFound: the entry is not for this person.
    """
    row = await _whole(tx, actor, gap)
    _expect(row, *ALIVE)
    working = await queries.row(tx, actor, entry)
    version = await _published(tx, entry)
    state = row.state if version is None else GapState.SOLVED
    await _set(tx, row, state=state, entry=entry, entry_version=version, changed_at=rt.clock.now())
    await _note(rt, tx, actor, "linked", row, entry=working.entry.id, version=version)


async def attach(
    rt: Runtime, tx: AsyncConnection, actor: Actor, gap: int, entry: str, picked: Iterable[int]
) -> list[str]:
    """Add questions of a gap to an entry as ways of asking, in a draft; returns those added.

    The gap is solved once the draft is published.

    Raises:
        InvalidInput: no question is picked, or the entry knows all of them already.
        NotAllowed: the entry, or questions of the gap, are outside the person's places.
    """
    row = await _whole(tx, actor, gap)
    _expect(row, *ALIVE)
    working = await queries.row(tx, actor, entry, "entries.edit")
    chosen = set(picked)
    texts = [q.text for q in await gap_queries.members(tx, actor, row) if q.decision in chosen]
    fresh = _fresh(texts, working.entry.askings())
    if not fresh:
        raise InvalidInput("gap.nothing_to_attach")
    similar = (*working.entry.similar, *(Asking(text, "log") for text in fresh))
    change = Change(Origin.GAP, str(gap), working.revision)
    await actions.save(rt, tx, actor, replace(working.entry, similar=similar), change)
    version = await _published(tx, entry)
    await _set(tx, row, entry=entry, entry_version=version, changed_at=rt.clock.now())
    await _note(rt, tx, actor, "attached", row, entry=entry, added=len(fresh))
    return fresh


async def draft(rt: Runtime, tx: AsyncConnection, actor: Actor, gap: int, entry: Entry) -> None:
    """Begin a new entry for a gap; what was asked becomes its ways of asking.

    Raises:
        InvalidInput: the entry's id is taken.
        NotAllowed: outside the actor's places or topics.
    """
    row = await _whole(tx, actor, gap)
    _expect(row, *ALIVE)
    texts = [q.text for q in await gap_queries.members(tx, actor, row)]
    fresh = _fresh(texts, (entry.question,))[:SIMILAR_MAX]
    asked = replace(entry, similar=tuple(Asking(text, "log") for text in fresh))
    await actions.create(rt, tx, actor, asked, Change(Origin.GAP, str(gap)))
    await _set(
        tx, row, state=GapState.ASSIGNED, assignee=row.assignee or actor.id, entry=entry.id,
        entry_version=None, topic=entry.topic, changed_at=rt.clock.now(),
    )  # fmt: skip
    await _note(rt, tx, actor, "drafted", row, entry=entry.id)


def _fresh(texts: Sequence[str], known: Iterable[str]) -> list[str]:
    """Return texts that say something the known wordings do not, each once."""
    seen = {normalise(text) for text in known} | {""}
    fresh = []
    for text in texts:
        plain = normalise(text)
        if plain not in seen:
            seen.add(plain)
            fresh.append(text)
    return fresh


async def _whole(tx: AsyncConnection, actor: Actor, gap: int) -> Gap:
    """Return a gap whose every question this person may work on."""
    row = await gap_queries.one(tx, actor, gap, "gaps.work")
    if await gap_queries.reaches_further(tx, actor, row):
        raise NotAllowed("gap.elsewhere")
    return row


async def _published(tx: AsyncConnection, entry: str) -> str | None:
    """Return the version of an entry that parents get, None when they get none."""
    table = library.published
    version: str | None = await tx.scalar(select(table.c.version).where(table.c.entry == entry))
    return version


def _expect(row: Gap, *allowed: GapState) -> None:
    if row.state not in allowed:
        raise InvalidInput("gap.state")


async def _set(tx: AsyncConnection, row: Gap, **values: object) -> None:
    """Change a gap that is still as it was read."""
    moved = await tx.execute(
        update(gaps).where(gaps.c.id == row.id, gaps.c.state == row.state).values(**values)
    )
    if moved.rowcount != 1:
        raise InvalidInput("gap.state")


async def _note(
    rt: Runtime, tx: AsyncConnection, actor: Actor, what: str, row: Gap, **detail: Any
) -> None:
    await audit.note(rt, tx, actor, f"gap.{what}", f"gap:{row.id}", **detail)
