"""How often pages and answers of the week were chosen; sums alone, nobody is in them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.db.upsert import upsert
from bot.runtime import Runtime
from bot.week.tables import choices, questions, views
from bot.week.wall_tables import clicks


async def view(rt: Runtime, tx: AsyncConnection, what: str) -> None:
    """Count that a page was opened today."""
    add = upsert(views, ("day", "what"), ("count",), is_sqlite=rt.db.is_sqlite, adds=True)
    await tx.execute(add, {"day": day(rt.clock.now()), "what": what, "count": 1})


async def click(rt: Runtime, tx: AsyncConnection, code: str) -> None:
    """Count that a tracked link was opened today."""
    add = upsert(clicks, ("code", "day"), ("count",), is_sqlite=rt.db.is_sqlite, adds=True)
    await tx.execute(add, {"code": code, "day": day(rt.clock.now()), "count": 1})


async def answer(rt: Runtime, tx: AsyncConnection, chosen: Mapping[int, int]) -> None:
    """Count the options chosen of each question."""
    add = upsert(choices, ("question", "option"), ("count",), is_sqlite=rt.db.is_sqlite, adds=True)
    rows = [{"question": q, "option": o, "count": 1} for q, o in sorted(chosen.items())]
    if rows:
        await tx.execute(add, rows)


async def chosen(tx: AsyncConnection, plan: int) -> dict[tuple[int, int], int]:
    """Return how often each option of a plan's questions was chosen."""
    mine = select(questions.c.id).where(questions.c.plan == plan)
    rows = await tx.execute(
        select(choices.c.question, choices.c.option, choices.c.count).where(
            choices.c.question.in_(mine)
        )
    )
    return {(row.question, row.option): row[2] for row in rows}


async def clicked(tx: AsyncConnection, codes: list[str]) -> dict[str, int]:
    """Return how often each tracked link was opened."""
    rows = await tx.execute(
        select(clicks.c.code, func.sum(clicks.c.count))
        .where(clicks.c.code.in_(codes))
        .group_by(clicks.c.code)
    )
    return {row.code: int(row[1]) for row in rows}
