"""An audience is edited, counted and saved; a school's codes are made and packed: in a browser."""

import io
import zipfile
from pathlib import Path

import pytest
import pytest_asyncio

from bot import app
from bot.clock import SystemClock
from tests.bot.audiences.conftest import OPERATOR, crowd
from tests.support import families, world
from tests.support.chromium import CHROMIUM
from tests.support.office import Office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]


@pytest_asyncio.fixture(loop_scope="session", params=[1280, 375])
async def page(browser, tmp_path, request):
    """A window of an operator of the city, in an office that reaches the platform."""
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    faults = []
    async with world.pretended() as (_, address):
        given = given.model_copy(update={"wechat_api": address})
        async with Office.open(given, clock=SystemClock()) as office, app.reachable(office.rt):
            await office.units()
            await families.write(office.rt.db, crowd(), office.clock.now())
            client = await office.staff("chen", OPERATOR, ("admin", "", ""), name="陈丽华")
            size = {"width": request.param, "height": 800}
            context = await browser.new_context(viewport=size, base_url=office.origin)
            cookie = {"name": "console", "value": client.key, "url": office.origin}
            await context.add_cookies([cookie])
            window = await context.new_page()
            window.on("pageerror", lambda error: faults.append(str(error)))
            window.on("console", lambda m: faults.append(m.text) if is_fault(m) else None)
            yield window
    assert faults == []


def is_fault(message):
    return message.type == "error" and "the server responded with a status" not in message.text


async def is_narrow_enough(page):
    return await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_an_audience_is_counted_before_it_is_saved(page):
    await page.goto("/console/audiences")
    await page.get_by_text("还没有受众").wait_for()
    await page.get_by_role("link", name="新建受众").click()
    await page.get_by_label("天河区").check()
    await page.get_by_label("小学").check()
    await page.get_by_role("button", name="计算人数").click()
    await page.get_by_role("heading", name="现在能发给多少人").wait_for()
    assert "40" in await page.locator(".stat-value").first.inner_text()
    await page.get_by_role("heading", name="其中 5 位（看不到是谁）").wait_for()
    assert await page.get_by_label("天河区").is_checked(), "what was chosen stays"
    assert await is_narrow_enough(page)
    await page.get_by_label("名称").fill("天河小学")
    await page.get_by_role("button", name="保存").click()
    await page.get_by_text("已保存成新的一版").wait_for()
    await page.get_by_text("第 1 版").wait_for()
    await page.goto("/console/audiences")
    await page.get_by_role("link", name="天河小学").wait_for()
    assert await is_narrow_enough(page)


async def test_next_september_is_looked_at_before_it_comes(page):
    await page.goto("/console/units/next-year?path=gz/tianhe")
    await page.get_by_text("示范一小").first.wait_for()
    assert "不改动任何记录" in await page.locator("main").inner_text()
    assert await page.locator("td strong").count() == 1, "what its grade is called then"
    assert await is_narrow_enough(page)


async def test_a_roster_is_tried_before_it_is_taken(page, tmp_path):
    await page.goto("/console/roster")
    assert await is_narrow_enough(page)
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="模板").first.click()
    template = tmp_path / "roster.xlsx"
    template.write_bytes(Path(await (await waiting.value).path()).read_bytes())
    await page.locator("input[type=file]").set_input_files(template)
    await page.locator("form:has(input[type=file]) button[type=submit]").click()
    await page.get_by_text("还没有导入，组织没有改动").wait_for()
    assert await is_narrow_enough(page)
    await page.get_by_role("button", name="导入").click()
    await page.get_by_text("已添加").first.wait_for()
    assert await is_narrow_enough(page)


async def test_a_school_gets_its_pack(page):
    await page.goto("/console/codes")
    assert await is_narrow_enough(page)
    assert "上限 100,000 个" in await page.locator(".stats").inner_text()
    await page.get_by_label("学校、镇街的全称").fill("示范一小")
    await page.get_by_role("button", name="找").click()
    await page.get_by_role("button", name="做好缺的 2 个").click()
    await page.get_by_text("二维码已做好").wait_for()
    assert await page.locator("td img").count() == 2
    assert await page.locator("td img").first.evaluate("i => i.naturalWidth > 0")
    assert await is_narrow_enough(page)
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="下载图片包").click()
    packed = Path(await (await waiting.value).path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        assert len(files.namelist()) == 2
    await page.get_by_role("link", name="打印").click()
    await page.locator(".code-cell").first.wait_for()
    assert await page.locator(".code-cell").count() == 2
    assert await is_narrow_enough(page)
    await page.emulate_media(media="print")
    assert not await page.locator(".side").is_visible()
    assert await page.locator(".code-cell img").first.is_visible()
