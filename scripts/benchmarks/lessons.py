"""`scripts/bench lessons`: the parents' pages of learning beside a bare handler, in one run.

Twelve courses are published and a thousand parents take one each. One phone asks one page after the
other over loopback; what is measured is the time from the request to
the last byte, and the CPU of server and client together.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402
from aiohttp import web  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from bot import app, logs  # noqa: E402
from bot.db.migrate import upgrade  # noqa: E402
from bot.h5 import sessions  # noqa: E402
from bot.h5.links import PREFIX  # noqa: E402
from bot.runtime import Runtime  # noqa: E402
from bot.school.course_tables import course_versions, courses  # noqa: E402
from bot.school.courses import dumps  # noqa: E402
from bot.school.learner_tables import enrolments  # noqa: E402
from bot.settings import Settings  # noqa: E402
from knowledge import courses as seed  # noqa: E402
from knowledge.courses import Course  # noqa: E402

ACCOUNT = "gh_bench"
#: Median, 99th percentile, mean CPU, in ms.
Taken = tuple[float, float, float]
WARM, ASKED, COURSES = 20, 300, 12
#: The promise: half of the lesson pages in less than this (ms).
PROMISED_MS = 50


def main() -> None:
    """Print a table of medians and 99th percentiles; end with 1 if a page breaks the promise."""
    parser = argparse.ArgumentParser(prog="scripts/bench lessons", description=__doc__)
    parser.add_argument("--enrolments", type=int, default=1_000)
    parser.add_argument("--database", default="", help="an empty PostgreSQL (SQLite unless said)")
    options = parser.parse_args()
    logs.configure(level="error")
    found = asyncio.run(measured(options.enrolments, options.database))
    bare = found["bare aiohttp handler"][2]
    print(f"\n{COURSES} courses, {options.enrolments:,} enrolments, {ASKED} requests a page")
    print("\n| page | median ms | p99 ms | CPU ms | CPU beside the bare handler |")
    print("|---|---|---|---|---|")
    for name, (half, late, cpu) in found.items():
        print(f"| {name} | {half:.2f} | {late:.2f} | {cpu:.2f} | {cpu / bare:.1f} |")
    sys.exit(any(half >= PROMISED_MS for half, _, _ in found.values()))


async def measured(count: int, url: str) -> dict[str, Taken]:
    """Return median, 99th percentile and mean CPU of every page, in ms."""
    async with opened(url) as rt:
        offered = await fill(rt, count)
        async with rt.db.write() as tx:
            key = await sessions.start(tx, (ACCOUNT, "o0"), rt.clock.now())
        async with served(rt) as origin, aiohttp.ClientSession() as http:
            mine = {"Cookie": f"h5-session={key}"}
            return {
                name: await timed(http, origin, paths, headers)
                for name, (paths, headers) in pages(offered, mine).items()
            }


def pages(
    offered: Sequence[Course], mine: dict[str, str]
) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Return the addresses of each kind of page, and what is sent with them."""
    every = [f"{PREFIX}/school/{course.id}" for course in offered]
    lessons = [f"{PREFIX}/school/{c.id}/{one.name}" for c in offered for one in c.lessons]
    first = offered[0]
    return {
        "bare aiohttp handler": (["/bare"], {}),
        "catalogue": ([f"{PREFIX}/school"], {}),
        "catalogue of a stage": ([f"{PREFIX}/school?stage=primary"], {}),
        "catalogue, logged in": ([f"{PREFIX}/school"], mine),
        "course": (every, {}),
        "course, logged in": (every, mine),
        "lesson to read": (lessons, {}),
        "step at hand, logged in": ([f"{every[0]}/{first.lessons[0].name}"], mine),
        "my learning": ([f"{PREFIX}/mine/learning"], mine),
    }


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Runtime]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), database_url=url or f"sqlite:///{folder}/bot.db")
        upgrade(settings.url)
        async with app.opened(settings) as rt:
            yield rt


async def fill(rt: Runtime, count: int) -> list[Course]:
    """Publish the courses, and let so many parents take one each; returns the courses."""
    now, made = rt.clock.now(), seed.load()[:COURSES]
    rows = [
        {"account": ACCOUNT, "openid": f"o{n}", "course": made[n % len(made)].id, "version": 1,
         "state": "active", "lesson": 0, "step": "card", "at_step": 1, "begun_at": now,
         "acted_at": now}
        for n in range(count)
    ]  # fmt: skip
    async with rt.db.write() as tx:
        for one in made:
            row = {"id": one.id, "title": one.title, "area": "gz", "version": 1, "created_at": now}
            version = {"course": one.id, "number": 1, "state": "published", "content": dumps(one)}
            await tx.execute(insert(courses).values(row))
            await tx.execute(insert(course_versions).values(version | {"made_at": now}))
        await tx.execute(insert(enrolments), rows)
    return made


@asynccontextmanager
async def served(rt: Runtime) -> AsyncIterator[str]:
    """Serve the pages and the bare handler on one port; returns the origin."""

    async def bare(request: web.Request) -> web.Response:
        del request
        return web.Response(text="<!doctype html><title>bare</title>", content_type="text/html")

    whole = web.Application()
    whole.router.add_get("/bare", bare)
    whole.add_subapp(PREFIX, app.parents_site(rt).application())
    runner = web.AppRunner(whole, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def timed(
    http: aiohttp.ClientSession, origin: str, paths: Sequence[str], headers: dict[str, str]
) -> Taken:
    taken: list[float] = []
    used = 0.0
    for n in range(WARM + ASKED):
        used = time.process_time() if n == WARM else used
        began = time.perf_counter()
        async with http.get(origin + paths[n % len(paths)], headers=headers) as answer:
            await answer.read()
            assert answer.status == web.HTTPOk.status_code, paths[n % len(paths)]
        taken.append((time.perf_counter() - began) * 1000)
    warm = sorted(taken[WARM:])
    cpu = (time.process_time() - used) * 1000 / ASKED
    return statistics.median(warm), warm[int(len(warm) * 0.99)], cpu


if __name__ == "__main__":
    main()
