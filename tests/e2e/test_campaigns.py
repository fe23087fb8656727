"""S1 with browsers: written, tried on one's own phone, approved by another, sent, counted."""

import os
import re
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text, update

from bot import app
from bot.clock import SystemClock
from bot.delivery import engine
from bot.org import tree
from bot.people import sessions, staff
from bot.people.actor import Grant
from bot.people.tables import grants
from tests.e2e.test_inbox import SIZES, fits
from tests.support import sending, world
from tests.support.chromium import CHROMIUM, free_port
from tests.support.office import TIANHE, YUEXIU, hashed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SHOTS = os.environ.get("BOT_TEST_SHOTS", "")
PARENTS = 120


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path):
    url = f"sqlite:///{tmp_path}/bot.db"
    given = world.settings(
        tmp_path, url, console_port=free_port(), quiet_from="00:00", quiet_to="00:00",
        public_url="http://127.0.0.1:1",
    )  # fmt: skip
    async with world.City.open(given) as city:
        async with city.db.write() as tx:
            await tree.seed(tx, SystemClock().now())
        await colleague(city, "founder", "admin", "")
        yield city


async def people(city, count):
    """Parents of Tianhe who follow, agreed, and wrote a moment ago."""
    now = SystemClock().now()
    phones = [city.platform.add_phone(f"p{n}") for n in range(count)]
    for phone in phones:
        phone.is_following = True
        phone.window.open(50, 172_800, now.timestamp())
    async with city.db.write() as tx:
        await sending.add_people(tx, [phone.openid for phone in phones], now)
        await tx.execute(text("UPDATE follower SET scene = 'unit:gz/tianhe'"))
    return phones


async def colleague(city, login, role, area):
    now = SystemClock().now()
    async with city.db.write() as tx:
        number = await staff.create(
            tx, login=login, name=f"{login}老师", password=hashed(), now=now
        )
        given = await staff.propose(tx, number, Grant(role, area), by=number, now=now)
        row = update(grants).where(grants.c.id == given)
        await tx.execute(row.values(approved_by=number, approved_at=now))
        return await sessions.start(tx, number, full=True, agent="e2e", now=now)


@asynccontextmanager
async def seat(browser, city, login, role, size, area=TIANHE):
    origin = f"http://127.0.0.1:{city.settings.console_port}"
    width, height = size
    context = await browser.new_context(viewport={"width": width, "height": height})
    key = await colleague(city, login, role, area)
    await context.add_cookies([{"name": "console", "value": key, "url": origin}])
    page = await context.new_page()
    page.set_default_timeout(20_000)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.origin = f"{origin}/console"
    yield page
    await context.close()
    assert faults == []


async def shot(page, name):
    await fits(page)
    if SHOTS:
        width = page.viewport_size["width"]
        await page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)


@asynccontextmanager
async def worker(city):
    """What `bot work` runs, in this process."""
    async with app.opened(city.settings) as rt, app.reachable(rt), engine.running(rt):
        yield rt


@pytest.mark.parametrize("size", SIZES)
async def test_a_notice_reaches_each_parent_once(browser, town, size):
    phones = await people(town, PARENTS)
    own = town.parent("own")
    await own.follows()
    await colleague(town, "eve", "operator", YUEXIU)
    async with (
        seat(browser, town, "ann", "operator", SIZES[size]) as ann,
        seat(browser, town, "bob", "operator", SIZES[size]) as bob,
    ):
        number = await composed(ann)
        await tried(ann, own)
        await submitted(ann, town)
        await approved(bob, number)
        async with worker(town):
            await sent(ann, town, number)
            await shot(ann, "run")
            await stopped_everything(ann)
        shown = [len(phone.log) for phone in phones]
        assert shown == [1] * PARENTS


async def composed(page):
    await page.goto(f"{page.origin}/campaigns")
    await shot(page, "list-empty")
    await page.click(".page-actions >> text=新建")
    await page.fill("#f-name", "周六公开课")
    await page.fill("#f-title", "周六家长公开课")
    await page.fill("#f-text", "请务必全员截图参加周六的公开课。")
    await page.fill("#f-target", "/h/past")
    await page.select_option("#f-area", TIANHE)
    await page.check("#f-public")
    await shot(page, "compose")
    await page.click("button:has-text('保存草稿')")
    await page.locator(".finding >> text=涉嫌强制").wait_for()
    assert await page.locator("[data-total]").inner_text() == str(PARENTS)
    await page.locator("text=客服消息").first.wait_for()
    await shot(page, "warned")
    await page.click(".page-actions >> text=修改")
    await page.fill("#f-text", "本周六上午 9:30 有一节家长公开课，欢迎来听：{link}")
    await page.click("button:has-text('保存草稿')")
    await page.locator("text=已保存").wait_for()
    assert await page.locator(".finding >> text=涉嫌").count() == 0
    return int(re.search(r"/campaigns/(\d+)", page.url)[1])


async def tried(page, own):
    await page.click("button:has-text('取连接码')")
    code = (await page.locator("[data-code]").inner_text()).strip()
    await shot(page, "code")
    assert "已经连上" in await own.says(code)
    await page.click("text=我发好了")
    await page.click("button:has-text('试发给我')")
    await page.locator("text=已发到您的试发手机").wait_for()
    assert any("【试发】" in line and "公开课" in line for line in own.chat)
    assert await page.locator(".finding").count() == 0


async def submitted(page, town):
    (eve,) = await town.rows("SELECT id FROM staff WHERE login = 'eve'")
    await page.evaluate(
        "n => { const s = document.querySelector('#f-reviewer');"
        " s.options[0].value = n; s.selectedIndex = 0; }",
        str(eve["id"]),
    )
    await page.click("button:has-text('提交审批')")
    await page.locator("text=您不在同一管理范围").wait_for()
    await page.select_option("#f-reviewer", label="bob老师")
    await page.click("button:has-text('提交审批')")
    await page.locator("text=已提交，等审批").wait_for()
    await shot(page, "submitted")


async def approved(page, number):
    await page.goto(f"{page.origin}/campaigns/{number}/approve")
    await shot(page, "approve")
    await page.fill("#f-count", "119")
    await page.click("button:has-text('批准，正式发给家长')")
    await page.locator("text=输入的人数和现在的受众人数不一样").wait_for()
    await page.fill("#f-count", str(PARENTS))
    await page.click("button:has-text('批准，正式发给家长')")
    await page.locator("text=还可以撤回").first.wait_for()


async def sent(page, town, number):
    await page.goto(f"{page.origin}/campaigns/{number}")
    await page.locator("button:has-text('撤回，一条都不发')").wait_for()
    await page.locator(f"tr[data-state=frozen][data-count='{PARENTS}']").wait_for()
    await page.locator("time.countdown").wait_for()  # by itself
    await shot(page, "hold")
    early = (SystemClock().now() - timedelta(minutes=5)).replace(tzinfo=None)
    async with town.db.write() as tx:
        await tx.execute(text("UPDATE broadcast SET frozen_at = :at"), {"at": early})
    await page.locator("text=已发完").wait_for()  # by itself
    counts = await page.eval_on_selector_all(
        "#sums tr[data-state]", "rows => rows.map(r => [r.dataset.state, +r.dataset.count])"
    )
    found = dict(counts)
    assert found.pop("frozen") == sum(found.values()) == PARENTS
    assert found["sent"] == PARENTS


async def stopped_everything(page):
    await page.goto(f"{page.origin}/sending")
    await shot(page, "sending")
    await page.click("main button:has-text('全部急停')")
    await page.locator("dialog[open] .btn-danger, dialog[open] .btn-primary").first.click()
    await page.locator("text=已全部急停").wait_for()
    await shot(page, "stopped")
