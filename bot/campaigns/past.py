"""Past messages for everybody: only what is marked public and left; no figure, no person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns.draft import Words, of_row
from bot.campaigns.states import State
from bot.campaigns.tables import campaigns
from bot.delivery.ledger_tables import broadcasts
from bot.delivery.states import Stage
from bot.people.audience_shape import STAGES, codes

__all__ = ["STAGES", "Past", "listed", "one"]

#: So many are looked through and shown.
MOST = 100


@dataclass(frozen=True, slots=True)
class Past:
    """One message of the past; `stages` whom it was for, empty: everybody."""

    id: int
    at: datetime
    words: Words
    stages: tuple[str, ...]


async def listed(tx: AsyncConnection, stage: str = "") -> Sequence[Past]:
    """Return the newest; of a stage also what was for everybody."""
    found = await _found(tx)
    return [one for one in found if not stage or not one.stages or stage in one.stages]


async def one(tx: AsyncConnection, number: int) -> Past | None:
    """Return one of them, None where it is not for everybody."""
    found = await _found(tx, number)
    return found[0] if found else None


async def _found(tx: AsyncConnection, number: int = 0) -> list[Past]:
    c, b = campaigns.c, broadcasts.c
    wanted = (
        select(campaigns, b.frozen_at)
        .join_from(campaigns, broadcasts, b.id == c.broadcast)
        .where(c.public.is_(True), c.state.in_((State.ORDERED, State.ARCHIVED)))
        .where(b.stage.in_((Stage.RUNNING, Stage.FINISHED)), b.frozen_at.is_not(None))
        .order_by(b.id.desc())
        .limit(MOST)
    )
    rows = await tx.execute(wanted.where(c.id == number) if number else wanted)
    return [_past(row) for row in rows.mappings()]


def _past(row: object) -> Past:
    campaign = of_row(row)  # type: ignore[arg-type]
    meant = campaign.draft.audience
    stages = {*meant.stages, *(codes()[grade] for grade in meant.grades)}
    at: datetime = row["frozen_at"]  # type: ignore[index]
    ordered = tuple(one for one in STAGES if one in stages)
    return Past(campaign.id, at, campaign.draft.words, ordered)
