"""Publish a set of entries: rows, versions and the fitted index in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library import tables
from bot.runtime import Runtime
from knowledge.archive import dumps, loads
from knowledge.entry import Entry, Status
from knowledge.errors import IndexBroken
from knowledge.fit import fit, update
from knowledge.forms import Document
from knowledge.index import Index, version_of


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing a set would do, by entry id; `foreign` were changed in the console."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    foreign: tuple[str, ...]
    same: int
    #: The entries are the same, but this program builds their index in another way.
    outdated: bool

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.outdated)


async def compare(rt: Runtime, entries: Sequence[Entry]) -> Change:
    """Return what `publish` would change, without changing it."""
    served = [e for e in entries if e.status is Status.PUBLISHED]
    wanted = {e.id: e.version for e in served}
    async with rt.db.read() as tx:
        version = await tx.scalar(select(tables.base.c.version))
        rows = (
            await tx.execute(
                select(
                    tables.published.c.entry, tables.published.c.version, tables.published.c.origin
                )
            )
        ).all()
    have = {r.entry: r.version for r in rows}
    changed = sorted(i for i in wanted.keys() & have.keys() if wanted[i] != have[i])
    removed = sorted(have.keys() - wanted.keys())
    touched = {*changed, *removed}
    return Change(
        added=tuple(sorted(wanted.keys() - have.keys())),
        changed=tuple(changed),
        removed=tuple(removed),
        foreign=tuple(sorted(r.entry for r in rows if r.origin != "file" and r.entry in touched)),
        same=sum(wanted.get(i) == v for i, v in have.items()),
        outdated=wanted == have and version != version_of(served),
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A set of entries with their fitted index, ready to be published."""

    served: Sequence[Entry]
    index: Index


async def publish(rt: Runtime, entries: Sequence[Entry], *, origin: str) -> str:
    """Make these entries the published base; returns its version. Safe to repeat."""
    made = await build(rt, entries)
    async with rt.db.write() as tx:
        await put(rt, tx, made, origin=origin)
    return made.index.version


async def build(rt: Runtime, entries: Sequence[Entry]) -> Made:
    """Return the published ones of these entries with the index they would have."""
    served = [e for e in entries if e.status is Status.PUBLISHED]
    async with rt.db.read() as tx:
        return Made(served, _index(await tx.scalar(select(tables.base.c.index)), served))


async def put(
    rt: Runtime, tx: AsyncConnection, made: Made, *, origin: str
) -> dict[str, tuple[str | None, str | None]]:
    """Replace the published base; returns old and new version of every entry that changed."""
    now = rt.clock.now()
    rows = [
        {"entry": e.id, "version": e.version, "content": e.to_json(), "origin": origin}
        for e in made.served
    ]
    old = {
        r.entry: r.version
        for r in await tx.execute(select(tables.published.c.entry, tables.published.c.version))
    }
    await _keep_versions(tx, rows, now)
    await tx.execute(delete(tables.published))
    await tx.execute(insert(tables.published), [r | {"published_at": now} for r in rows])
    await tx.execute(delete(tables.base))
    await tx.execute(
        insert(tables.base).values(
            id=1, version=made.index.version, index=dumps(made.index), changed_at=now
        )
    )
    new = {r["entry"]: r["version"] for r in rows}
    touched = sorted(i for i in old.keys() | new.keys() if old.get(i) != new.get(i))
    return {i: (old.get(i), new.get(i)) for i in touched}


async def _keep_versions(
    tx: AsyncConnection, rows: Sequence[dict[str, str]], now: datetime
) -> None:
    known = {
        (r.entry, r.version)
        for r in await tx.execute(select(tables.versions.c.entry, tables.versions.c.version))
    }
    fresh = [
        {k: r[k] for k in ("entry", "version", "content")} | {"first_published_at": now}
        for r in rows
        if (r["entry"], r["version"]) not in known
    ]
    if fresh:
        await tx.execute(insert(tables.versions), fresh)


def _index(old: bytes | None, served: Sequence[Entry]) -> Index:
    """Return the index of these entries: the published one with its changes, or a new one."""
    try:
        index = loads(old or b"")
    except IndexBroken:
        return fit(served)
    have = {name: version for name, _, _, version in index.forms.names}
    changed = [Document.of(e) for e in served if have.get(e.id) != e.version]
    return update(index, changed, have.keys() - {e.id for e in served})
