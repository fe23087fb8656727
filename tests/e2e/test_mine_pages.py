"""A parent's own corner in a real browser: by the sandbox's phone, the menu and the login."""

from datetime import timedelta

import aiohttp
import pytest
import pytest_asyncio

from bot import app
from bot.feature import Feature
from bot.h5.mine import Message, Todo
from bot.ops import wire
from bot.wechat import menu
from tests.e2e.test_parents_pages import AXE, RUN_AXE
from tests.support import shots, world
from tests.support.chromium import CHROMIUM, free_port
from tests.support.letters import Letters
from tests.support.parents import House

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("pages"),
]
WINDOWS = ((375, "light"), (375, "dark"), (1280, "light"), (1280, "dark"))
#: Texts smaller than this, and targets lower than this, in large type (MISSION 4, first 14).
TYPE_PX, TARGET_PX = 20, 48
SMALL_TYPE = """least => [...document.querySelectorAll('body *')].filter(e =>
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
  && parseFloat(getComputedStyle(e).fontSize) < least).map(e => e.outerHTML.slice(0, 90))"""
LIVE = "孩子写作业拖拉，怎么陪"
PATHS = ("", "/messages", "/messages/m1", "/todos", "/consents")


@pytest.fixture
def letters(monkeypatch):
    made = Letters()
    feature = Feature(name="letters", messages=made.mailbox, todos=made.todos)
    monkeypatch.setattr(app, "FEATURES", (*app.FEATURES, feature))
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path, letters):
    port = free_port()
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", port=port)
    async with House.open(given, public_url=f"http://127.0.0.1:{port}") as opened:
        yield opened


async def publish(house):
    """Publish the menu as `bot menu publish` does."""
    city = house.city
    async with aiohttp.ClientSession() as http, app.opened(city.settings) as rt:
        gateway = wire.shared_gateway(rt, http)
        await gateway.publish_menu(menu.load(site=city.settings.public_url))


async def phone_page(browser, house, width=375, scheme="light", **more):
    """Return a window that has tapped 我的主页 in the menu of the sandbox's phone."""
    context = await browser.new_context(
        viewport={"width": width, "height": 812}, color_scheme=scheme, **more
    )
    phone = await context.new_page()
    await phone.set_viewport_size({"width": 1280, "height": 900})
    await phone.goto(house.city.settings.wechat_api + "/")
    await phone.wait_for_selector("body[data-ready]")
    await phone.click(".empty >> text=妈妈")
    await phone.click("button:text-is('关注公众号')")
    await phone.wait_for_selector(".account >> text=家庭教育指导助手")
    await phone.get_by_text("我的", exact=True).first.click()
    async with context.expect_page() as opened:
        await phone.get_by_text("我的主页").click()
    page = await opened.value
    await page.wait_for_load_state()
    return page


def fill(house, letters):
    (phone,) = house.city.platform.phones.values()
    now = house.clock.now()
    long = "这个周末街道家长服务站有亲子阅读，带孩子来坐坐，不用报名"
    letters.put(
        phone.openid,
        Message("m1", now, "周三晚上七点半的直播", f"{LIVE}\n点「打开」看说明。", "/h/privacy"),
        Message(
            "m2", now - timedelta(days=1), "您问的有答案了", "您三天前问的。", "", is_read=True
        ),
        Message("m3", now - timedelta(days=2), long, "上午九点到十一点。", "", is_read=True),
    )
    letters.open[phone.openid] = [
        Todo(f"直播：{LIVE}", "已经预约", "/h/privacy", now + timedelta(days=2)),
        Todo("看完第三节微课", "还剩 4 分钟"),
    ]


async def judge(page, faults, *, big=False):
    await page.evaluate(AXE.read_text("utf-8"))
    faults += [f"{page.url}: {violation}" for violation in await page.evaluate(RUN_AXE)]
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults += [f"{page.url}: {wide} px too wide"] if wide > 0 else []
    least = TARGET_PX if big else 44
    for target in await page.locator("main a, main button, header a, nav a").all():
        box = await target.bounding_box()
        if box and box["height"] < least:
            faults.append(f"{page.url}: {box['height']:.0f} px high, {await target.inner_text()}")
    if big:
        faults += [f"{page.url}: {text}" for text in await page.evaluate(SMALL_TYPE, TYPE_PX)]


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
async def test_the_menu_leads_by_the_login_to_sound_pages(browser, house, letters, width, scheme):
    await publish(house)
    faults = []
    page = await phone_page(browser, house, width, scheme)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    assert page.url.partition("#")[0] == f"{house.origin}/h/mine"
    await shots.keep(page, f"mine-empty-{width}-{scheme}")
    for path in ("/messages", "/todos"):
        await page.goto(f"{house.origin}/h/mine{path}")
        await shots.keep(page, f"empty{path.replace('/', '-')}-{width}-{scheme}")
        await judge(page, faults)
    fill(house, letters)
    for path in PATHS:
        await page.goto(f"{house.origin}/h/mine{path}")
        await shots.keep(page, f"mine{path.replace('/', '-')}-{width}-{scheme}")
        await judge(page, faults)
    for path in PATHS:
        await page.goto(f"{house.origin}/h/mine{path}?big=1")
        await shots.keep(page, f"big{path.replace('/', '-')}-{width}-{scheme}")
        await judge(page, faults, big=True)
    assert faults == [], "\n".join(faults)


async def test_a_parent_reads_switches_and_leaves_without_a_script(browser, house, letters):
    await publish(house)
    page = await phone_page(browser, house)
    fill(house, letters)
    state = await page.context.storage_state()
    context = await browser.new_context(
        java_script_enabled=False, storage_state=state, viewport={"width": 375, "height": 812}
    )
    page = await context.new_page()
    await page.goto(f"{house.origin}/h/mine")
    await page.get_by_role("navigation").get_by_role("link", name="消息").click()
    await page.get_by_role("link", name="周三晚上七点半的直播").click()
    assert await page.get_by_text(LIVE).is_visible()
    await page.get_by_role("link", name="回到消息").click()
    assert await page.get_by_text("没看过").count() == 0
    await page.get_by_role("navigation").get_by_role("link", name="我的").click()
    await page.get_by_role("link", name="提醒和同意").click()
    for name in ("微课提醒", "活动通知", "同意用于研究"):
        switch = page.get_by_role("switch", name=name)
        before = await switch.get_attribute("aria-checked")
        async with page.expect_navigation():  # without a script a switch is a page of its own
            await switch.click()
        assert await page.get_by_text("已经改好了").is_visible()
        assert await page.get_by_role("switch", name=name).get_attribute("aria-checked") != before
    await shots.keep(page, "consents-done")
    given = await house.rows("SELECT kind, is_given FROM consent ORDER BY id")
    assert [(r["kind"], bool(r["is_given"])) for r in given] == [
        ("lessons", True), ("events", True), ("research", True),
    ]  # fmt: skip
    await page.get_by_role("navigation").get_by_role("link", name="我的").click()
    await page.get_by_role("button", name="我的数据").click()
    assert await page.get_by_role("heading", name="我的数据").is_visible()
    await page.goto(f"{house.origin}/h/mine")
    await page.get_by_role("button", name="退出登录").click()
    assert await page.get_by_role("heading", name="已经退出").is_visible()
    assert await house.rows("SELECT 1 FROM parent_session") == []
    await shots.keep(page, "left")


async def test_a_login_that_fails_is_a_sound_page(browser, house):
    faults = []
    page = await browser.new_page(viewport={"width": 375, "height": 812})
    await page.goto(f"{house.origin}/h/login/back?code=x&state=y")
    await judge(page, faults)
    assert await page.get_by_role("link", name="再试一次").is_visible()
    await shots.keep(page, "login-stale")
    assert [f for f in faults if "403" not in f] == []
