"""Everything that changes a working copy: write, send to review, judge, schedule, take back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.console import audit
from bot.curation import ownership, queries
from bot.curation.states import TWO_PERSONS, Origin, State
from bot.curation.tables import entries, reviews, revisions
from bot.errors import InvalidInput, NotAllowed
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge import check
from knowledge.entry import Entry, Status
from knowledge.text import normalise

#: An entry that is approved must be looked at again after this time at the latest.
_LOOK_AGAIN = timedelta(days=365)


#: One step of an entry: who does it, to which entry, with what.
Step = Callable[[Runtime, AsyncConnection, Actor, str, Any], Awaitable[object]]


class Conflict(InvalidInput):
    """Somebody else saved in the meantime; both texts are shown, nothing is lost."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a save is: where it comes from, why, and which revision it was made on."""

    origin: Origin = Origin.EDIT
    note: str = ""
    on: int | None = None


async def create(
    rt: Runtime, tx: AsyncConnection, actor: Actor, entry: Entry, change: Change
) -> None:
    """Add a working copy as a draft.

    Raises:
        InvalidInput: the id is taken.
        NotAllowed: outside the actor's places or topics.
    """
    actor.require("entries.edit", entry.area, entry.topic)
    if await queries.exists(tx, entry.id):
        raise InvalidInput("entry.id_taken")
    drafted = replace(entry, status=Status.DRAFT)
    now = rt.clock.now()
    await tx.execute(
        insert(entries).values(
            entry=entry.id, revision=1, state=State.DRAFT, edited_by=actor.id, edited_at=now,
            **columns(drafted),
        )
    )  # fmt: skip
    await keep(tx, drafted, 1, change, actor, now)
    await audit.note(
        rt, tx, actor, "entry.created", f"entry:{entry.id}", area=entry.area, why=change.note
    )


async def save(rt: Runtime, tx: AsyncConnection, actor: Actor, entry: Entry, change: Change) -> int:
    """Keep a new revision as a draft; parents go on getting what is published.

    Returns the revision's number; an unchanged text keeps its number.

    Raises:
        Conflict: the entry was saved since `change.on`.
        NotAllowed: outside the actor's places or topics, before or after the change.
    """
    row = await queries.row(tx, actor, entry.id, "entries.edit")
    actor.require("entries.edit", entry.area, entry.topic)
    if change.on is not None and change.on != row.revision:
        raise Conflict("entry.conflict")
    drafted = replace(entry, status=Status.DRAFT)
    if drafted == replace(row.entry, status=Status.DRAFT):
        return row.revision
    number = row.revision + 1
    now = rt.clock.now()
    await _move(
        tx,
        row,
        State.DRAFT,
        revision=number,
        edited_by=actor.id,
        edited_at=now,
        publish_at=None,
        blocked_at=None,
        **columns(drafted),
    )
    await keep(tx, drafted, number, change, actor, now)
    await audit.note(
        rt, tx, actor, f"entry.{change.origin}", f"entry:{entry.id}", area=entry.area,
        before=row.entry.version, after=drafted.version, why=change.note,
    )  # fmt: skip
    return number


async def submit(rt: Runtime, tx: AsyncConnection, actor: Actor, entry: str, comment: str) -> None:
    """Send a draft to review; what the lint finds must be mended first.

    Raises:
        InvalidInput: the lint finds something, or the entry is not a draft.
        Owned: a wording is another entry's, word for word.
    """
    row = await queries.row(tx, actor, entry, "entries.edit")
    _expect(row.state, State.DRAFT)
    found = [sentence for _, sentence in check.problems(row.entry)]
    if found:
        raise InvalidInput("entry.problems")
    await ownership.check(rt, tx, row.entry)
    await _move(tx, row, State.REVIEW)
    await _say(rt, tx, actor, row, "submit", comment)


async def approve(
    rt: Runtime,
    tx: AsyncConnection,
    actor: Actor,
    entry: str,
    comment: str,
    *,
    on: int | None = None,
) -> None:
    """Approve what is in review: it may be published from now on.

    `on` is the revision that was read; another one must be read first.

    Raises:
        InvalidInput: it is not in review, or was changed since it was read.
        NotAllowed: risk asks for another person than those who wrote it.
        Owned: a wording is another entry's, word for word.
    """
    row = await queries.row(tx, actor, entry, "entries.review")
    _expect(row.state, State.REVIEW)
    if on is not None and on != row.revision:
        raise InvalidInput("entry.changed_since")
    if row.entry.risk >= TWO_PERSONS and actor.id in await queries.authors(tx, row):
        raise NotAllowed("entry.second_person")
    await ownership.check(rt, tx, row.entry)
    now = rt.clock.now()
    today = day(now)
    reviewed = replace(
        row.entry,
        status=Status.PUBLISHED,
        reviewed_on=today,
        review_due=row.entry.review_due if row.entry.review_due > today else today + _LOOK_AGAIN,
    )
    number = row.revision + 1
    await _move(tx, row, State.APPROVED, revision=number, edited_at=now, **columns(reviewed))
    await keep(tx, reviewed, number, Change(Origin.REVIEW, comment), actor, now)
    await _say(rt, tx, actor, row, "approve", comment)


async def send_back(
    rt: Runtime, tx: AsyncConnection, actor: Actor, entry: str, comment: str
) -> None:
    """Send a text back to its author with what should change.

    Raises:
        InvalidInput: nothing is said about what should change.
    """
    row = await queries.row(tx, actor, entry, "entries.review")
    _expect(row.state, State.REVIEW, State.APPROVED)
    if not comment.strip():
        raise InvalidInput("review.comment_missing")
    await _move(tx, row, State.DRAFT, publish_at=None)
    await _say(rt, tx, actor, row, "return", comment)


async def schedule(
    rt: Runtime, tx: AsyncConnection, actor: Actor, entry: str, at: datetime | None
) -> None:
    """Let an approved entry be published by itself at an instant; None takes it back.

    Raises:
        InvalidInput: the instant is past, or the entry is not approved.
    """
    row = await queries.row(tx, actor, entry, "entries.publish")
    _expect(row.state, State.APPROVED)
    if at is not None and at <= rt.clock.now():
        raise InvalidInput("publish.past")
    await _move(tx, row, State.APPROVED, publish_at=at, blocked_at=None)
    await audit.note(rt, tx, actor, "entry.scheduled", f"entry:{entry}", area=row.entry.area, at=at)


async def restore(rt: Runtime, tx: AsyncConnection, actor: Actor, entry: str, number: int) -> State:
    """Make an earlier revision the working copy again.

    Returns where it stands: a text that parents have had before needs no second review, unless
    one of its wordings has become another entry's.
    """
    old = await queries.revision(tx, entry, number)
    await save(rt, tx, actor, old, Change(Origin.ROLLBACK, str(number)))
    row = await queries.row(tx, actor, entry, "entries.edit")
    if row.state != State.DRAFT or not await queries.was_published(tx, old):
        return State(row.state)
    if await ownership.owner(rt, tx, old):
        return State.DRAFT
    public = replace(old, status=Status.PUBLISHED)
    await _move(tx, row, State.APPROVED, **columns(public))
    await tx.execute(
        update(revisions)
        .where(revisions.c.entry == entry, revisions.c.number == row.revision)
        .values(content=public.to_json(), version=public.version)
    )
    return State.APPROVED


def _expect(state: str, *allowed: State) -> None:
    if state not in allowed:
        raise InvalidInput("entry.state")


def columns(entry: Entry) -> dict[str, Any]:
    """Return what the row of a working copy repeats of its content."""
    return {
        "topic": entry.topic,
        "area": entry.area,
        "risk": entry.risk,
        "content": entry.to_json(),
        "question": entry.question,
        "summary": entry.summary,
        "words": searched(entry),
        "review_due": entry.review_due,
        "valid_until": entry.valid_until,
    }


def searched(entry: Entry) -> str:
    """Return what the list searches: id, summary and every wording, normalised."""
    return "\n".join([entry.id, normalise(entry.summary), *map(normalise, entry.askings())])


async def _move(tx: AsyncConnection, row: queries.Working, state: State, **values: Any) -> None:
    """Change a working copy that is still as it was read."""
    moved = await tx.execute(
        update(entries)
        .where(
            entries.c.entry == row.entry.id,
            entries.c.revision == row.revision,
            entries.c.state == row.state,
        )
        .values(state=state, **values)
    )
    if moved.rowcount != 1:
        raise Conflict("entry.conflict")


async def keep(
    tx: AsyncConnection,
    entry: Entry,
    number: int,
    change: Change,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Keep a revision of an entry."""
    await tx.execute(
        insert(revisions).values(
            entry=entry.id, number=number, version=entry.version, content=entry.to_json(),
            kind=change.origin, note=change.note[:200], by=actor.id if actor else None,
            by_name=actor.name if actor else "", at=now,
        )
    )  # fmt: skip


async def _say(
    rt: Runtime, tx: AsyncConnection, actor: Actor, row: queries.Working, verdict: str, comment: str
) -> None:
    await tx.execute(
        insert(reviews).values(
            entry=row.entry.id, revision=row.revision, verdict=verdict, comment=comment.strip(),
            by=actor.id, by_name=actor.name, at=rt.clock.now(),
        )
    )  # fmt: skip
    await audit.note(
        rt, tx, actor, f"entry.{verdict}", f"entry:{row.entry.id}", area=row.entry.area
    )
