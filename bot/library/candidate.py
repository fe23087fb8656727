"""A base that is not published yet: the one in force with some entries put in or taken out."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import upsert
from bot.errors import InvalidInput
from bot.library import find, tables
from bot.library.find import Base
from bot.runtime import Runtime
from knowledge.archive import dumps
from knowledge.entry import Entry, Status
from knowledge.forms import Document
from knowledge.index import Index
from knowledge.judge import load_judge


class BaseMoved(InvalidInput):
    """Somebody else published in the meantime; look at the candidate again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What publishing would make; `put` are whole entries, `drop` their ids."""

    before: str
    put: Mapping[str, Entry]
    drop: frozenset[str]
    index: Index
    #: Entries and versions as `Base` has them, the change included.
    entries: Mapping[str, Entry] = field(repr=False)
    versions: Mapping[str, str] = field(repr=False)

    @property
    def base(self) -> Base:
        """Return the candidate as a base that can be searched."""
        return Base(self.entries, self.versions, self.index, load_judge())


async def build(rt: Runtime, put: Sequence[Entry], drop: Collection[str] = ()) -> Candidate:
    """Return the base in force with these entries put in (as published) and others taken out."""
    async with rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(rt, connection))
    held = find.now(rt)
    served = {e.id: replace(e, status=Status.PUBLISHED) for e in put}
    gone = frozenset(i for i in drop if i in held.entries and i not in served)
    return await asyncio.to_thread(_build, held, served, gone)


def _build(held: Base, served: Mapping[str, Entry], gone: frozenset[str]) -> Candidate:
    from knowledge.fit import update as updated  # scikit-learn: only when an index is built

    changed = {i: e for i, e in served.items() if held.versions.get(i) != e.version}
    index = updated(held.index, [Document.of(e) for e in changed.values()], gone)
    light = {i: replace(e, similar=()) for i, e in changed.items()}
    return Candidate(
        before=held.index.version,
        put=changed,
        drop=gone,
        index=index,
        entries={i: e for i, e in held.entries.items() if i not in gone} | light,
        versions={i: v for i, v in held.versions.items() if i not in gone}
        | {i: e.version for i, e in changed.items()},
    )


async def publish(
    rt: Runtime, tx: AsyncConnection, candidate: Candidate, *, origin: str, now: datetime
) -> dict[str, tuple[str | None, str | None]]:
    """Make the candidate the base in force, all or nothing; returns old and new version by entry.

    Every replica takes it over with its next message.

    Raises:
        BaseMoved: the base in force is another one than the candidate was built from.
    """
    moved = await tx.execute(
        update(tables.base)
        .where(tables.base.c.version == candidate.before)
        .values(version=candidate.index.version, index=dumps(candidate.index), changed_at=now)
    )
    if moved.rowcount != 1:
        raise BaseMoved("publish.moved")
    old = await _versions(tx, [*candidate.put, *candidate.drop])
    rows = [_row(entry, origin, now) for entry in candidate.put.values()]
    if rows:
        save = upsert(
            tables.published,
            ("entry",),
            ("version", "content", "origin", "published_at"),
            is_sqlite=rt.db.is_sqlite,
        )
        await tx.execute(save, rows)
        await _keep_versions(tx, rows, now)
    if candidate.drop:
        await tx.execute(
            delete(tables.published).where(tables.published.c.entry.in_(candidate.drop))
        )
    new = {i: e.version for i, e in candidate.put.items()}
    return {i: (old.get(i), new.get(i)) for i in (*candidate.put, *sorted(candidate.drop))}


async def _versions(tx: AsyncConnection, ids: Sequence[str]) -> dict[str, str]:
    rows = await tx.execute(
        select(tables.published.c.entry, tables.published.c.version).where(
            tables.published.c.entry.in_(ids)
        )
    )
    return {r.entry: r.version for r in rows}


def _row(entry: Entry, origin: str, now: datetime) -> dict[str, Any]:
    return {
        "entry": entry.id,
        "version": entry.version,
        "content": entry.to_json(),
        "origin": origin,
        "published_at": now,
    }


async def _keep_versions(
    tx: AsyncConnection, rows: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    ids = [r["entry"] for r in rows]
    known = {
        (r.entry, r.version)
        for r in await tx.execute(
            select(tables.versions.c.entry, tables.versions.c.version).where(
                tables.versions.c.entry.in_(ids)
            )
        )
    }
    fresh = [
        {k: r[k] for k in ("entry", "version", "content")} | {"first_published_at": now}
        for r in rows
        if (r["entry"], r["version"]) not in known
    ]
    if fresh:
        await tx.execute(insert(tables.versions), fresh)
