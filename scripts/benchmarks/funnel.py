"""`scripts/bench funnel`: the funnel of a city counted, for some parents and for a million.

PostgreSQL from PyPI unless `--database` names one. The rows are made by the database itself: every
parent follows, four fifths agreed, three fifths have a child in a class, half were asked about
lessons, each took one course, a tenth holds a certificate; 1,500 schools of 24 classes.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).parent))

from reminders import ACCOUNT, server  # noqa: E402 - found beside this script
from sqlalchemy import insert, text  # noqa: E402
from sqlalchemy.dialects import postgresql  # noqa: E402

from bot import app, logs  # noqa: E402
from bot.analytics import funnel_counting, funnel_job  # noqa: E402
from bot.clock import GUANGZHOU, HandClock  # noqa: E402
from bot.db.migrate import upgrade  # noqa: E402
from bot.school.course_tables import course_versions, courses  # noqa: E402
from bot.school.courses import dumps  # noqa: E402
from bot.settings import Settings  # noqa: E402
from knowledge import courses as seed  # noqa: E402

NOW = datetime(2026, 11, 30, 3, tzinfo=GUANGZHOU)
#: Statements that make the city, in their order.
FILL = Path(__file__).with_suffix(".sql")


def main() -> None:
    """Count at some sizes; print each."""
    parser = argparse.ArgumentParser(prog="scripts/bench funnel", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[300_000, 1_000_000])
    parser.add_argument("--explain", action="store_true", help="print the plans of the queries")
    parser.add_argument("--database", default="", help="an empty PostgreSQL of yours, one size")
    asked = parser.parse_args()
    logs.configure(level="error")
    names = ("parents", "people, s", "courses, s", "whole job, s", "figures")
    rows = []
    for size in asked.sizes:
        with server(asked.database) as url:
            rows.append(asyncio.run(measured(url, size, explain=asked.explain)))
    print(f"\n| {' | '.join(names)} |\n{'|---' * len(names)}|")
    for size, people, taken, whole, figures in rows:
        print(f"| {size:,} | {people:.2f} | {taken:.2f} | {whole:.2f} | {figures:,} |")


async def measured(url: str, size: int, *, explain: bool) -> tuple[int, float, float, float, int]:
    """Return the size, the seconds of both queries and of the whole job, and its figures."""
    folder = Path(tempfile.mkdtemp(prefix="funnel-"))
    given = Settings(data=folder, database_url=url, wechat_account_id=ACCOUNT)
    upgrade(given.url)
    async with app.opened(given, clock=HandClock(NOW)) as rt:
        await filled(rt, size)
        queries = (funnel_counting._people(ACCOUNT), funnel_counting._courses(ACCOUNT))  # noqa: SLF001
        people, taken = [await spent(rt, query, explain=explain) for query in queries]
        begun = time.perf_counter()
        figures = await funnel_job.count_funnel(rt)
        return size, people, taken, time.perf_counter() - begun, figures


async def filled(rt: Any, size: int) -> None:
    """Make the city, its courses and so many parents."""
    found = seed.load()
    values = {"a": ACCOUNT, "at": NOW, "n": size, "courses": [c.id for c in found], "m": len(found)}
    rows = {"version": 1, "created_at": NOW, "area": "gz"}
    async with rt.db.write() as tx:
        await tx.execute(insert(courses), [rows | {"id": c.id, "title": c.title} for c in found])
        await tx.execute(insert(course_versions), [
            {"course": c.id, "number": 1, "state": "published", "content": dumps(c), "made_at": NOW}
            for c in found
        ])  # fmt: skip
        for line in FILL.read_text("utf-8").split(";\n"):
            named = {name: values[name] for name in values if f":{name}" in line}
            await tx.execute(text(line), named)
    async with rt.db.write() as tx:
        await tx.execute(text("ANALYZE"))


async def spent(rt: Any, query: Any, *, explain: bool) -> float:
    """Return the seconds of one query with all its rows; the second run, its pages are warm."""
    if explain:
        said = query.compile(
            dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
        )  # fmt: skip
        async with rt.db.read() as tx:
            await funnel_counting.give_room(tx)
            sql = str(said).replace("%%", "%").replace("%", "%%")
            plan = await tx.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
            print("\n".join(row[0] for row in plan))
    for _ in range(2):
        async with rt.db.read() as tx:
            await funnel_counting.give_room(tx)
            begun = time.perf_counter()
            (await tx.execute(query)).all()
            took = time.perf_counter() - begun
    return took


if __name__ == "__main__":
    main()
