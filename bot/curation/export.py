"""A parent's questions in gaps, and their wishes to be told, read for that parent."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.tables import gap_questions
from bot.library.tables import wishes
from bot.org import tree
from bot.people.families import Person
from bot.people.kept import Kept, kept, word
from bot.runtime import Runtime

_OWN = "curation"


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return this parent's questions without an answer, and what became of their wishes."""
    days = rt.settings.decision_days
    asker = rt.pseudonyms.name(person[1])
    gaps = await tx.execute(
        select(gap_questions).where(gap_questions.c.asker == asker).order_by(gap_questions.c.at)
    )
    rows = gaps.all()
    places = await tree.named(tx, sorted({row.area for row in rows if row.area}))
    asked = (
        (row.at, row.code, row.text, _name(places, row.area), word(_OWN, "reason", row.reason))
        for row in rows
    )
    waiting = await tx.execute(
        select(wishes)
        .where(wishes.c.account == person[0], wishes.c.openid == person[1])
        .order_by(wishes.c.id)
    )
    told = ((row.at, row.code, word(_OWN, "state", row.state), row.told_at) for row in waiting)
    return (
        kept(_OWN, "gap_questions", asked, days=days),
        kept(_OWN, "wishes", told, days=days),
    )


def _name(places: dict[str, tree.Unit], path: str) -> str:
    return places[path].name if path in places else path
