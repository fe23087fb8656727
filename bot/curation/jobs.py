"""What time does to gaps: questions come in, entries come out, parents are told, words go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.curation import gap_rows, grouping, telling
from bot.curation.gap_rows import ALIVE, GapState
from bot.curation.tables import gap_questions, gaps
from bot.curation.wishing import STALE
from bot.library import find
from bot.library.tables import published, wishes
from bot.logs import log
from bot.runtime import Runtime


async def collect(rt: Runtime) -> None:
    """Put what was not answered into gaps."""
    await grouping.collect(rt)
    await mend(rt)


async def settle(rt: Runtime) -> None:
    """Close the gaps whose entry was published, then tell the parents who wait."""
    await solve(rt)
    await telling.tell(rt)


async def solve(rt: Runtime) -> int:
    """Close gaps whose entry came out in another version since it was chosen; returns how many."""
    due = (
        select(gaps.c.id, gaps.c.entry)
        .join(published, published.c.entry == gaps.c.entry)
        .where(
            gaps.c.state.in_(ALIVE),
            func.coalesce(gaps.c.entry_version, "") != published.c.version,
        )
    )
    async with rt.db.read() as tx:
        if (await tx.execute(due.limit(1))).first() is None:
            return 0
    async with rt.db.write() as tx:
        rows = (await tx.execute(due)).all()
        for row in rows:
            await tx.execute(
                update(gaps)
                .where(gaps.c.id == row.id)
                .values(state=GapState.SOLVED, changed_at=rt.clock.now())
            )
            await audit.note(rt, tx, None, "gap.solved", f"gap:{row.id}", entry=row.entry)
    return len(rows)


async def mend(rt: Runtime) -> int:
    """Count and name anew the gaps that lost questions of a parent who is gone."""
    stale = select(gaps.c.id).where(gaps.c.questions == STALE)
    async with rt.db.read() as tx:
        if await tx.scalar(stale.limit(1)) is None:
            return 0
        await tx.run_sync(lambda connection: find.refresh(rt, connection))
    async with rt.db.write() as tx:
        numbers = list(await tx.scalars(stale))
        await _anew(rt, tx, numbers)
    return len(numbers)


async def forget_old(rt: Runtime) -> int:
    """Delete questions of gaps, and wishes, with the days of the answers' records.

    A gap without questions goes with its last one.
    """
    limit = rt.clock.now() - timedelta(days=rt.settings.decision_days)
    async with rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(rt, connection))
    async with rt.db.write() as tx:
        old = gap_questions.c.at < limit
        numbers = list(await tx.scalars(select(gap_questions.c.gap).where(old).distinct()))
        await tx.execute(delete(gap_questions).where(old))
        await tx.execute(delete(wishes).where(wishes.c.at < limit))
        await _anew(rt, tx, numbers)
        await tx.execute(
            delete(gaps).where(gaps.c.state == GapState.MERGED, gaps.c.changed_at < limit)
        )
    log.info("gaps_forgotten", gaps=len(numbers))
    return len(numbers)


async def _anew(rt: Runtime, tx: AsyncConnection, numbers: Sequence[int]) -> None:
    index = find.now(rt).index
    texts: dict[int, list[str]] = {number: [] for number in numbers}
    rows = await tx.execute(
        select(gap_questions.c.gap, gap_questions.c.text).where(gap_questions.c.gap.in_(numbers))
    )
    for row in rows:
        texts[row.gap].append(row.text)
    held = {number: asked for number, asked in texts.items() if asked}
    titles = {number: grouping.title_of(index, asked) for number, asked in held.items()}
    await gap_rows.recount(tx, titles)
    await tx.execute(delete(gaps).where(gaps.c.id.in_(texts.keys() - held.keys())))
