"""Surges and pinned answers in the frame around the pages: badges and the first page."""

from __future__ import annotations

from bot.console.start_pages import Card
from bot.console.visit import PREFIX, Visit
from bot.org import tree
from bot.pinned import queries, surge_queries
from bot.pinned.actions import APPROVE
from bot.pinned.states import State
from bot.pinned.surge_queries import READ

_SHOWN = 3


async def surges_badge(visit: Visit) -> int | None:
    """Return how many surges there are to look after."""
    async with visit.rt.db.read() as tx:
        return await surge_queries.count(tx, visit.actor) or None


async def cards(visit: Visit) -> list[Card]:
    """Return the last surges of this person's places, and what waits for an approval."""
    if not visit.may(READ):
        return []
    async with visit.rt.db.read() as tx:
        rows = await surge_queries.listed(tx, visit.actor, alive=True, offset=0, limit=_SHOWN)
        told = await surge_queries.wordings(tx, rows)
        units = await tree.named(tx, [r.area for r in rows if r.area])
        drafts = await queries.count(tx, visit.actor, State.DRAFT, visit.now)
    found = []
    for row in rows:
        unit = units.get(row.area)
        place = unit.label(visit.today) if unit else visit.text("surge.city")
        words = told[row.id][0] if told[row.id] else visit.text("surge.words_gone")
        title, text = (
            visit.text("card.surge", place=place),
            visit.text("card.surge_text", words=words),
        )
        value = visit.text("card.surge_value", n=row.count)
        link = f"{PREFIX}/surges/{row.id}"
        found.append(Card(title, value, text, link, "urgent", "kapok"))
    if drafts and visit.may(APPROVE):
        title, text = visit.text("card.pinned"), visit.text("card.pinned_text")
        found.append(Card(title, str(drafts), text, f"{PREFIX}/pinned?state=draft", "speakerphone"))
    return found
