"""`scripts/bench console`: the console over HTTP with few and with many entries; the gate.

Entries are ours with numbers spliced in. One browser asks one page after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402
import pools  # noqa: E402
from sqlalchemy import insert, update  # noqa: E402

from bot import app, logs, web  # noqa: E402
from bot.console import guard  # noqa: E402
from bot.curation import actions, adopting, gating, importing  # noqa: E402
from bot.curation.exchange import sheets  # noqa: E402
from bot.curation.rows import columns  # noqa: E402
from bot.curation.states import State  # noqa: E402
from bot.curation.tables import entries as rows  # noqa: E402
from bot.curation.tables import golden  # noqa: E402
from bot.db.migrate import upgrade  # noqa: E402
from bot.people import sessions, staff  # noqa: E402
from bot.people.actor import Actor, Grant  # noqa: E402
from bot.people.tables import grants  # noqa: E402
from bot.runtime import Runtime  # noqa: E402
from bot.settings import Settings  # noqa: E402
from knowledge import files  # noqa: E402
from knowledge.entry import Asking, Entry, Status  # noqa: E402

WARM, ASKED = 3, 30
#: What is searched for, one after the other: common words, rare ones, two at once, nothing.
WORDS = ("作业", "手机", "睡觉 哭", "叛逆", "台风", "没有这样的词", "study.reading", "孩子")
Taken = tuple[float, float]
ENTRIES, CHECKS, IMPORTED = 1_000, 5_000, 2_000


@dataclass
class Browser:
    """One person who is logged in."""

    http: aiohttp.ClientSession
    origin: str
    cookies: dict[str, str]

    async def get(self, path: str) -> None:
        async with self.http.get(f"{self.origin}/console{path}", cookies=self.cookies) as answer:
            await answer.read()
            answer.raise_for_status()


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench console", description=__doc__)
    parser.add_argument("--few", type=int, default=200)
    parser.add_argument("--many", type=int, default=20_000)
    parser.add_argument("--database", default="", help="an empty PostgreSQL (SQLite unless said)")
    options = parser.parse_args()
    logs.configure(level="error")
    few = asyncio.run(pages(options.few, ""))
    many = asyncio.run(pages(options.many, options.database))
    print(
        f"\n| ms a request: median (CPU of server and client) | {options.few:,} entries |"
        f" {options.many:,} | ratio of the CPU |\n|---|---|---|---|"
    )
    for name, (small, small_cpu) in few.items():
        large, large_cpu = many[name]
        print(
            f"| {name} | {small:.0f} ({small_cpu:.0f}) | {large:.0f} ({large_cpu:.0f}) |"
            f" {large_cpu / small_cpu:.1f} |"
        )
    print("\n| | seconds | seconds of CPU |\n|---|---|---|")
    for name, (wall, cpu) in (asyncio.run(gate()) | asyncio.run(imported())).items():
        print(f"| {name} | {wall:.1f} | {cpu:.2f} |")


def shipped() -> list[Entry]:
    return [e for e in files.load() if e.status is Status.PUBLISHED]


def numbered(entry: Entry, n: int) -> Entry:
    similar = tuple(replace(a, text=f"{a.text}{n}") for a in entry.similar)
    return replace(entry, id=f"{entry.id}-{n}", question=f"{entry.question}{n}", similar=similar)


@asynccontextmanager
async def opened(url: str = "") -> AsyncIterator[Runtime]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data=Path(folder), database_url=url or f"sqlite:///{folder}/bot.db", console_port=0
        )
        upgrade(settings.url)
        async with app.opened(settings) as rt:
            yield rt


async def editor(rt: Runtime) -> Actor:
    now = rt.clock.now()
    async with rt.db.write() as tx:
        made = [
            await staff.create(tx, login=n, name=n, password="x", now=now)  # noqa: S106
            for n in ("first", "second")
        ]
        for person, role in zip(made, ("admin", "editor"), strict=True):
            given = await staff.propose(tx, person, Grant(role, ""), by=made[0], now=now)
            row = update(grants).where(grants.c.id == given)
            await tx.execute(row.values(approved_by=made[0], approved_at=now))
    async with rt.db.read() as tx:
        actor = await staff.actor(tx, made[1])
    assert actor is not None
    return actor


async def pages(count: int, url: str) -> dict[str, Taken]:
    """Return the medians of the pages with so many working copies."""
    async with opened(url) as rt, web.console(rt) as port:
        base = shipped()[:count]
        await adopting.publish_files(rt, base)
        await fill(rt, [numbered(base[n % len(base)], n) for n in range(count - len(base))])
        person = await editor(rt)
        async with rt.db.write() as tx:
            key = await sessions.start(tx, person.id, full=True, agent="bench", now=rt.clock.now())
        cookies = {guard.cookie_name(rt.settings): key}
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            browser = Browser(http, f"http://127.0.0.1:{port}", cookies)
            return {
                name: await median(browser, paths)
                for name, paths in {
                    "list": ["/entries"],
                    "list, a page in the middle": [f"/entries?page={count // 60}"],
                    "list of a topic": ["/entries?topic=study"],
                    "search": [f"/entries?q={words}" for words in WORDS],
                    "editor": [f"/entries/{e.id}" for e in base[:8]],
                    "questions": ["/golden"],
                    "publish": ["/publish"],
                }.items()
            }


async def fill(rt: Runtime, made: Sequence[Entry]) -> None:
    values = [
        columns(e) | {"entry": e.id, "state": State.PUBLISHED, "revision": 1,
                              "published_version": e.version, "edited_at": rt.clock.now()}
        for e in made
    ]  # fmt: skip
    async with rt.db.write() as tx:
        for start in range(0, len(values), 500):
            await tx.execute(insert(rows), values[start : start + 500])


async def median(browser: Browser, paths: Sequence[str]) -> Taken:
    for n in range(WARM):
        await browser.get(paths[n % len(paths)])
    taken = [(await timed(browser.get(paths[n % len(paths)])))[1] for n in range(ASKED)]
    return (
        statistics.median(wall for wall, _ in taken) * 1000,
        statistics.fmean(cpu for _, cpu in taken) * 1000,
    )


async def timed(work: Awaitable[Any]) -> tuple[Any, Taken]:
    """Return a result, and the seconds and seconds of CPU it took."""
    began, cpu = time.perf_counter(), time.process_time()
    result = await work
    return result, (time.perf_counter() - began, time.process_time() - cpu)


async def gate() -> dict[str, Taken]:
    """Return how long the gate takes for one changed entry of a large base."""
    texts = pools.pool([w for e in shipped() for w in e.askings()], ENTRIES * 6)
    base, made = shipped(), []
    for n in range(ENTRIES):
        asked, like = texts[n::ENTRIES], base[n % len(base)]
        similar = tuple(Asking(text, "plain") for text in asked[1:])
        made.append(replace(like, id=f"{like.topic}.e{n:04}", question=asked[0], similar=similar))
    async with opened() as rt:
        await adopting.publish_files(rt, made)
        asked = [(e.id, e.topic, a.text[1:] or a.text) for e in made for a in e.similar][:CHECKS]
        await questions(rt, asked)
        person = await editor(rt)
        changed = replace(made[0], answer=f"{made[0].answer}。")
        async with rt.db.write() as tx:
            await actions.save(rt, tx, person, changed, actions.Change())
            row = update(rows).where(rows.c.entry == changed.id)
            await tx.execute(row.values(state=State.APPROVED, content=changed.to_json()))
            wanted = {changed.id: changed.version}
            await actions.keep(tx, changed, 9, actions.Change(), person, rt.clock.now())
        label = f"gate, {ENTRIES:,} entries and {CHECKS:,} questions"
        return {
            f"{label}, the first look": (await timed(gating.try_out(rt, person, wanted)))[1],
            f"{label}, the next": (await timed(gating.try_out(rt, person, wanted)))[1],
        }


async def questions(rt: Runtime, asked: Sequence[tuple[str, str, str]]) -> None:
    values = [
        {"key": None, "text": text, "expected": json.dumps([name]), "style": "plain",
         "topic": topic, "source": "console", "active": True, "by": None, "at": rt.clock.now()}
        for name, topic, text in asked
    ]  # fmt: skip
    async with rt.db.write() as tx:
        await tx.execute(update(golden).values(active=False))
        await tx.execute(insert(golden), values)


async def imported() -> dict[str, Taken]:
    """Return how long a file of new entries takes to look at and to take in."""
    base = shipped()
    content = sheets.to_xlsx(numbered(base[n % len(base)], n) for n in range(IMPORTED))
    async with opened() as rt:
        await adopting.publish_files(rt, base)
        person = await editor(rt)
        number, looked = await timed(importing.look(rt, person, "entries.xlsx", content))
        ready, prepared = await timed(importing.prepare(rt, person, number))

        async def take() -> None:
            async with rt.db.write() as tx:
                await importing.take(rt, tx, person, ready)

        return {
            f"import of {IMPORTED:,} new entries (xlsx), the dry run": looked,
            f"import of {IMPORTED:,} new entries, computing the drafts": prepared,
            f"import of {IMPORTED:,} new entries, writing (parents wait)": (await timed(take()))[1],
        }


if __name__ == "__main__":
    main()
