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
from bot.curation import queries, rows
from bot.curation.actions import Change
from bot.curation.states import State
from bot.curation.tables import entries, revisions
from bot.people.actor import Actor
from bot.runtime import Runtime
from knowledge.entry import Entry, Status

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A draft and the revision it was made on (None: a new entry), ready to be written."""

    entry: Entry
    on: int | None
    version: str
    columns: Mapping[str, Any]


def prepare(entry: Entry, on: int | None) -> Wanted:
    """Return what is written of a draft: all the computing, before the transaction."""
    drafted = replace(entry, status=Status.DRAFT)
    return Wanted(drafted, on, drafted.version, rows.columns(drafted))


async def draft(
    rt: Runtime, tx: AsyncConnection, actor: Actor, wanted: Sequence[Wanted], change: Change
) -> dict[str, str]:
    """Keep these as drafts, each as `actions.create` or `actions.save` would.

    Returns why some were left, by id: keys of messages.yaml.
    """
    held = await _held(tx, actor, [w.entry.id for w in wanted])
    left = {w.entry.id: why for w in wanted if (why := _refused(actor, w, held.get(w.entry.id)))}
    todo = [w for w in wanted if w.entry.id not in left]
    await _write(tx, [_row(rt, actor, w) for w in todo])
    if todo:
        await tx.execute(insert(revisions), [_kept(rt, actor, w, change) for w in todo])
    await audit.note_all(rt, tx, actor, [_deed(w, change) for w in todo])
    return left


async def _held(tx: AsyncConnection, actor: Actor, ids: Sequence[str]) -> dict[str, Any]:
    own = queries.seen(actor, "entries.edit").label("own")
    shown = (entries.c.entry, entries.c.revision, own)
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


def _number(wanted: Wanted) -> int:
    return 1 if wanted.on is None else wanted.on + 1


def _row(rt: Runtime, actor: Actor, wanted: Wanted) -> dict[str, Any]:
    return {
        **wanted.columns, "entry": wanted.entry.id, "revision": _number(wanted),
        "state": State.DRAFT, "edited_by": actor.id, "edited_at": rt.clock.now(),
        "publish_at": None, "blocked_at": None,
    }  # fmt: skip


async def _write(tx: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    new = [row for row in rows if row["revision"] == 1]
    if new:
        await tx.execute(insert(entries), new)
    old = [{**row, "key": row["entry"]} for row in rows if row["revision"] > 1]
    if old:
        by_key = update(entries).where(entries.c.entry == bindparam("key"))
        await tx.execute(by_key, old)


def _kept(rt: Runtime, actor: Actor, wanted: Wanted, change: Change) -> dict[str, Any]:
    return {
        "entry": wanted.entry.id, "number": _number(wanted), "version": wanted.version,
        "content": wanted.columns["content"], "kind": change.origin, "note": change.note[:200],
        "by": actor.id, "by_name": actor.name, "at": rt.clock.now(),
    }  # fmt: skip


def _deed(wanted: Wanted, change: Change) -> Deed:
    action = "entry.created" if wanted.on is None else f"entry.{change.origin}"
    told = {"on": wanted.on, "after": wanted.version, "why": change.note}
    return Deed(action, f"entry:{wanted.entry.id}", wanted.entry.area, told)
