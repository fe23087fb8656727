"""S4 with browsers: an agent, a lead and a parent's phone; what one does appears at the other."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.clock import SystemClock
from bot.org import tree
from bot.people import sessions, staff
from bot.people.actor import Grant
from bot.people.tables import grants
from tests.support import world
from tests.support.chromium import CHROMIUM, free_port
from tests.support.office import hashed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SIZES = {"desktop": (1280, 900), "phone": (375, 800)}
SECRET = "孩子叫小明，最近写作业总是拖拉"


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path):
    url = f"sqlite:///{tmp_path}/bot.db"
    given = world.settings(tmp_path, url, console_port=free_port())
    async with world.City.open(given) as city:
        async with city.db.write() as tx:
            await tree.seed(tx, SystemClock().now())
        await colleague(city, "founder", "admin")
        yield city


async def colleague(city, login, role):
    """Open an account with a grant that counts and a session; returns the session's key."""
    now = SystemClock().now()
    async with city.db.write() as tx:
        number = await staff.create(
            tx, login=login, name=f"{login}老师", password=hashed(), now=now
        )
        given = await staff.propose(tx, number, Grant(role, ""), by=number, now=now)
        row = update(grants).where(grants.c.id == given)
        await tx.execute(row.values(approved_by=number, approved_at=now))
        return await sessions.start(tx, number, full=True, agent="e2e", now=now)


@asynccontextmanager
async def seat(browser, city, login, role, size):
    """Open a browser of a colleague; its console must stay clean."""
    origin = f"http://127.0.0.1:{city.settings.console_port}"
    width, height = size
    context = await browser.new_context(viewport={"width": width, "height": height})
    key = await colleague(city, login, role)
    await context.add_cookies([{"name": "console", "value": key, "url": origin}])
    page = await context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.origin = f"{origin}/console"
    yield page
    await context.close()
    assert faults == []


async def fits(page):
    """Check that nothing sticks out to the side."""
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, page.url


@pytest.mark.parametrize("size", SIZES)
async def test_an_expert_answers_a_parent(browser, town, size):
    parent = town.parent()
    await parent.follows()
    async with (
        seat(browser, town, "agent", "agent", SIZES[size]) as agent,
        seat(browser, town, "lead", "lead", SIZES["desktop"]) as lead,
    ):
        await agent.goto(f"{agent.origin}/inbox")
        await agent.locator("text=这里没有工单").wait_for()
        assert "已经替您叫人" in (told := await parent.says("转人工")) or "已经记下" in told
        await agent.locator(".row-item").wait_for()  # by itself
        await parent.says(SECRET)
        await fits(agent)
        await agent.click(".row-item")
        await agent.click("button:has-text('认领')")
        await agent.locator("text=已认领").wait_for()
        assert SECRET not in await agent.content()
        await asks_and_is_granted(agent, lead)
        await agent.locator("#ticket-talk >> text=小明").wait_for()  # by itself
        await answers(agent, parent)
        await closes(agent, parent)
        await fits(agent)


async def asks_and_is_granted(agent, lead):
    await agent.fill("#a-reason", "家长说得不清楚，需要看原话")
    await agent.click("button:has-text('申请查看')")
    await agent.locator("text=等待批准").wait_for()
    await lead.goto(f"{lead.origin}/inbox/grants")
    await lead.click("button:has-text('批准')")
    await lead.locator("text=已批准，24 小时内有效").wait_for()


async def answers(agent, parent):
    assert "还可发 5 条" in await agent.inner_text("form[data-guard]")
    await agent.fill("#f-text", "您好，先别急，孩子几点开始写？")
    await agent.click("button:has-text('发给家长')")
    await agent.locator("text=已发给家长").wait_for()
    assert parent.chat[-1] == "【答疑专家】您好，先别急，孩子几点开始写？"
    assert await parent.says("一般七点开始写作业") == ""
    await agent.locator("#ticket-talk >> text=七点开始").wait_for()  # by itself


async def closes(agent, parent):
    await agent.click("summary:has-text('结束工单')")
    await agent.click("button:has-text('结束')")
    await agent.click("dialog button:has-text('结束')")
    await agent.locator("text=自动助手接着回答家长").first.wait_for()
    assert "继续问我也行" in parent.chat[-1]
    assert "依据：" in await parent.says("孩子写作业总是拖拉怎么办")


async def test_the_service_stops_while_somebody_listens(browser, tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", console_port=free_port())
    async with world.City.open(given) as city:
        await colleague(city, "founder", "admin")
        context = await browser.new_context()
        key = await colleague(city, "agent", "agent")
        origin = f"http://127.0.0.1:{given.console_port}"
        await context.add_cookies([{"name": "console", "value": key, "url": origin}])
        page = await context.new_page()
        async with page.expect_request("**/inbox/events"):
            await page.goto(f"{origin}/console/inbox")
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 20
    await context.close()
