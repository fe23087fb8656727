"""L1 with a browser: the funnel of the city, down to a school, wide and narrow."""

import os
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import insert

from bot.analytics import funnel_job
from bot.org import tree
from bot.school.learner_tables import enrolments
from tests.bot.analytics.test_funnel import parents, taken
from tests.support import families, school, world
from tests.support.axe import AXE, RUN_AXE
from tests.support.chromium import CHROMIUM
from tests.support.office import CLASS, OTHER_SCHOOL, Office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
SHOTS = os.environ.get("BOT_TEST_SHOTS", "")


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Office.open(given) as opened:
        await opened.units()
        await school.publish(opened.rt, "homework-rhythm", "phone-agreement", "kinder-start")
        here = parents(260, CLASS, "a", wants=("lessons",))
        there = parents(140, "", "b", scene=f"unit:{OTHER_SCHOOL}")
        nine = parents(9, "", "c", scene="unit:gz/conghua")
        more = [
            family
            for n, path in enumerate(("haizhu", "liwan", "baiyun", "panyu"))
            for family in parents(40 + 20 * n, "", f"d{n}", scene=f"unit:gz/{path}")
        ]
        await families.write(opened.rt.db, [*here, *there, *nine, *more, *parents(90, "", "e")])
        learners = [*here[:120], *there[:70], *nine[:4], *more[::3]]
        taken_by = [taken(one, finished=n % 2 == 0) for n, one in enumerate(learners)]
        taken_by += [taken(one, "phone-agreement") for one in here[:44]]
        async with opened.rt.db.write() as tx:
            await tx.execute(insert(enrolments), taken_by)
            # a small school beside the large one
            street = "gz/tianhe/shifan"
            unit = tree.Unit(f"{street}/shanqian", street, "school", "山前小学", "primary")
            await tree.add(tx, unit, opened.clock.now())
        await funnel_job.count_funnel(opened.rt)
        yield opened


async def looked_at(page, name):
    """Check a page as it stands, and keep a picture where one is wanted."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.add_script_tag(path=str(AXE))
    assert await page.evaluate(RUN_AXE) == []
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


async def test_the_funnel_leads_from_the_city_to_a_school_and_no_further(browser, office):
    client = await office.staff("chen", ("operator", "", ""), name="陈丽华")
    faults = []
    for width in (1280, 375):
        context = await browser.new_context(
            viewport={"width": width, "height": 900}, base_url=office.origin,
            bypass_csp=True, accept_downloads=True,
        )  # fmt: skip
        cookie = {"name": "console", "value": client.key, "url": office.origin}
        await context.add_cookies([cookie])
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto("/console/dashboard/funnel")
        units = page.get_by_role("region", name="下一级单位")
        assert "从化区" in await units.inner_text()
        small = units.locator("tr", has_text="从化区").locator("td")
        assert (await small.nth(1).inner_text()) == "不显示", "nine are too few"
        await page.locator("[data-chart] canvas, [data-chart] svg").first.wait_for()
        await looked_at(page, f"city-{width}")
        await units.get_by_role("link", name="天河区").click()
        await page.get_by_role("link", name="示范街").click()
        await page.get_by_role("cell", name="示范一小").wait_for()
        await page.get_by_text("怎么算的").first.click()
        await looked_at(page, f"street-{width}")
        assert "3班" not in await page.content()
        async with page.expect_download() as waiting:
            await page.get_by_role("button", name="导出 CSV").click()
        text = Path(await (await waiting.value).path()).read_text(encoding="utf-8-sig")
        assert "示范一小" in text
        await context.close()
    assert faults == []
