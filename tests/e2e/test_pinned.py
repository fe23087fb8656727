"""L7 with a browser: the alert, an answer written, approved by another person, withdrawn."""

from datetime import timedelta

import pytest
import pytest_asyncio

from bot.pinned import watch, week
from tests.bot.pinned.conftest import ANSWER, PANYU, Room
from tests.support import world
from tests.support.asking import Parents
from tests.support.chromium import CHROMIUM
from tests.support.office import Office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def room(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Office.open(given, base=True) as office:
        await office.units()
        yield Room(office, Parents(office))


async def page_of(browser, office, client, size):
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
    await context.add_cookies([{"name": "console", "value": client.key, "url": office.origin}])
    page = await context.new_page()
    page.faults = []
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    return page


async def is_wide(page):
    return await page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0


@pytest.mark.parametrize("size", [(1280, 900), (375, 800)])
async def test_from_the_alert_to_the_answer_and_back(browser, room, size):
    office = room.office
    await room.asked(214, ago=timedelta(minutes=3))
    await watch.watch_surges(room.rt)
    await week.count_hot(room.rt)
    writer = await office.staff("writer", ("editor", PANYU, ""), name="陈编辑")
    page = await page_of(browser, office, writer, size)

    await page.goto(f"{office.origin}/console/")
    await page.click("a:has-text('番禺区突发热议')")
    await page.wait_for_url("**/surges/1")
    assert "214" in await page.inner_text("main")
    await page.select_option("#a-person", label="陈编辑")
    await page.click("form[action$='/assign'] button")
    await page.wait_for_selector("text=处理中")
    assert not await is_wide(page)

    await page.click("text=写置顶答复")
    await page.wait_for_url("**/pinned/new?surge=1")
    assert "停课" in await page.input_value("#f-wordings")
    await page.fill("#f-answer", ANSWER)
    await page.fill("#f-source", "番禺区教育局 11 月 24 日通告")
    await page.click("text=保存草稿")
    await page.wait_for_url("**/pinned/1?done=*")
    assert "自己写过" in await page.inner_text("main")
    assert not await is_wide(page)

    second = await office.staff("second", ("reviewer", PANYU, ""), name="李审核")
    other = await page_of(browser, office, second, size)
    await other.goto(f"{office.origin}/console/pinned?state=draft")
    await other.click("a[href='/console/pinned/1']")
    await other.click("form[action$='/approve'] button")
    await other.wait_for_url("**/pinned/1?done=*")
    assert "生效中" in await other.inner_text("body")

    await page.goto(f"{office.origin}/console/hot")
    assert "番禺区" in await page.inner_text("main")
    assert not await is_wide(page)
    await page.goto(f"{office.origin}/console/pinned/1")
    await page.fill("#w-note", "教育局更正")
    await page.click("text=马上撤下")
    await page.wait_for_url("**/pinned/1?done=*")
    assert "已撤下：教育局更正" in await page.inner_text("main")
    assert not await is_wide(page)
    assert page.faults + other.faults == []
