"""From approved texts to parents: all at once or not at all, and back again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.curation import gating, golden, queries, rows
from bot.curation.actions import Change, keep
from bot.curation.gating import Wanted
from bot.curation.states import Origin, State
from bot.curation.tables import changes, entries, publications
from bot.errors import InvalidInput, NotFound
from bot.library import candidate as candidates
from bot.library import tables as library
from bot.library.candidate import BaseMoved, Candidate
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge import entry as reading
from knowledge.entry import Entry

#: A look at the gate is worth something for this long.
FRESH = timedelta(hours=2)
#: A working copy in one of these states is being worked on: what is published does not touch it.
_OPEN = (State.DRAFT, State.REVIEW, State.APPROVED)
_ACTIONS = {
    "publish": "publish.done",
    "rollback": "publish.rollback",
    "retire": "entry.retired",
}
_TRIES = 3


async def release(rt: Runtime, actor: Actor | None, number: int, *, note: str) -> int:
    """Publish what a run of the gate looked at; returns the publication.

    Raises:
        InvalidInput: the run is too old, the base or the questions changed since, or it is
            blocked and nobody let it pass.
    """
    async with gating.busy(rt):
        async with rt.db.read() as tx:
            run = await gating.gate_run(tx, number)
            wanted: Wanted = json.loads(run.entries)
            if actor is not None:
                await gating.require_all(tx, actor, wanted, "entries.publish")
            questions = await golden.load(rt, tx)
            texts = await gating.contents(tx, wanted)
        drop = [name for name, version in wanted.items() if version is None]
        made = await candidates.build(rt, list(texts.values()), drop)
        is_same = (run.before, run.candidate, run.questions) == (
            made.before, made.index.version, questions.version,
        )  # fmt: skip
        if not is_same or rt.clock.now() - run.at > FRESH:
            raise InvalidInput("publish.stale")
        if run.blocked and run.passed_at is None:
            raise InvalidInput("publish.blocked")
        return await _commit(rt, actor, made, texts, kind=run.kind, note=note, run=number)


async def _still(tx: AsyncConnection, texts: Mapping[str, Entry]) -> None:
    """Refuse when a text that was looked at has been changed or taken back since."""
    rows = await tx.execute(
        select(entries.c.state, entries.c.entry, entries.c.content)
        .where(entries.c.entry.in_(list(texts)))
        .with_for_update()
    )
    for row in rows:
        version = reading.from_json(row.content).version
        if row.state != State.APPROVED or version != texts[row.entry].version:
            raise InvalidInput("publish.stale")


async def _commit(
    rt: Runtime,
    actor: Actor | None,
    made: Candidate,
    texts: Mapping[str, Entry],
    *,
    kind: str,
    note: str,
    run: int | None,
) -> int:
    async with rt.db.write() as tx:
        if kind == "publish":
            await _still(tx, texts)
        changed = await candidates.publish(rt, tx, made, origin="console", now=rt.clock.now())
        number = await record(
            tx, changed, at=rt.clock.now(), kind=kind, note=note[:200], before=made.before,
            after=made.index.version, gate=run, by=actor.id if actor else None,
            by_name=actor.name if actor else "",
        )  # fmt: skip
        for name, entry in texts.items():
            await _settle(rt, tx, name, entry, actor, kind)
        for name in made.drop:
            await _take_back(tx, name, kind)
        await audit.note(
            rt, tx, actor, _ACTIONS[kind],
            f"publication:{number}", before=made.before, after=made.index.version, why=note,
            entries=sorted(changed),
        )  # fmt: skip
    return number


async def record(
    tx: AsyncConnection, changed: Mapping[str, tuple[str | None, str | None]], **row: Any
) -> int:
    """Keep what a publication changed, so that it can be gone back to; returns its number."""
    made = await tx.execute(insert(publications).values(**row))
    assert made.inserted_primary_key is not None
    number = int(made.inserted_primary_key[0])
    rows = [
        {"publication": number, "entry": name, "old": old, "new": new}
        for name, (old, new) in changed.items()
    ]
    if rows:
        await tx.execute(insert(changes), rows)
    return number


async def _settle(
    rt: Runtime, tx: AsyncConnection, name: str, entry: Entry, actor: Actor | None, kind: str
) -> None:
    """Let the working copy stand where parents are, unless somebody is working on it.

    A rollback becomes its newest revision.
    """
    query = select(entries.c.revision, entries.c.content, entries.c.state)
    row = (await tx.execute(query.where(entries.c.entry == name))).first()
    if row is not None and kind != "publish" and row.state in _OPEN:
        values: dict[str, Any] = {"published_version": entry.version}
        await tx.execute(update(entries).where(entries.c.entry == name).values(**values))
        return
    values = {
        "state": State.PUBLISHED, "published_version": entry.version, "publish_at": None,
        "blocked_at": None,
    }  # fmt: skip
    if row is None or reading.from_json(row.content).version != entry.version:
        number = (row.revision if row else 0) + 1
        values |= rows.columns(entry) | {"revision": number, "edited_at": rt.clock.now()}
        change = Change(Origin.ROLLBACK, kind)
        await keep(tx, entry, number, change, actor, rt.clock.now())
    if row is None:
        await tx.execute(insert(entries).values(entry=name, **values))
    else:
        await tx.execute(update(entries).where(entries.c.entry == name).values(**values))


async def _take_back(tx: AsyncConnection, name: str, kind: str) -> None:
    """Note that parents no longer get an entry; a draft of it stays one, nothing is scheduled."""
    kept = (State.DRAFT, State.REVIEW) if kind == "retire" else _OPEN
    row = entries.c.entry == name
    gone = {"published_version": None, "publish_at": None}
    await tx.execute(update(entries).where(row).values(**gone))
    at_rest = row & entries.c.state.not_in(kept)
    await tx.execute(update(entries).where(at_rest).values(state=State.RETIRED))


async def retire(rt: Runtime, actor: Actor, name: str, why: str) -> int:
    """Take an answer away at once: no gate stands before taking back what may do harm.

    Raises:
        InvalidInput: no reason is given, or parents do not get it anyway.
    """
    if not why.strip():
        raise InvalidInput("retire.reason")
    async with rt.db.read() as tx:
        working = await queries.row(tx, actor, name, "entries.publish")
    if working.published_version is None:
        raise InvalidInput("entry.state")
    async with gating.busy(rt):
        for left in reversed(range(_TRIES)):
            made = await candidates.build(rt, [], [name])
            try:
                return await _commit(rt, actor, made, {}, kind="retire", note=why.strip(), run=None)
            except BaseMoved:  # another replica was faster: what may do harm still goes
                if not left:
                    raise
    raise AssertionError


async def back_to(tx: AsyncConnection, publication: int) -> dict[str, str | None]:
    """Return what must change to give parents again what they had right after a publication.

    Raises:
        NotFound: there is no such publication.
    """
    if await tx.scalar(select(publications.c.id).where(publications.c.id == publication)) is None:
        raise NotFound
    rows = await tx.execute(
        select(changes.c.entry, changes.c.old)
        .where(changes.c.publication > publication)
        .order_by(changes.c.publication.desc())
    )
    wanted: dict[str, str | None] = {}
    for row in rows:  # the earliest change after it is seen last: its old version stands
        wanted[row.entry] = row.old
    now = {
        r.entry: r.version
        for r in await tx.execute(
            select(library.published.c.entry, library.published.c.version).where(
                library.published.c.entry.in_(list(wanted))
            )
        )
    }
    return {name: version for name, version in wanted.items() if now.get(name) != version}


async def publish_due(rt: Runtime) -> int:
    """Publish what is due, each by itself; what the gate stops is marked and waits for a person."""
    async with rt.db.read() as tx:
        due = (
            await tx.execute(
                select(entries.c.entry, entries.c.content).where(
                    entries.c.state == State.APPROVED,
                    entries.c.publish_at <= rt.clock.now(),
                    entries.c.blocked_at.is_(None),
                )
            )
        ).all()
    count = 0
    for row in due:
        number = await gating.try_out(rt, None, {row.entry: reading.from_json(row.content).version})
        try:
            await release(rt, None, number, note="")
        except InvalidInput as stopped:
            if str(stopped) != "publish.blocked":  # somebody was faster: the next round looks anew
                continue
            async with rt.db.write() as tx:
                await tx.execute(
                    update(entries)
                    .where(entries.c.entry == row.entry)
                    .values(blocked_at=rt.clock.now())
                )
                await audit.note(
                    rt, tx, None, "publish.blocked", f"entry:{row.entry}", why=str(stopped)
                )
        else:
            count += 1
    return count
