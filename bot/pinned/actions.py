"""Everything that changes a pinned answer: write, approve by another person, withdraw."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.errors import InvalidInput, NotAllowed
from bot.library import tables as library
from bot.library.pin_tables import pins
from bot.library.pins import name_of
from bot.people.actor import Actor
from bot.pinned import checks, queries, surge_queries
from bot.pinned.queries import Pinned
from bot.pinned.states import State
from bot.pinned.surge_queries import EDIT
from bot.runtime import Runtime
from knowledge.entry import Entry

APPROVE = "pinned.approve"
NOTE_MAX = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form asks for; `hours` count from the approval."""

    entry: Entry
    hours: int
    surge: int | None = None


async def create(rt: Runtime, tx: AsyncConnection, actor: Actor, wanted: Wanted) -> int:
    """Add a draft and return its number; parents get nothing of it.

    Raises:
        NotAllowed: outside the actor's places or topics.
        NotFound: the surge it is written for is not for this person.
    """
    entry = wanted.entry
    actor.require(EDIT, entry.area, entry.topic)
    if wanted.surge is not None:
        await surge_queries.one(tx, actor, wanted.surge)
    made = await tx.execute(
        insert(pins).values(
            **_columns(entry), hours=wanted.hours, surge=wanted.surge, state=State.DRAFT,
            revision=1, authors=json.dumps([actor.id]), made_by_name=actor.name,
            changed_at=rt.clock.now(), approved_by_name="", note="",
        )
    )  # fmt: skip
    assert made.inserted_primary_key is not None
    number = int(made.inserted_primary_key[0])
    named = replace(entry, id=name_of(entry.topic, number))
    await tx.execute(update(pins).where(pins.c.id == number).values(**_columns(named)))
    await audit.note(rt, tx, actor, "pinned.created", f"pinned:{number}", area=entry.area)
    return number


async def save(
    rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, wanted: Wanted, on: int
) -> None:
    """Change a draft that is still as the person saw it; the person becomes one of its authors.

    Raises:
        InvalidInput: it is no draft any more, or somebody else was faster.
        NotAllowed, NotFound: outside the actor's places or topics, before or after the change.
    """
    pinned = await queries.one(tx, actor, number, EDIT)
    entry = replace(wanted.entry, id=name_of(wanted.entry.topic, number))
    actor.require(EDIT, entry.area, entry.topic)
    authors = json.dumps(sorted(pinned.authors | {actor.id}))
    await _move(
        rt, tx, pinned, State.DRAFT, on, **_columns(entry), hours=wanted.hours, authors=authors
    )
    await audit.note(
        rt, tx, actor, "pinned.saved", f"pinned:{number}", area=entry.area,
        before=pinned.row.version, after=entry.version,
    )  # fmt: skip


async def approve(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, on: int) -> None:
    """Let parents have it from their next message on, until its hours are over.

    Raises:
        InvalidInput: the lint finds something, it is no draft, or was changed since it was read.
        NotAllowed: the person wrote some of it.
        NotFound: outside the actor's places or topics.
    """
    pinned = await queries.one(tx, actor, number, APPROVE)
    if actor.id in pinned.authors:
        raise NotAllowed("pinned.second_person")
    if checks.problems(pinned.entry):
        raise InvalidInput("pinned.problems")
    now, row = rt.clock.now(), pinned.row
    until = now + timedelta(hours=row.hours)
    await _move(
        rt, tx, pinned, State.DRAFT, on, state=State.LIVE, approved_by=actor.id,
        approved_by_name=actor.name, approved_at=now, until=until,
    )  # fmt: skip
    await _keep_version(tx, pinned, now)
    await audit.note(
        rt, tx, actor, "pinned.approved", f"pinned:{number}", area=row.area, version=row.version,
        until=until,
    )  # fmt: skip


async def withdraw(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int, note: str) -> None:
    """Take it back at once, from draft or from parents; one person is enough to stop.

    Raises:
        InvalidInput: nothing is said about why, or it is over already.
        NotFound: outside the actor's places or topics.
    """
    pinned = await queries.one(tx, actor, number, EDIT)
    told = note.strip()[:NOTE_MAX]
    if not told:
        raise InvalidInput("pinned.note_missing")
    state = pinned.state_at(rt.clock.now())
    if state not in (State.DRAFT, State.LIVE):
        raise InvalidInput("pinned.state")
    await _move(
        rt, tx, pinned, state, pinned.row.revision, state=State.WITHDRAWN,
        withdrawn_at=rt.clock.now(), note=told,
    )  # fmt: skip
    await audit.note(
        rt, tx, actor, "pinned.withdrawn", f"pinned:{number}", area=pinned.row.area, why=told
    )


def _columns(entry: Entry) -> dict[str, Any]:
    return {
        "area": entry.area, "topic": entry.topic, "content": entry.to_json(),
        "version": entry.version,
    }  # fmt: skip


async def _move(
    rt: Runtime, tx: AsyncConnection, pinned: Pinned, stood: State, on: int, **values: Any
) -> None:
    """Change a row that is in this state and of the revision that was read."""
    done = await tx.execute(
        update(pins)
        .where(pins.c.id == pinned.row.id, pins.c.state == stood, pins.c.revision == on)
        .values(revision=on + 1, changed_at=rt.clock.now(), **values)
    )
    if done.rowcount != 1:
        raise InvalidInput("pinned.state")


async def _keep_version(tx: AsyncConnection, pinned: Pinned, now: Any) -> None:
    """Keep the words with those of entries: an old answer can be looked up word for word."""
    table = library.versions
    key = {"entry": pinned.entry.id, "version": pinned.row.version}
    there = select(table.c.entry).where(*(table.c[name] == value for name, value in key.items()))
    if await tx.scalar(there) is None:
        values = key | {"content": pinned.row.content, "first_published_at": now}
        await tx.execute(insert(table).values(**values))
