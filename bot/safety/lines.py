"""Hotlines a crisis text may show: phoned within the last month, by the clock of the reply.

The dates of hotlines.yaml are the start; the console writes later ones into the database, and each
process keeps them in memory, so that the card is right without a database, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, Row, Select, select

from bot.clock import day
from bot.runtime import Runtime
from bot.safety.rules import rules
from bot.safety.tables import reviews
from knowledge.hotlines import Hotline, hotlines

_SHELF = "safety.reviews"
#: What a crisis turn reads: there are few hotlines, and few crises.
ALL: Select[tuple[str, date]] = select(reviews.c.number, reviews.c.reviewed_on)


def put(rt: Runtime, rows: Mapping[str, date]) -> None:
    """Keep the dates of the database in this process."""
    rt.shelf[_SHELF] = dict(rows)


def take(rt: Runtime, rows: list[Row[tuple[str, date]]]) -> None:
    """Keep the rows of `ALL`."""
    put(rt, {row.number: row.reviewed_on for row in rows})


def refresh(rt: Runtime, tx: Connection) -> None:
    """Read the dates anew."""
    take(rt, list(tx.execute(ALL).all()))


async def follow(rt: Runtime) -> None:
    """Read the dates anew, so that a process without a crisis is not behind either.

    Raises:
        StoreAway: the database does not answer; what was read last stays.
    """
    async with rt.db.read() as tx:
        await tx.run_sync(lambda connection: refresh(rt, connection))


def reviewed(rt: Runtime) -> dict[str, date]:
    """Return when each number that may be shown was last checked."""
    held: Mapping[str, date] = rt.shelf.get(_SHELF, {})
    return {
        number: max(line.reviewed_on, held.get(number, line.reviewed_on))
        for number, line in shown().items()
    }


def shown() -> dict[str, Hotline]:
    """Return the hotlines that are verified at all."""
    return {n: line for n, line in hotlines().items() if line.status == "verified"}


def is_fresh(rt: Runtime, number: str, reviewed_on: date) -> bool:
    """Say whether a number may stand in a crisis text today."""
    limit = day(rt.clock.now()) - timedelta(days=rules().review_days)
    return number in rules().always or reviewed_on >= limit


def overdue(rt: Runtime) -> list[str]:
    """Return the numbers that have fallen out of the crisis texts."""
    return [n for n, on in reviewed(rt).items() if not is_fresh(rt, n, on)]


def numbers(rt: Runtime) -> dict[str, str]:
    """Return what crisis texts may show now, as `hotline_110` -> `110`."""
    return {f"hotline_{n}": n for n, on in reviewed(rt).items() if is_fresh(rt, n, on)}
