"""The records of a parent's questions, read for that parent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.library.tables import decisions, versions
from bot.org import tree
from bot.people.families import Person
from bot.people.kept import Kept, kept, word
from bot.runtime import Runtime

_OWN = "answers"
_wanted = (
    select(decisions, versions.c.content)
    .outerjoin(
        versions,
        (versions.c.entry == decisions.c.entry) & (versions.c.version == decisions.c.version),
    )
    .order_by(decisions.c.id)
)


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return what is kept beside this parent's questions."""
    asker = rt.pseudonyms.name(person[1])
    rows = (await tx.execute(_wanted.where(decisions.c.asker == asker))).all()
    places = await tree.named(tx, sorted({row.area for row in rows if row.area}))
    names = {path: unit.name for path, unit in places.items()}
    told = (_row(row, names) for row in rows)
    return (kept(_OWN, "decisions", told, days=rt.settings.decision_days),)


def _row(row: Row[Any], names: Mapping[str, str]) -> tuple[object, ...]:
    return (
        row.at,
        row.code,
        row.text,
        word(_OWN, "band", row.band),
        json.loads(row.content)["question"] if row.content else None,
        word(_OWN, "vote", None if row.feedback is None else str(row.feedback)),
        names.get(row.area, row.area),
        word(_OWN, "stage", row.stage),
    )
