"""The calendar of the console in a real browser: a notice is entered, seen, changed, taken away."""

import os

import pytest
import pytest_asyncio

from bot.console import guard
from tests.e2e.test_parents_pages import AXE, RUN_AXE
from tests.support import world
from tests.support.chromium import CHROMIUM
from tests.support.office import Office

SHOTS = os.environ.get("BOT_TEST_SHOTS", "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("pages"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Office.open(given) as opened:
        yield opened


async def window(browser, office, width, scheme):
    person = await office.staff(f"operator{width}", ("operator", "", ""))
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    name = guard.cookie_name(office.rt.settings)
    await context.add_cookies([{"name": name, "value": person.key, "url": office.origin}])
    return await context.new_page()


async def judge(page, faults, name):
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    await page.evaluate(AXE.read_text("utf-8"))
    faults += [f"{name}: {violation}" for violation in await page.evaluate(RUN_AXE)]
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults += [f"{name}: {wide} px too wide"] if wide > 0 else []


async def fill(page, **values):
    for name, value in values.items():
        await page.fill(f"#f-{name}", value)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
async def test_a_notice_is_entered_changed_and_taken_away(browser, office, width, scheme):
    faults = []
    page = await window(browser, office, width, scheme)
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(f"{office.origin}/console/calendar?year=2027")
    assert await page.get_by_text("放假安排还没有录全").is_visible()
    await judge(page, faults, f"calendar-empty-{width}")
    await page.goto(f"{office.origin}/console/calendar/new")
    await judge(page, faults, f"calendar-new-{width}")
    await page.select_option("#f-kind", "state_holiday")
    days = {"first": "2027-02-05", "last": "2027-02-11"}
    await fill(page, name="春节", source="国办发明电〔示例〕号", reviewed_on="2026-11-20", **days)
    await page.get_by_role("button", name="添加").click()
    await page.get_by_text("已添加，马上生效").wait_for()
    await judge(page, faults, f"calendar-2027-{width}")
    await page.get_by_role("link", name="春节").click()
    await page.get_by_role("button", name="保存").wait_for()
    await fill(page, name="春节放假", last="2027-02-12")
    await page.get_by_role("button", name="保存").click()
    await page.get_by_text("共 8 天").wait_for()
    await page.get_by_role("link", name="春节放假").click()
    await page.get_by_role("button", name="删除").click()
    await page.click("dialog button:has-text('删除')")
    await page.get_by_text("已删除，马上生效").wait_for()
    assert await office.rows("SELECT 1 FROM calendar_day") == []
    await page.goto(f"{office.origin}/console/calendar?year=2026")
    await judge(page, faults, f"calendar-2026-{width}")
    assert faults == [], "\n".join(faults)
