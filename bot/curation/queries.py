"""What the curation pages read; every list is cut to what the person may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.states import State
from bot.curation.tables import entries, reviews, revisions
from bot.errors import NotFound
from bot.library import tables as library
from bot.people.actor import Actor
from knowledge import entry as reading
from knowledge.entry import Entry
from knowledge.text import normalise


@dataclass(frozen=True, slots=True)
class Working:
    """A working copy with where it stands."""

    entry: Entry
    state: str
    revision: int
    published_version: str | None
    publish_at: datetime | None
    blocked_at: datetime | None
    edited_at: datetime
    edited_by: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of entries is filtered by; empty means everything."""

    words: str = ""
    topic: str = ""
    state: str = ""
    risk: int | None = None
    due_before: Any = None


def seen(actor: Actor, permission: str = "entries.read") -> ColumnElement[bool]:
    """Return the condition for entries a person may change, or read.

    For reading also those that speak for a place of theirs from above.
    """
    condition = actor.reads if permission == "entries.read" else actor.sees
    return condition(permission, entries.c.area, entries.c.topic)


async def row(
    tx: AsyncConnection, actor: Actor, entry: str, permission: str = "entries.read"
) -> Working:
    """Return a working copy.

    Raises:
        NotFound: there is none, or it is not for this person.
    """
    found = (
        await tx.execute(
            select(
                entries.c.content, entries.c.state, entries.c.revision,
                entries.c.published_version, entries.c.publish_at, entries.c.blocked_at,
                entries.c.edited_at, entries.c.edited_by,
            ).where(entries.c.entry == entry, seen(actor, permission))
        )
    ).first()  # fmt: skip
    if found is None:
        raise NotFound
    return Working(reading.from_json(found.content), *found[1:])


async def exists(tx: AsyncConnection, entry: str) -> bool:
    """Say whether an id is taken (whoever may see it)."""
    return bool(
        await tx.scalar(select(func.count()).select_from(entries).where(entries.c.entry == entry))
    )


def _filtered(actor: Actor, wanted: Wanted) -> Select[Any]:
    query = select(entries).where(seen(actor))
    for part in normalise(wanted.words).split():
        query = query.where(entries.c.words.contains(part, autoescape=True))
    if wanted.topic:
        query = query.where(
            (entries.c.topic == wanted.topic)
            | entries.c.topic.startswith(f"{wanted.topic}.", autoescape=True)
        )
    if wanted.state:
        query = query.where(entries.c.state == wanted.state)
    if wanted.risk is not None:
        query = query.where(entries.c.risk == wanted.risk)
    if wanted.due_before is not None:
        query = query.where(
            or_(entries.c.review_due < wanted.due_before, entries.c.valid_until < wanted.due_before)
        )
    return query


async def count(tx: AsyncConnection, actor: Actor, wanted: Wanted) -> int:
    """Return how many entries fit."""
    inner = _filtered(actor, wanted).with_only_columns(entries.c.entry).subquery()
    return await tx.scalar(select(func.count()).select_from(inner)) or 0


#: What a list shows: never the contents.
_SHOWN = (
    entries.c.entry, entries.c.topic, entries.c.area, entries.c.risk, entries.c.state,
    entries.c.question, entries.c.summary, entries.c.published_version, entries.c.publish_at,
    entries.c.blocked_at, entries.c.review_due, entries.c.valid_until, entries.c.edited_at,
)  # fmt: skip
_NEWEST = (entries.c.edited_at.desc(), entries.c.entry)


async def listed(
    tx: AsyncConnection, actor: Actor, wanted: Wanted, *, offset: int, limit: int
) -> list[Any]:
    """Return a page of entries without their contents, last edited first."""
    query = _filtered(actor, wanted).with_only_columns(*_SHOWN).order_by(*_NEWEST)
    return list((await tx.execute(query.limit(limit).offset(offset))).all())


async def found(tx: AsyncConnection, actor: Actor, wanted: Wanted) -> list[str]:
    """Return every id that fits, last edited first: words are looked for once, not twice."""
    query = _filtered(actor, wanted).with_only_columns(entries.c.entry).order_by(*_NEWEST)
    return list(await tx.scalars(query))


async def named(tx: AsyncConnection, actor: Actor, ids: Collection[str]) -> list[Any]:
    """Return these entries as `listed` would."""
    query = select(*_SHOWN).where(entries.c.entry.in_(ids), seen(actor)).order_by(*_NEWEST)
    return list((await tx.execute(query)).all())


async def contents(tx: AsyncConnection, actor: Actor, wanted: Wanted) -> list[Entry]:
    """Return the whole working copies that fit, by id."""
    query = _filtered(actor, wanted).with_only_columns(entries.c.content)
    rows = await tx.execute(query.order_by(entries.c.entry))
    return [reading.from_json(row.content) for row in rows]


async def counts_by_state(tx: AsyncConnection, actor: Actor) -> dict[str, int]:
    """Return how many entries stand where."""
    rows = await tx.execute(
        select(entries.c.state, func.count()).where(seen(actor)).group_by(entries.c.state)
    )
    found = {r.state: r[1] for r in rows}
    return {state: found.get(state, 0) for state in State}


async def history(tx: AsyncConnection, entry: str) -> list[Any]:
    """Return the revisions of an entry without their contents, newest first."""
    rows = await tx.execute(
        select(
            revisions.c.number, revisions.c.version, revisions.c.kind, revisions.c.note,
            revisions.c.by_name, revisions.c.at,
        ).where(revisions.c.entry == entry).order_by(revisions.c.number.desc())
    )  # fmt: skip
    return list(rows.all())


async def talk(tx: AsyncConnection, entry: str) -> list[Any]:
    """Return what was said in reviews, newest first."""
    rows = await tx.execute(
        select(reviews).where(reviews.c.entry == entry).order_by(reviews.c.id.desc()).limit(50)
    )
    return list(rows.all())


async def revision(tx: AsyncConnection, entry: str, number: int) -> Entry:
    """Return an entry as one revision had it.

    Raises:
        NotFound: there is no such revision.
    """
    content = await tx.scalar(
        select(revisions.c.content).where(revisions.c.entry == entry, revisions.c.number == number)
    )
    if content is None:
        raise NotFound
    return reading.from_json(content)


async def authors(tx: AsyncConnection, working: Working) -> set[int]:
    """Return who wrote on the entry since parents last got a new version of it."""
    since = select(func.max(revisions.c.number)).where(
        revisions.c.entry == working.entry.id,
        revisions.c.version == (working.published_version or ""),
    )
    rows = await tx.execute(
        select(revisions.c.by).where(
            revisions.c.entry == working.entry.id,
            revisions.c.number > func.coalesce(since.scalar_subquery(), 0),
            revisions.c.kind != "review",
            revisions.c.by.is_not(None),
        )
    )
    return {r.by for r in rows}


async def was_published(tx: AsyncConnection, entry: Entry) -> bool:
    """Say whether parents have had exactly this text before."""
    public = replace(entry, status=reading.Status.PUBLISHED)
    return bool(
        await tx.scalar(
            select(func.count())
            .select_from(library.versions)
            .where(
                library.versions.c.entry == entry.id, library.versions.c.version == public.version
            )
        )
    )


async def published(
    tx: AsyncConnection, *, except_versions: Collection[tuple[str, str | None]] = ()
) -> list[Entry]:
    """Return what parents get now, except entries in versions that are known."""
    table = library.published
    rows = await tx.execute(select(table.c.entry, table.c.version))
    wanted = [r.entry for r in rows if (r.entry, r.version) not in except_versions]
    found = await tx.execute(select(table.c.content).where(table.c.entry.in_(wanted)))
    return [reading.from_json(r.content) for r in found]
