"""Files of the directory: looked at without a change, shown to who sent them, taken in at once."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.directory import queries, tried
from bot.directory.place import FIELDS, Place
from bot.directory.tables import places, runs
from bot.directory.tried import Beside, Row
from bot.directory.words import words
from bot.errors import NotFound
from bot.people.actor import Actor
from bot.runtime import Runtime

KEPT = timedelta(days=7)
_NAME_MAX = 120
_RECENT = 20


async def look(rt: Runtime, actor: Actor, name: str, data: bytes) -> int:
    """Read a file and keep what taking it in would do; nothing is changed. Returns the run.

    Raises:
        InvalidInput: the file as a whole cannot be taken; the message is a sentence.
    """
    async with rt.db.read() as tx:
        beside = await _beside(rt, tx, actor)
    rows = await asyncio.to_thread(tried.read, name, data, beside, actor, queries.EDIT)
    broken = any(row.faults for row in rows)
    faulty = await asyncio.to_thread(tried.faulty, rows) if broken else b""
    async with rt.db.write() as tx:
        made = await tx.execute(
            insert(runs).values(
                at=rt.clock.now(), by=actor.id, name=name[-_NAME_MAX:],
                plan=json.dumps(_told(rows), ensure_ascii=False),
                rows=json.dumps(_wanted(rows), ensure_ascii=False),
                faulty=base64.b64encode(faulty).decode(),
            )
        )  # fmt: skip
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])


async def _beside(rt: Runtime, tx: AsyncConnection, actor: Actor) -> Beside:
    own = queries.seen(actor, queries.EDIT).label("own")
    columns = [places.c[name] for name in FIELDS]
    found = (await tx.execute(select(*columns, places.c.revision, own))).all()
    return Beside(
        places={row.code: Place.from_row(row) for row in found},
        revisions={row.code: row.revision for row in found},
        own=frozenset(row.code for row in found if row.own),
        areas=await queries.areas(tx),
        today=rt.clock.now().date(),
    )


def _told(rows: Sequence[Row]) -> dict[str, Any]:
    counts = Counter(row.outcome for row in rows)
    return {
        "counts": {name: counts[name] for name in ("new", "changed", "same", "broken")},
        "changes": [
            {"row": r.number, "outcome": r.outcome, "name": r.place.name,
             "fields": [words().header(f) for f in r.fields]}
            for r in rows
            if r.place and r.outcome in ("new", "changed")
        ],
        "faults": [
            {"row": r.number, "column": words().header(f) if f else "", "problem": problem}
            for r in rows
            for f, problem in r.faults.items()
        ],
    }  # fmt: skip


def _wanted(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {"row": r.number, "revision": r.revision, "place": r.place.to_json()}
        for r in rows
        if r.place and r.outcome in ("new", "changed")
    ]


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
    """Write the new and changed rows of a run; a second time does nothing. Returns how many.

    A row that somebody changed since the look is left as it is and told of.

    Raises:
        NotFound: there is no such run, or somebody else sent that file.
    """
    found = await run(tx, actor, number)
    mine = runs.c.id == number
    claimed = await tx.execute(
        update(runs).where(mine, runs.c.taken_at.is_(None)).values(taken_at=rt.clock.now())
    )
    if claimed.rowcount != 1:
        return 0
    left: list[int] = []
    rows = json.loads(found.rows)
    for row in rows:
        place = Place.from_json(row["place"])
        actor.require(queries.EDIT, place.area, queries.NO_TOPIC)
        if not await _put(rt, tx, actor, place, row["revision"]):
            left.append(row["row"])
    told = json.loads(found.plan) | {"taken": len(rows) - len(left), "conflicts": left}
    await tx.execute(update(runs).where(mine).values(plan=json.dumps(told, ensure_ascii=False)))
    await audit.note(
        rt, tx, actor, "directory.imported", f"place_import:{number}",
        taken=len(rows) - len(left), left=len(left),
    )  # fmt: skip
    return len(rows) - len(left)


async def _put(rt: Runtime, tx: AsyncConnection, actor: Actor, place: Place, revision: int) -> bool:
    """Write one row if nobody was faster; says whether it was written."""
    kept = {"changed_at": rt.clock.now(), "changed_by": actor.id, "revision": revision + 1}
    values = place.to_row() | kept
    if revision:
        done = await tx.execute(
            update(places)
            .where(places.c.code == place.code, places.c.revision == revision)
            .values(**values)
        )
        return done.rowcount == 1
    code = place.code or await new_code(tx, place.kind)
    taken = select(func.count()).select_from(places).where(places.c.code == code)
    if await tx.scalar(taken):
        return False
    await tx.execute(insert(places).values(**values | {"code": code}))
    return True


async def new_code(tx: AsyncConnection, kind: str) -> str:
    """Return a code that no row has: the kind and a number."""
    number = await tx.scalar(select(func.max(places.c.id))) or 0
    while True:
        number += 1
        code = f"{kind}-{number}"
        if not await tx.scalar(
            select(func.count()).select_from(places).where(places.c.code == code)
        ):
            return code


async def forget(rt: Runtime) -> int:
    """Delete runs after a week; returns how many."""
    async with rt.db.write() as tx:
        old = runs.c.at <= rt.clock.now() - KEPT
        return int((await tx.execute(delete(runs).where(old))).rowcount)
