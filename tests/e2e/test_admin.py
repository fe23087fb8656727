"""A7 with browsers: invited, enrolled, approved by a second person, scoped; the log tells."""

import re

import pyotp
import pytest
import pytest_asyncio

from bot.clock import SystemClock
from tests.support import world
from tests.support.chromium import CHROMIUM
from tests.support.office import PASSWORD, Office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]


@pytest_asyncio.fixture(loop_scope="session", params=[1280, 375])
async def people(browser, tmp_path, request):
    """The office, and a function that opens a window: a colleague's, or a stranger's."""
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    faults = []
    async with Office.open(given, clock=SystemClock()) as office:
        await office.units()

        async def window(client=None):
            size = {"width": request.param, "height": 800}
            context = await browser.new_context(viewport=size, base_url=office.origin)
            if client is not None:
                cookie = {"name": "console", "value": client.key, "url": office.origin}
                await context.add_cookies([cookie])
            page = await context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda m: faults.append(m.text) if is_fault(m) else None)
            return page

        yield office, window
    assert faults == []


def is_fault(message):
    """Say whether the browser complains; it also names each answer that is a refusal."""
    return message.type == "error" and "the server responded with a status" not in message.text


async def is_narrow_enough(page):
    return await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def invited(page):
    """Let an administrator invite an operator of Tianhe; returns the link."""
    await page.goto("/console/staff/invite")
    await page.get_by_label("姓名").fill("王芳")
    await page.get_by_label("角色").select_option("operator")
    await page.get_by_label("范围").select_option("gz/tianhe")
    await page.get_by_role("button", name="生成邀请链接").click()
    await page.get_by_role("heading", name="邀请链接").wait_for()
    assert await is_narrow_enough(page)
    return await page.locator(".copyable code").inner_text()


async def accepted(page, link):
    """Let a guest choose login and password, and log in as far as that leads."""
    await page.goto(link)
    await page.get_by_label("登录名").fill("wang.fang")
    for label in ("密码", "再输入一次密码"):
        await page.get_by_label(re.compile(f"^{label}\\*?$")).fill(PASSWORD)
    await page.get_by_role("button", name="建立账号").click()
    await page.get_by_text("账号已开通").wait_for()
    await logged_in(page)


async def logged_in(page):
    await page.get_by_label("登录名").fill("wang.fang")
    await page.get_by_label(re.compile(r"^密码\*?$")).fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()


async def enrolled(page):
    """Set up the second factor as a phone would, and go on past the recovery codes."""
    await page.get_by_role("heading", name="开启两步验证").wait_for()
    await page.get_by_text("手工输入密钥").click()
    secret = (await page.locator(".copyable code").inner_text()).strip()
    await page.get_by_label("6 位验证码").fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="确认开启").click()
    await page.get_by_role("heading", name="保存恢复码").wait_for()
    assert await page.locator(".codes li").count() == 10
    await page.get_by_role("link", name="我已保存，进入工作台").click()


async def test_from_the_invitation_to_a_view_of_one_district(people):
    office, window = people
    first = await window(await office.staff("first", ("admin", "", ""), name="陈丽华"))
    guest = await window()
    await accepted(guest, await invited(first))
    await guest.get_by_role("heading", name="王芳，您好").wait_for()
    assert (await guest.goto("/console/units")).status == 403

    second = await window(await office.logged_in(office.founder))
    await second.goto("/console/staff/grants")
    await second.get_by_text("王芳").first.wait_for()
    assert await is_narrow_enough(second)
    await second.get_by_role("button", name="批准", exact=True).click()
    await second.get_by_text("授权已批准").wait_for()
    await first.goto("/console/staff/grants")
    assert await first.get_by_role("button", name="批准", exact=True).count() == 0

    await guest.goto("/console/login")
    await logged_in(guest)
    await enrolled(guest)
    await guest.goto("/console/units")
    await guest.get_by_role("heading", name="天河区").wait_for()
    for path in ("?path=gz/yuexiu", "?path=gz"):
        assert (await guest.goto(f"/console/units{path}")).status == 404
    await guest.goto("/console/search?q=一小")
    found = await guest.locator("main").inner_text()
    assert "示范一小" in found
    assert "东山一小" not in found


async def test_a_changed_row_of_the_log_is_named_by_its_number(people):
    office, window = people
    page = await window(await office.staff("first", ("admin", "", ""), name="陈丽华"))
    for name in ("示范一街", "示范二街"):
        await page.goto("/console/units?path=gz/tianhe/shifan")
        await page.get_by_label("名称", exact=False).last.fill(name)
        await page.get_by_role("button", name="保存名称").click()
        await page.get_by_text("已改名。").wait_for()
    await page.goto("/console/audit")
    await page.get_by_role("button", name="校验链条").click()
    await page.get_by_text("链完整，共 2 条").wait_for()
    await office.change("UPDATE audit SET login = 'somebody.else' WHERE number = 2")
    await page.goto("/console/audit")
    await page.get_by_role("button", name="校验链条").click()
    await page.get_by_text("链在 #2 断开").wait_for()
    assert await is_narrow_enough(page)
