"""Rows of gaps as the job and the pages both change them: opened, counted, named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.curation.tables import gap_questions, gaps


class GapState(StrEnum):
    """Where a gap stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    MERGED = "merged"
    DISMISSED = "dismissed"
    SOLVED = "solved"


_LOCK = 4_105_2026
#: States in which a gap takes new questions.
ALIVE = (GapState.OPEN, GapState.ASSIGNED)


async def alone(tx: AsyncConnection) -> None:
    """Let one worker at a time go on: two would make two gaps of one need, or tell one twice."""
    if tx.dialect.name == "postgresql":  # SQLite has one writer anyway
        await tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def open_one(
    tx: AsyncConnection, title: str, at: datetime, now: datetime, *, topic: str = ""
) -> int:
    """Add an open gap and return its number."""
    made = await tx.execute(
        insert(gaps).values(
            title=title, state=GapState.OPEN, topic=topic, note="", questions=0, askers=0,
            first_at=at, last_at=at, changed_at=now,
        )
    )  # fmt: skip
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


async def recount(tx: AsyncConnection, titles: Mapping[int, str | None]) -> None:
    """Count questions and askers of gaps anew and give them their titles.

    None keeps the title where a question still says it.
    """
    rows = await tx.execute(
        select(
            gap_questions.c.gap,
            func.count().label("questions"),
            func.count(gap_questions.c.asker.distinct()).label("askers"),
            func.min(gap_questions.c.at).label("first_at"),
            func.max(gap_questions.c.at).label("last_at"),
            shown_title().label("title"),
        )
        .join(gaps, gaps.c.id == gap_questions.c.gap)
        .where(gap_questions.c.gap.in_(titles))
        .group_by(gap_questions.c.gap, gaps.c.title)
    )
    counted = {row.pop("gap"): row for row in (dict(r) for r in rows.mappings())}
    for number, title in titles.items():
        values = counted.get(number, {"questions": 0, "askers": 0})
        named = values if title is None else values | {"title": title}
        await tx.execute(update(gaps).where(gaps.c.id == number).values(**named))


def shown_title() -> ColumnElement[str]:
    """Return what a gap is called by the questions at hand, in a query that groups by gap.

    It is the gap's own title if one of them says so: a district does not read another's words.
    """
    says_it = func.max(case((gap_questions.c.text == gaps.c.title, 1), else_=0))
    return case((says_it == 1, gaps.c.title), else_=func.min(gap_questions.c.text))


async def guess(tx: AsyncConnection, gap: int, topic: str) -> None:
    """Note the topic a gap seems to be of; a gap somebody took up keeps the one it has."""
    await tx.execute(
        update(gaps).where(gaps.c.id == gap, gaps.c.state == GapState.OPEN).values(topic=topic)
    )
