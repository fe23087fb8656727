"""Rosters: looked at without a change, shown to who sent them, taken in at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audiences import roster_reading
from bot.audiences.roster_plan import Plan, Tree, plan
from bot.audiences.roster_reading import Line, words
from bot.audiences.tables import runs
from bot.clock import day
from bot.console import audit
from bot.errors import NotFound
from bot.org import grades
from bot.org.tables import units
from bot.org.tree import Unit
from bot.people.actor import Actor
from bot.runtime import Runtime

KEPT = timedelta(days=7)
_NAME_MAX = 120
_RECENT = 20
_KINDS = ("school", "grade", "class")
_COLUMNS = [units.c[name] for name in Unit.__dataclass_fields__]


async def look(rt: Runtime, actor: Actor, name: str, data: bytes) -> int:
    """Read a file and keep what taking it in would do; nothing is changed. Returns the run.

    Raises:
        InvalidInput: the file as a whole cannot be taken; the message is a sentence.
    """
    lines = await asyncio.to_thread(roster_reading.read, name, data, day(rt.clock.now()))
    async with rt.db.read() as tx:
        known = await _tree(tx)
    planned = await asyncio.to_thread(plan, lines, known, actor)
    sound = [asdict(line) for line in lines if not line.faults]
    async with rt.db.write() as tx:
        made = await tx.execute(
            insert(runs).values(
                at=rt.clock.now(), by=actor.id, name=name[-_NAME_MAX:],
                plan=json.dumps(_told(planned), ensure_ascii=False),
                rows=json.dumps(sound, ensure_ascii=False),
            )
        )  # fmt: skip
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])


async def _tree(tx: AsyncConnection) -> Tree:
    return Tree.of(Unit(*row) for row in await tx.execute(select(*_COLUMNS)))


def _told(planned: Plan) -> dict[str, Any]:
    """Return what is shown: rows are new, the same or broken; nodes by kind."""
    sound = [line for line in planned.lines if not line.faults]
    new = [line for line in sound if planned.added[line.row]]
    return {
        "rows": {"new": len(new), "same": len(sound) - len(new),
                 "broken": len(planned.lines) - len(sound)},
        "nodes": {kind: planned.count(kind) for kind in _KINDS},
        "changes": [_change(line, planned.added[line.row]) for line in new],
        "faults": [
            {"row": line.row, "column": words().header(f) if f else "", "problem": problem}
            for line in planned.lines
            for f, problem in line.faults.items()
        ],
    }  # fmt: skip


def _change(line: Line, added: list[Unit]) -> dict[str, Any]:
    cohort = grades.words().labels["cohort"].format(year=line.entry_year)
    return {
        "row": line.row,
        "name": line.school,
        "cohort": f"{grades.words().stages[line.stage]}{cohort}",
        "is_new_school": any(unit.kind == "school" for unit in added),
        "classes": sum(unit.kind == "class" for unit in added),
    }


async def run(tx: AsyncConnection, actor: Actor, number: int) -> Any:
    """Return a run of one's own.

    Raises:
        NotFound: there is none, or somebody else sent that file.
    """
    mine = (runs.c.id == number) & (runs.c.by == actor.id)
    row = (await tx.execute(select(runs).where(mine))).first()
    if row is None:
        raise NotFound
    return row


async def recent(tx: AsyncConnection, actor: Actor) -> Sequence[Any]:
    """Return one's own runs, the newest first."""
    shown = (runs.c.id, runs.c.at, runs.c.name, runs.c.plan, runs.c.taken_at)
    query = select(*shown).where(runs.c.by == actor.id).order_by(runs.c.id.desc()).limit(_RECENT)
    return (await tx.execute(query)).all()


async def take(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> int:
    """Add the nodes of a run to the tree as it stands now; a second time does nothing.

    Returns how many were added: what somebody else added meanwhile is there already.

    Raises:
        NotFound: there is no such run, or somebody else sent that file.
    """
    found, now = await run(tx, actor, number), rt.clock.now()
    mine = runs.c.id == number
    claimed = await tx.execute(
        update(runs).where(mine, runs.c.taken_at.is_(None)).values(taken_at=now)
    )
    if claimed.rowcount != 1:
        return 0
    lines = [Line(**row) for row in json.loads(found.rows)]
    planned = plan(lines, await _tree(tx), actor)
    rows = [
        {name: getattr(unit, name) for name in Unit.__dataclass_fields__} | {"created_at": now}
        for unit in planned.units
    ]
    if rows:
        await tx.execute(insert(units), rows)
    taken = {kind: planned.count(kind) for kind in _KINDS}
    told = json.loads(found.plan) | {"taken": taken}
    await tx.execute(update(runs).where(mine).values(plan=json.dumps(told, ensure_ascii=False)))
    await audit.note(rt, tx, actor, "roster.imported", f"roster_import:{number}", added=taken)
    return len(rows)


async def forget_files(rt: Runtime) -> int:
    """Delete runs after a week; returns how many."""
    async with rt.db.write() as tx:
        old = runs.c.at <= rt.clock.now() - KEPT
        return int((await tx.execute(delete(runs).where(old))).rowcount)
