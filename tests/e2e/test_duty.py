"""P4 with browsers: an alarm appears live where the person on duty is, is taken, or goes on."""

from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from sqlalchemy import insert, select, update

from bot import app
from bot.care import calling
from bot.clock import SystemClock
from bot.org import tree
from bot.people import sessions, staff
from bot.people.actor import Grant
from bot.people.tables import grants
from bot.people.tables import staff as accounts
from bot.safety.tables import alarms, slots
from tests.support import shots, world
from tests.support.chromium import CHROMIUM, free_port
from tests.support.office import hashed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SIZES = {"desktop": (1280, 900), "phone": (375, 800)}
CRY = "孩子说不想活了，刚才吃了一瓶药，他叫小明"


@pytest_asyncio.fixture(loop_scope="session")
async def town(tmp_path):
    port = free_port()
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", console_port=port)
    async with world.City.open(given) as city:
        async with city.db.write() as tx:
            await tree.seed(tx, SystemClock().now())
        await colleague(city, "founder", "admin")
        yield city


async def colleague(city, login, role):
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
    origin = f"http://127.0.0.1:{city.settings.console_port}"
    context = await browser.new_context(viewport=dict(zip(("width", "height"), size, strict=True)))
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


async def on_duty(city, *logins):
    async with city.db.write() as tx:
        for place, login in enumerate(logins, 1):
            number = await tx.scalar(select(accounts.c.id).where(accounts.c.login == login))
            await tx.execute(
                insert(slots).values(
                    area="", severity=1, weekday=0, begins=0, ends=1440, staff=number, place=place
                )
            )


async def call(city):
    async with app.opened(city.settings) as rt:
        return await calling.call(rt)


async def past_due(city):
    """Let the time of an alarm be over, as ten minutes would."""
    now = SystemClock().now()
    async with city.db.write() as tx:
        await tx.execute(update(alarms).values(due_at=now, changed_at=now))


async def fits(page):
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, page.url


@pytest.mark.parametrize("size", SIZES)
async def test_an_alarm_calls_one_then_the_next_and_is_taken(browser, town, size):
    parent = town.parent()
    await parent.follows()
    async with (
        seat(browser, town, "first", "lead", SIZES[size]) as first,
        seat(browser, town, "second", "agent", SIZES[size]) as second,
    ):
        await on_duty(town, "first", "second")
        await first.goto(f"{first.origin}/me")  # any page will do
        await second.goto(f"{second.origin}/inbox")
        assert "现在有危险吗" in await parent.says(CRY)
        await call(town)
        await first.locator(".duty-alarm >> text=自伤自杀").wait_for()  # by itself
        assert (await first.title()).startswith("（1 条危机）")
        assert "小明" not in await first.content()
        assert await second.locator(".duty-alarm").count() == 0
        await fits(first)
        await past_due(town)
        await call(town)
        await second.locator(".duty-alarm >> text=自伤自杀").wait_for()
        await second.click(".duty-alarm button:has-text('我来处理')")
        await second.locator("text=已接手，不再呼叫其他人").wait_for()
        await first.locator(".duty-alarm").wait_for(state="detached")  # by itself
        assert not (await first.title()).startswith("（")
        await fits(second)
        await closes(second)


async def closes(page):
    await page.goto(f"{page.origin}/duty")
    await page.select_option("select[name=outcome]", label="已联系家长并给出帮助")
    await page.click("button:has-text('结束')")
    await page.locator("text=已结束。").wait_for()
    await page.goto(f"{page.origin}/duty?tab=closed")
    await page.locator("text=已联系家长并给出帮助").first.wait_for()
    await fits(page)


@pytest.mark.parametrize("size", SIZES)
async def test_the_safety_pages_fit(browser, town, size):
    async with seat(browser, town, "lead", "lead", SIZES[size]) as lead:
        for path in ("duty", "duty/table", "duty/slips", "hotlines", "crisis-texts", "holds"):
            await lead.goto(f"{lead.origin}/{path}")
            await lead.locator("h1").wait_for()
            await shots.keep(lead, "-".join((*path.split("/"), size)))
            await fits(lead)
