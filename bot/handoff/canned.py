"""Published answers for whoever answers a parent: found as a parent's question finds them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import StartRefused
from bot.library import find as library
from bot.runtime import Runtime
from knowledge import hotlines


@dataclass(frozen=True, slots=True)
class Ready:
    """A published answer with the numbers in it filled."""

    entry: str
    summary: str
    text: str


async def find(rt: Runtime, words: str) -> list[Ready]:
    """Return the answers nearest to these words; none where nothing is published."""
    if not words:
        return []
    try:
        async with rt.db.read() as tx:
            await tx.run_sync(lambda connection: library.refresh(rt, connection))
    except StartRefused:
        return []
    base, barred = library.now(rt), library.barred(rt)
    hits = [h.entry for h in library.find(rt, words).hits if h.entry not in barred]
    found = [base.entries[i] for i in hits if i in base.entries]
    return [Ready(e.id, e.summary, hotlines.fill(e.answer)) for e in found]
