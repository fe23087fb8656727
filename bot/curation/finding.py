"""What the search over everything finds of curation: entries, and what nobody could answer."""

from __future__ import annotations

from bot.console.start_pages import Group, Row
from bot.console.visit import PREFIX, Visit
from bot.curation import gap_cards, queries, shown

_SHOWN = 8


async def search(visit: Visit, words: str) -> list[Group]:
    """Return entries by their wordings, then gaps."""
    return [await _entries(visit, words), *await gap_cards.search(visit, words)]


async def _entries(visit: Visit, words: str) -> Group:
    group = Group(visit.text("entry.group"), "books")
    if visit.may("entries.read"):
        wanted = queries.Wanted(words=words)
        async with visit.rt.db.read() as tx:
            rows = await queries.listed(tx, visit.actor, wanted, offset=0, limit=_SHOWN)
        topics = shown.topics()
        group.rows.extend(
            Row(r.question, topics.get(r.topic, r.topic), f"{PREFIX}/entries/{r.entry}")
            for r in rows
        )
    return group
