"""Files of entries: looked at without a change, shown to who sent them, taken in as drafts."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.curation import bulk, queries
from bot.curation.actions import Change
from bot.curation.exchange import columns, faults, plan, problems, reading
from bot.curation.exchange.plan import Outcome, Plan, Step
from bot.curation.exchange.rows import Fault, Read, Row
from bot.curation.states import Origin
from bot.curation.tables import entries, imports
from bot.errors import NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.spreadsheet.limits import Limits
from knowledge import entry as entry_reading
from knowledge.entry import Entry

KEPT = timedelta(days=7)
#: Drafts one click makes at most: they are written in one transaction, and parents wait for it.
TAKEN_MAX = 5000
_LIMITS = Limits(rows=20_000)
_NAME_MAX = 120


@dataclass(frozen=True, slots=True)
class Held:
    """The working copies a file is compared with; `own` are those the person may change."""

    entries: Mapping[str, Entry]
    revisions: Mapping[str, int]
    own: frozenset[str]
    #: Ids that are taken by entries this person may not even read.
    others: frozenset[str]


async def look(rt: Runtime, actor: Actor, name: str, data: bytes) -> int:
    """Read a file and keep what taking it in would do; nothing is changed. Returns the run.

    Raises:
        InvalidInput: the file as a whole cannot be taken; the message is a sentence.
    """
    async with rt.db.read() as tx:
        held = await _held(tx, actor)
    found, made = await asyncio.to_thread(_planned, actor, name, data, held)
    faulty = await asyncio.to_thread(_faulty, found, made)
    async with rt.db.write() as tx:
        row = await tx.execute(
            insert(imports).values(
                at=rt.clock.now(), by=actor.id, name=name[-_NAME_MAX:], faulty=faulty,
                kind=PurePosixPath(name).suffix.lower().lstrip(".")[:8],
                plan=json.dumps(_told(made), ensure_ascii=False),
                entries=json.dumps(_wanted(made, held), ensure_ascii=False),
            )
        )  # fmt: skip
        assert row.inserted_primary_key is not None
        return int(row.inserted_primary_key[0])


async def _held(tx: AsyncConnection, actor: Actor) -> Held:
    seen = queries.seen(actor).label("seen")
    own = queries.seen(actor, "entries.edit").label("own")
    rows = (
        await tx.execute(
            select(entries.c.entry, entries.c.revision, entries.c.content, own).where(seen)
        )
    ).all()
    known = {r.entry for r in rows}
    every = await tx.execute(select(entries.c.entry))
    return Held(
        entries={r.entry: entry_reading.from_json(r.content) for r in rows},
        revisions={r.entry: r.revision for r in rows},
        own=frozenset(r.entry for r in rows if r.own),
        others=frozenset(r.entry for r in every if r.entry not in known),
    )


def _planned(actor: Actor, name: str, data: bytes, held: Held) -> tuple[Read, Plan]:
    found = reading.read(name, data, _LIMITS)
    found = replace(found, rows=tuple(_fenced(row, found, actor, held) for row in found.rows))
    made = plan.plan(found, held.entries)
    counts = made.counts()
    if counts[Outcome.NEW] + counts[Outcome.CHANGED] > TAKEN_MAX:
        raise problems.refuse("too_many_changes", most=TAKEN_MAX)
    return found, made


def _fenced(row: Row, read: Read, actor: Actor, held: Held) -> Row:
    """Return the row, broken if it reaches beyond the places and topics of the person."""
    if row.entry is None:
        return row
    before = held.entries.get(row.id)
    area = before.area if before and "area" not in read.fields else row.entry.area
    if row.id in held.others or (before and row.id not in held.own):
        field, key = "id", "not_yours"
    elif not actor.may("entries.edit", area):
        field, key = "area", "area_outside"
    elif not actor.may("entries.edit", area, row.entry.topic):
        field, key = "topic", "topic_outside"
    else:
        return row
    value = {"id": row.id, "area": area or "/", "topic": row.entry.topic}[field]
    fault = Fault(row.number, columns.header(field), problems.say(key, value=value))
    return replace(row, entry=None, faults=(fault,), cells=columns.row(row.entry))


def _faulty(found: Read, made: Plan) -> str:
    """Return the file of faults in base 64; empty when there is none."""
    if not made.counts()[Outcome.BROKEN]:
        return ""
    return base64.b64encode(faults.error_file(found, made, "xlsx")).decode()


def _told(made: Plan) -> dict[str, Any]:
    """Return what the page shows: counts, changes and faults by row."""
    return {
        "counts": {str(outcome): count for outcome, count in made.counts().items()},
        "changes": [
            {"row": s.row, "outcome": s.outcome, "fields": s.fields, "entry": s.entry.id,
             "question": s.entry.question}
            for s in _taking(made)
            if s.entry
        ],
        "faults": [
            {"row": f.row, "column": f.column, "problem": f.problem}
            for s in made.steps
            for f in s.faults
        ],
    }  # fmt: skip


def _taking(made: Plan) -> list[Step]:
    return [s for s in made.steps if s.outcome in (Outcome.NEW, Outcome.CHANGED)]


def _wanted(made: Plan, held: Held) -> list[dict[str, Any]]:
    return [
        {"row": s.row, "on": held.revisions.get(s.entry.id), "entry": s.entry.to_json()}
        for s in _taking(made)
        if s.entry
    ]


async def run(tx: AsyncConnection, actor: Actor, number: int) -> Any:
    """Return a run of one's own.

    Raises:
        NotFound: there is none, or somebody else sent that file.
    """
    mine = (imports.c.id == number) & (imports.c.by == actor.id)
    row = (await tx.execute(select(imports).where(mine))).first()
    if row is None:
        raise NotFound
    return row


async def recent(tx: AsyncConnection, actor: Actor) -> Sequence[Any]:
    """Return one's own runs, the newest first."""
    shown = (imports.c.id, imports.c.at, imports.c.name, imports.c.plan, imports.c.taken_at)
    query = select(*shown).where(imports.c.by == actor.id).order_by(imports.c.id.desc()).limit(20)
    return (await tx.execute(query)).all()


@dataclass(frozen=True, slots=True)
class Ready:
    """A run whose entries are computed and may be written."""

    run: Any
    rows: Sequence[Mapping[str, Any]]
    drafts: Sequence[bulk.Wanted]


async def prepare(rt: Runtime, actor: Actor, number: int) -> Ready:
    """Compute, in a thread, what taking in a run writes.

    Raises:
        NotFound: there is no such run, or somebody else sent that file.
    """
    async with rt.db.read() as tx:
        found = await run(tx, actor, number)
    rows = json.loads(found.entries)
    return Ready(found, rows, await asyncio.to_thread(_drafts, rows))


def _drafts(rows: Sequence[Mapping[str, Any]]) -> list[bulk.Wanted]:
    return [bulk.prepare(entry_reading.from_json(row["entry"]), row["on"]) for row in rows]


async def take(rt: Runtime, tx: AsyncConnection, actor: Actor, ready: Ready) -> int:
    """Keep the new and changed entries of a run as drafts; a second time does nothing.

    An entry that was edited since the look is left as it is: its row stays with the run as a
    conflict. Returns how many drafts were made.
    """
    mine = imports.c.id == ready.run.id
    claimed = await tx.execute(
        update(imports)
        .where(mine, imports.c.taken_at.is_(None))
        .values(taken_at=rt.clock.now())
    )  # fmt: skip
    if claimed.rowcount != 1:
        return 0
    change = Change(Origin.IMPORT, ready.run.name)
    why = await bulk.draft(rt, tx, actor, ready.drafts, change)
    pairs = zip(ready.rows, ready.drafts, strict=True)
    left = [(row, d.entry.id) for row, d in pairs if d.entry.id in why]
    told = json.loads(ready.run.plan) | {
        "taken": len(ready.rows) - len(left),
        "conflicts": [{"row": r["row"], "why": why[name], "entry": name} for r, name in left],
    }
    kept = {
        "plan": json.dumps(told, ensure_ascii=False),
        "entries": json.dumps([r for r, _ in left]),
    }
    await tx.execute(update(imports).where(mine).values(**kept))
    target = f"import:{ready.run.id}"
    await audit.note(rt, tx, actor, "import.taken", target, taken=told["taken"], left=len(left))
    return len(ready.rows) - len(left)


async def forget(rt: Runtime) -> int:
    """Delete runs after a week; returns how many."""
    async with rt.db.write() as tx:
        old = imports.c.at <= rt.clock.now() - KEPT
        return int((await tx.execute(delete(imports).where(old))).rowcount)
