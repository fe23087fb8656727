"""Gaps and answers in the frame around the pages: badge, first page, search."""

from __future__ import annotations

from bot.console.start_pages import Card, Group, Row
from bot.console.visit import PREFIX, Visit
from bot.curation import gap_queries
from bot.curation.gap_queries import Wanted
from bot.curation.gap_rows import GapState
from bot.dialogue import codes

_ROWS = 8


async def badge(visit: Visit) -> int | None:
    """Return how many gaps nobody has taken up."""
    async with visit.rt.db.read() as tx:
        return await gap_queries.count(tx, visit.actor, Wanted(state=GapState.OPEN)) or None


async def cards(visit: Visit) -> list[Card]:
    """Return what waits for this person among the gaps."""
    if not visit.may("gaps.read"):
        return []
    mine = Wanted(state=GapState.ASSIGNED, mine=visit.actor.id)
    async with visit.rt.db.read() as tx:
        unclaimed = await gap_queries.count(tx, visit.actor, Wanted(state=GapState.OPEN))
        own = await gap_queries.count(tx, visit.actor, mine)
    found = [("gaps", unclaimed, "/gaps", "kapok"), ("own_gaps", own, _OWN, "primary")]
    return [
        Card(
            visit.text(f"card.{name}"), str(number), visit.text(f"card.{name}_text"),
            f"{PREFIX}{path}", "zoom-question", kind,
        )
        for name, number, path, kind in found
        if number
    ]  # fmt: skip


_OWN = "/gaps?state=assigned&mine=1"


async def search(visit: Visit, words: str) -> list[Group]:
    """Find gaps by their title, and an answer by the short id a parent reads out."""
    found = []
    if visit.may("gaps.read"):
        wanted = Wanted(words=words, sort="newest")
        async with visit.rt.db.read() as tx:
            gaps = await gap_queries.listed(
                tx, visit.actor, wanted, visit.now, offset=0, limit=_ROWS
            )
        rows = [
            Row(
                g.title,
                visit.text("gap.found", n=g.questions, state=visit.text(f"gap.state.{g.state}")),
                f"{PREFIX}/gaps/{g.id}",
            )
            for g in gaps
        ]
        found.append(Group(visit.text("gap.group"), "zoom-question", rows))
    code = codes.read(words)
    if visit.may("try") and len(code) == codes.LENGTH and set(code) <= set(codes.ALPHABET):
        row = Row(code, visit.text("try.group_text"), f"{PREFIX}/answers/{code}")
        found.append(Group(visit.text("try.group"), "message-2", [row]))
    return found
