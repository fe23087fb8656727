"""Many working copies at once: what `actions.create` and `actions.save` do, in a few statements.

Parents' messages wait while a transaction writes (SQLite has one writer): 2,000 entries one by one
hold it for seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.console.audit import Deed
from bot.curation import actions, queries
from bot.curation.actions import Change
from bot.curation.states import State
from bot.curation.tables import entries, revisions
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge import entry as reading
from knowledge.entry import Entry, Status

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text and the revision it was made on; None for a new entry."""

    entry: Entry
    on: int | None


async def draft(
    rt: Runtime, tx: AsyncConnection, actor: Actor, wanted: Sequence[Wanted], change: Change
) -> dict[str, str]:
    """Keep these as drafts, each as `actions.create` or `actions.save` would.

    Returns why some were left, by id: keys of messages.yaml. A text that changes nothing is kept.
    """
    held = await _held(tx, actor, [w.entry.id for w in wanted])
    left = {w.entry.id: why for w in wanted if (why := _refused(actor, w, held.get(w.entry.id)))}
    todo = [w for w in wanted if w.entry.id not in left and _differs(w, held.get(w.entry.id))]
    drafts = [replace(w.entry, status=Status.DRAFT) for w in todo]
    rows = [_row(rt, actor, e, held.get(e.id)) for e in drafts]
    await _write(tx, rows)
    if drafts:
        kept = [
            _kept(rt, actor, e, r["revision"], change) for e, r in zip(drafts, rows, strict=True)
        ]
        await tx.execute(insert(revisions), kept)
    deeds = [_deed(e, held.get(e.id), change) for e in drafts]
    await audit.note_all(rt, tx, actor, deeds)
    return left


async def _held(tx: AsyncConnection, actor: Actor, ids: Sequence[str]) -> dict[str, Any]:
    own = queries.seen(actor, "entries.edit").label("own")
    shown = (entries.c.entry, entries.c.revision, entries.c.content, own)
    found: dict[str, Any] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = entries.c.entry.in_(ids[start : start + _CHUNK])
        rows = await tx.execute(select(*shown).where(chunk).with_for_update())
        found |= {row.entry: row for row in rows}
    return found


def _refused(actor: Actor, wanted: Wanted, have: Any) -> str:
    if not actor.may("entries.edit", wanted.entry.area, wanted.entry.topic):
        return "import.outside"
    if wanted.on is None:
        return "import.id_taken" if have is not None else ""
    if have is None or not have.own:
        return "import.outside"
    return "import.edited" if have.revision != wanted.on else ""


def _differs(wanted: Wanted, have: Any) -> bool:
    if have is None:
        return True
    old = replace(reading.from_json(have.content), status=Status.DRAFT)
    return old != replace(wanted.entry, status=Status.DRAFT)


def _row(rt: Runtime, actor: Actor, entry: Entry, have: Any) -> dict[str, Any]:
    number = have.revision + 1 if have is not None else 1
    return actions.columns(entry) | {
        "entry": entry.id, "revision": number, "state": State.DRAFT, "edited_by": actor.id,
        "edited_at": rt.clock.now(), "publish_at": None, "blocked_at": None,
    }  # fmt: skip


async def _write(tx: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    new = [row for row in rows if row["revision"] == 1]
    if new:
        await tx.execute(insert(entries), new)
    old = [{**row, "key": row["entry"]} for row in rows if row["revision"] > 1]
    if old:
        by_key = update(entries).where(entries.c.entry == bindparam("key"))
        await tx.execute(by_key, old)


def _kept(rt: Runtime, actor: Actor, entry: Entry, number: int, change: Change) -> dict[str, Any]:
    return {
        "entry": entry.id, "number": number, "version": entry.version, "content": entry.to_json(),
        "kind": change.origin, "note": change.note[:200], "by": actor.id, "by_name": actor.name,
        "at": rt.clock.now(),
    }  # fmt: skip


def _deed(entry: Entry, have: Any, change: Change) -> Deed:
    if have is None:
        return Deed("entry.created", f"entry:{entry.id}", entry.area, {"why": change.note})
    before = reading.from_json(have.content).version
    told = {"before": before, "after": entry.version, "why": change.note}
    return Deed(f"entry.{change.origin}", f"entry:{entry.id}", entry.area, told)
