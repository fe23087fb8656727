"""What was published from entry files becomes working copies, and one publication to go back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation import actions, golden, publishing, queries, rows
from bot.curation.actions import Change
from bot.curation.states import Origin, State
from bot.curation.tables import entries
from bot.library import publish
from bot.library import tables as library
from bot.runtime import Runtime
from knowledge.entry import Entry

#: Working copies nobody is changing: they follow what is published.
_AT_REST = (State.PUBLISHED, State.RETIRED)


async def publish_files(rt: Runtime, served: Sequence[Entry]) -> str:
    """Publish entry files as one publication that can be gone back to; returns the base's version.

    Everything published before is replaced. Working copies follow, those being changed are left.
    """
    made = await publish.build(rt, served)
    async with rt.db.write() as tx:
        before = await tx.scalar(select(library.base.c.version)) or ""
        changed = await publish.put(rt, tx, made, origin="file")
        if changed or before != made.index.version:
            await publishing.record(
                tx, changed, at=rt.clock.now(), kind="file", note="", before=before,
                after=made.index.version, by_name="",
            )  # fmt: skip
        await settle(rt, tx)
    return made.index.version


async def settle(rt: Runtime, tx: AsyncConnection) -> None:
    """Bring working copies and questions up to what the files say now; safe to repeat."""
    await adopt(rt, tx)
    rows = await tx.execute(select(entries.c.entry, entries.c.topic))
    await golden.seed(rt, tx, {row.entry: row.topic for row in rows})


async def retired(tx: AsyncConnection) -> frozenset[str]:
    """Return the entries that were taken back in the console."""
    rows = await tx.execute(select(entries.c.entry).where(entries.c.state == State.RETIRED))
    return frozenset(row.entry for row in rows)


async def adopt(rt: Runtime, tx: AsyncConnection) -> int:
    """Take over what was published from files; returns how many working copies changed.

    What has no working copy gets one, what nobody is changing follows, what is gone is retired.
    A working copy that is being changed keeps its text, and learns what parents have.
    """
    rows = await tx.execute(
        select(
            entries.c.entry, entries.c.state, entries.c.revision, entries.c.published_version
        )
    )  # fmt: skip
    known = {row.entry: row for row in rows}
    same = {(row.entry, row.published_version) for row in known.values()}
    fresh = await queries.published(tx, except_versions=same)
    for entry in fresh:
        await _follow(rt, tx, entry, known.get(entry.id))
    return len(fresh) + await _take_back(tx, known)


async def _follow(rt: Runtime, tx: AsyncConnection, entry: Entry, have: Any) -> None:
    row = entries.c.entry == entry.id
    if have is not None and have.state not in _AT_REST:
        await tx.execute(update(entries).where(row).values(published_version=entry.version))
        return
    number = have.revision + 1 if have else 1
    values = rows.columns(entry) | {
        "state": State.PUBLISHED, "revision": number, "published_version": entry.version,
        "edited_at": rt.clock.now(), "edited_by": None,
    }  # fmt: skip
    if have is None:
        await tx.execute(insert(entries).values(entry=entry.id, **values))
    else:
        await tx.execute(update(entries).where(row).values(**values))
    await actions.keep(tx, entry, number, Change(Origin.FILE), None, rt.clock.now())


async def _take_back(tx: AsyncConnection, known: Mapping[str, Any]) -> int:
    public = {row.entry for row in await tx.execute(select(library.published.c.entry))}
    gone = [r for r in known.values() if r.published_version and r.entry not in public]
    for row in gone:
        state = State.RETIRED if row.state in _AT_REST else row.state
        await tx.execute(
            update(entries)
            .where(entries.c.entry == row.entry)
            .values(state=state, published_version=None)
        )
    return len(gone)
