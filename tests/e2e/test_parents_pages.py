"""The pages of parents in a real browser, without scripts: sound, readable, and they delete."""

from dataclasses import replace

import pytest
import pytest_asyncio

from tests.bot.campaigns.test_links import sent
from tests.support import shots, world
from tests.support.axe import AXE, RUN_AXE
from tests.support.campaigning import WORDS as NOTICE
from tests.support.chromium import CHROMIUM
from tests.support.parents import House

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("pages"),
]
WINDOWS = ((375, "light"), (375, "dark"), (1280, "light"), (1280, "dark"))
OPEN_ALL = "() => document.querySelectorAll('details').forEach(d => { d.open = true })"
NOTICE_TEXT = "本周六上午 9:30 有一节家长公开课，讲怎么陪孩子写作业。\n在线上，想听再来：{link}"
WORDS = ("孩子写作业总是拖拉怎么办，她叫小红", "有用", "孩子说不想活了", "2", "转人工", "退订", "1")


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with House.open(given) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def pages(browser, house):
    """Return a function that opens a page in a window, and the faults of all of them."""
    faults, made = [], []

    async def opened(width=375, scheme="light", **more):
        context = await browser.new_context(
            viewport={"width": width, "height": 812}, color_scheme=scheme, **more
        )
        made.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None,
        )
        page.on(
            "request", lambda r: None if r.url.startswith(house.origin) else faults.append(r.url)
        )
        return page

    yield opened, faults
    for context in made:
        await context.close()


async def judge(page, faults):
    """Note what is wrong with a page: access for everybody, width, small targets."""
    await page.evaluate(OPEN_ALL)
    await page.evaluate(AXE.read_text("utf-8"))
    faults += [f"{page.url}: {violation}" for violation in await page.evaluate(RUN_AXE)]
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults += [f"{page.url}: {wide} px too wide"] if wide > 0 else []
    for target in await page.locator("main a, main button, header a, summary, input").all():
        box = await target.bounding_box()
        if box and box["height"] < 44:
            faults.append(f"{page.url}: {box['height']:.0f} px high, {await target.inner_text()}")


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
async def test_every_page_is_sound(house, pages, width, scheme):
    opened, faults = pages
    path = await house.link(await house.parent(*WORDS))
    page = await opened(width, scheme)
    for name, where in (
        ("start", "/h/"), ("privacy", "/h/privacy"), ("data", path),
        ("data-delete", f"{path}/delete"), ("data-big", f"{path}?big=1"),
    ):  # fmt: skip
        answer = await page.goto(house.origin + where)
        assert answer.status == 200, where
        await shots.keep(page, f"{name}-{width}-{scheme}")
        await judge(page, faults)
    assert faults == [], "\n".join(faults)


async def test_a_fault_is_a_sound_page_too(house, pages):
    opened, faults = pages
    page = await opened()
    for name, where in (
        ("error", "/h/nothing"), ("error-link", f"/h/data/{'0' * 40}"), ("error-gone", "/h/c/x"),
    ):  # fmt: skip
        answer = await page.goto(house.origin + where)
        assert answer.status == 404
        assert "回到公众号" in await page.inner_text("main")
        await shots.keep(page, name)
        await judge(page, faults)
    assert [f for f in faults if "404" not in f] == []


async def test_past_messages_are_sound_pages(house, pages):
    opened, faults = pages
    page = await opened()
    await page.goto(f"{house.origin}/h/past")
    assert await page.get_by_text("这里还没有通知").is_visible()
    await shots.keep(page, "past-empty")
    await judge(page, faults)
    words = replace(NOTICE, text=NOTICE_TEXT, target="https://edu.gz.gov.cn/x")
    await sent(house, words=words, is_public=True)
    await page.goto(f"{house.origin}/h/past")
    await shots.keep(page, "past")
    await judge(page, faults)
    await page.get_by_role("link", name=words.title).click()
    await page.get_by_role("link", name="打开链接").wait_for()
    await shots.keep(page, "past-one")
    await judge(page, faults)
    assert faults == [], "\n".join(faults)


async def test_a_parent_looks_takes_switches_and_deletes_without_a_script(house, pages):
    opened, faults = pages
    path = await house.link(await house.parent(*WORDS))
    page = await opened(java_script_enabled=False, accept_downloads=True)
    await page.goto(house.origin + path)
    await page.get_by_text("您的提问和答案").first.click()
    assert await page.get_by_text("她叫小红").first.is_visible()
    async with page.expect_download() as taken:
        await page.get_by_role("link", name="下载全部").click()
    assert (await taken.value).suggested_filename == "my-data.zip"
    await page.get_by_role("button", name="活动通知：现在关着").click()
    assert await page.get_by_text("已经改好了").is_visible()
    await page.get_by_role("button", name="活动通知：现在开着").click()
    await page.get_by_role("link", name="大字").click()
    assert await page.get_attribute("html", "class") == "big"
    await page.get_by_role("link", name="全部删除…").click()
    await page.get_by_label("确定要删").fill("删吧")
    await page.get_by_role("button", name="全部删除").click()
    assert await page.get_by_role("alert").is_visible()
    await page.get_by_label("确定要删").fill("确认删除")
    await page.get_by_role("button", name="全部删除").click()
    assert await page.get_by_role("heading", name="已经删掉了").is_visible()
    await shots.keep(page, "data-deleted")
    assert (await page.goto(house.origin + path)).status == 404
    assert await house.rows("SELECT 1 FROM decision") == []
    assert [f for f in faults if "404" not in f] == []
