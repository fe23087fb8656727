"""One wording, one answer: what is already asked of another entry cannot be asked of this one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.states import State
from bot.curation.tables import entries
from bot.errors import InvalidInput, StartRefused
from bot.library import find
from bot.runtime import Runtime
from knowledge import entry as reading
from knowledge.entry import Entry
from knowledge.text import normalise


class Owned(InvalidInput):
    """A wording is another entry's, word for word; `wording` and `entry` say which."""

    def __init__(self, wording: str, entry: str) -> None:
        super().__init__("entry.wording_owned")
        self.wording, self.entry = wording, entry


async def check(rt: Runtime, tx: AsyncConnection, entry: Entry) -> None:
    """Refuse a wording that another entry answers, or will answer once it is published.

    Raises:
        Owned: the first such wording.
    """
    found = await owner(rt, tx, entry)
    if found:
        raise Owned(*found)


async def owner(rt: Runtime, tx: AsyncConnection, entry: Entry) -> tuple[str, str] | None:
    """Return the first wording of an entry that is another's, and that other one."""
    asked = {normalise(wording): wording for wording in entry.askings()}
    others = await _public(rt, tx, asked) + await _approved(tx, asked)
    return next(((asked[w], other) for w, other in others if other != entry.id), None)


async def _public(rt: Runtime, tx: AsyncConnection, asked: dict[str, str]) -> list[tuple[str, str]]:
    try:
        await tx.run_sync(lambda connection: find.refresh(rt, connection))
    except StartRefused:  # nothing is published yet, so nobody owns anything
        return []
    index = find.now(rt).index
    return [(wording, other) for wording in asked for other in index.holders(wording)]


async def _approved(tx: AsyncConnection, asked: dict[str, str]) -> list[tuple[str, str]]:
    rows = await tx.execute(select(entries.c.content).where(entries.c.state == State.APPROVED))
    waiting = [reading.from_json(row.content) for row in rows]
    return [(w, e.id) for e in waiting for w in map(normalise, e.askings()) if w in asked]
