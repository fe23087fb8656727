"""`scripts/bench campaign`: one campaign to 100,000 followers, from the console to its end, SQLite.

Sandbox, `bot serve` and `bot work` run as an operator starts them; a browser writes, a second
person's browser approves and watches. Prints the live counts, the time, and what the platform saw.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import push  # noqa: E402
from playwright.async_api import async_playwright  # noqa: E402
from sqlalchemy import insert, update  # noqa: E402
from together import TOKEN, _process, _wait  # noqa: E402

from bot import app, logs  # noqa: E402
from bot.clock import SystemClock  # noqa: E402
from bot.db.engine import Database  # noqa: E402
from bot.db.migrate import upgrade  # noqa: E402
from bot.library import publish  # noqa: E402
from bot.org import tree  # noqa: E402
from bot.people import passwords, sessions, staff  # noqa: E402
from bot.people.actor import Grant  # noqa: E402
from bot.people.families import consents, guardians  # noqa: E402
from bot.people.followers import followers  # noqa: E402
from bot.people.reach import reach  # noqa: E402
from bot.people.tables import grants  # noqa: E402
from bot.settings import Settings  # noqa: E402
from knowledge import files  # noqa: E402

CHROMIUM = os.environ.get("BOT_TEST_CHROMIUM", "/usr/bin/chromium")


def main() -> None:
    """Play the campaign once."""
    parser = argparse.ArgumentParser(prog="scripts/bench campaign", description=__doc__)
    parser.add_argument("--parents", type=int, default=100_000)
    asked = parser.parse_args()
    logs.configure(level="error")
    folder = Path(tempfile.mkdtemp(prefix="campaign-"))
    url = f"sqlite:///{folder}/bot.db"
    with ExitStack() as stack:
        address = stack.enter_context(push.platform(asked.parents))
        ports = {"BOT_PORT": str(push.free_port()), "BOT_CONSOLE_PORT": str(push.free_port())}
        environment = _environment(folder, url, address) | ports
        cookies = asyncio.run(_filled(folder, url, asked.parents))
        stack.enter_context(_process("serve", environment))
        stack.enter_context(_process("work", environment))
        _wait(int(ports["BOT_CONSOLE_PORT"]))
        origin = f"http://127.0.0.1:{ports['BOT_CONSOLE_PORT']}"
        asyncio.run(_played(origin, cookies, asked.parents))
        _judged(address, asked.parents)


def _environment(folder: Path, url: str, address: str) -> dict[str, str]:
    keep = {k: os.environ[k] for k in ("PATH", "HOME") if k in os.environ}
    return keep | {
        "BOT_DATA": str(folder), "BOT_DATABASE_URL": url, "BOT_WECHAT_API": address,
        "BOT_WECHAT_APP_ID": push.APP, "BOT_WECHAT_APP_SECRET": push.SECRET,
        "BOT_WECHAT_ACCOUNT_ID": push.ACCOUNT, "BOT_WECHAT_TOKEN": TOKEN,
        "BOT_WECHAT_MODE": "plain", "BOT_LOG_LEVEL": "error", "BOT_QUIET_FROM": "00:00",
        "BOT_QUIET_TO": "00:00", "BOT_HOLD_S": "60",
    }  # fmt: skip


async def _filled(folder: Path, url: str, people: int) -> list[str]:
    """Fill the database; returns the session cookies of two operators of the city."""
    given = Settings(data=folder, database_url=url, wechat_account_id=push.ACCOUNT)
    upgrade(given.url)
    async with app.opened(given) as rt:
        await publish.publish(rt, list(files.load()), origin="file")
    db, now = Database(given.url), SystemClock().now()
    mine = [{"account": push.ACCOUNT, "openid": one} for one in push.openids(people)]
    told = {"role": "", "is_elder": False, "added_at": now, "changed_at": now}
    agreed = {"kind": "events", "version": "1", "is_given": True, "at": now}
    window = {"window_until": now + timedelta(hours=40), "window_left": 5, "last_at": now}
    async with db.write() as tx:
        await tree.seed(tx, now)
        await tx.execute(insert(followers), [m | {"follows": True, "changed_s": 1} for m in mine])
        await tx.execute(insert(guardians), [m | told for m in mine])
        await tx.execute(insert(consents), [m | agreed for m in mine])
        await tx.execute(insert(reach), [m | window for m in mine])
        await _colleague(tx, "founder", Grant("admin", ""), now)  # else the console is not set up
        found = [
            await _colleague(tx, name, Grant("operator", ""), now) for name in ("anna", "bert")
        ]
    await db.dispose()
    return found


async def _colleague(tx: Any, login: str, grant: Grant, now: Any) -> str:
    hashed = await passwords.hashed("a long enough phrase 2026")
    number = await staff.create(tx, login=login, name=login, password=hashed, now=now)
    given = await staff.propose(tx, number, grant, by=number, now=now)
    row = update(grants).where(grants.c.id == given)
    await tx.execute(row.values(approved_by=number, approved_at=now))
    return str(await sessions.start(tx, number, full=True, agent="bench", now=now))


async def _played(origin: str, cookies: list[str], people: int) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        anna, bert = [await _seat(browser, origin, key) for key in cookies]
        begun = time.perf_counter()
        number = await _composed(anna, origin, people)
        await _approved(bert, origin, number, people)
        print(f"composed, submitted and approved after {time.perf_counter() - begun:.1f} s")
        await bert.goto(f"{origin}/console/campaigns/{number}")
        await _watched(bert, people, begun)
        await browser.close()


async def _seat(browser: Any, origin: str, key: str) -> Any:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    await context.add_cookies([{"name": "console", "value": key, "url": origin}])
    page = await context.new_page()
    page.set_default_timeout(60_000)
    return page


async def _composed(page: Any, origin: str, people: int) -> int:
    await page.goto(f"{origin}/console/campaigns")
    await page.click(".page-actions >> text=新建")
    for name, words in (("name", "周六公开课"), ("title", "周六家长公开课")):
        await page.fill(f"#f-{name}", words)
    await page.fill("#f-text", "本周六上午 9:30 有一节家长公开课 欢迎来听")
    await page.select_option("#f-purpose", "events")
    await page.select_option("#f-area", "")
    await page.click("button:has-text('保存草稿')")
    shown = await page.locator("[data-total]").inner_text()
    assert int(re.sub(r"\D", "", shown)) == people, shown
    reason = page.locator("#f-why, textarea[name=why], textarea[name=reason]").first
    if await reason.count():
        await reason.fill("压力测试 不连试发手机")
    await page.select_option("#f-reviewer", label="bert")
    await page.click("button:has-text('提交审批')")
    await page.locator("text=已提交").wait_for()
    return int(re.search(r"/campaigns/(\d+)", page.url)[1])  # type: ignore[index]


async def _approved(page: Any, origin: str, number: int, people: int) -> None:
    await page.goto(f"{origin}/console/campaigns/{number}/approve")
    await page.fill("#f-count", str(people))
    await page.click("button:has-text('正式发给家长')")
    await page.locator("text=还可以撤回").first.wait_for()


async def _watched(page: Any, people: int, begun: float) -> None:
    """Print the counts as the page shows them by itself, until it says that all is sent."""
    last, first_sent = -1, 0.0
    while True:
        counts = dict(
            await page.eval_on_selector_all(
                "#sums tr[data-state]", "rows => rows.map(r => [r.dataset.state, +r.dataset.count])"
            )
        )
        sent, after = counts.get("sent", 0), time.perf_counter() - begun
        if sent and not first_sent:
            first_sent = after
        if sent - last >= people / 10:
            print(f"{after:6.1f} s: {counts}", flush=True)
            last = sent
        if await page.locator("text=已发完").count():
            print(f"{after:6.1f} s: finished; first sent at {first_sent:.1f} s; {counts}")
            print(f"{people / (after - first_sent):,.0f} sends a second")
            return
        assert after < 1800, counts  # noqa: PLR2004
        await asyncio.sleep(0.5)


def _judged(address: str, people: int) -> None:
    rows = urlopen(f"{address}/sandbox/api/deliveries?limit={people * 2}").read().splitlines()  # noqa: S310
    got = Counter(json.loads(row)["openid"] for row in rows)
    twice = sum(1 for many in got.values() if many > 1)
    print(f"the platform delivered {len(rows):,} messages to {len(got):,} parents; {twice} twice")


if __name__ == "__main__":
    main()
