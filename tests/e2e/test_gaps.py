"""A3's first half with a browser: a gap is merged, drafted, tried and handed in to review."""

import pytest
import pytest_asyncio

from bot.curation import adopting
from tests.support import world
from tests.support.asking import BED, NAILS, Parents
from tests.support.chromium import CHROMIUM
from tests.support.office import Office

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path):
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    async with Office.open(given, base=True) as opened:
        async with opened.rt.db.write() as tx:
            await adopting.adopt(opened.rt, tx)
        yield opened


async def page_of(browser, office, client, size):
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
    await context.add_cookies([{"name": "console", "value": client.key, "url": office.origin}])
    page = await context.new_page()
    page.faults = []
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    return page


@pytest.mark.parametrize("size", [(1280, 900), (375, 800)])
async def test_a_gap_is_merged_drafted_and_tried(browser, office, size):
    parents = Parents(office)
    await parents.ask(*NAILS, *BED)
    await parents.collect()
    nails, bed = await parents.gap_of(NAILS[0]), await parents.gap_of(BED[0])
    editor = await office.staff("editor", ("editor", "", ""), name="陈编辑")
    page = await page_of(browser, office, editor, size)

    await page.goto(f"{office.origin}/console/gaps")
    await page.click(f"a[href='/console/gaps/{bed}']")
    await page.fill("#m-into", str(nails))
    await page.click("button:has-text('合并')")
    await page.wait_for_url(f"**/gaps/{nails}?done=gap.merged")
    for words in (*NAILS, *BED):
        assert await page.is_visible(f"text={words}")

    await page.select_option("#d-topic", "life.sleep")
    await page.fill("#d-summary", "啃指甲")
    await page.click("button:has-text('建立草稿')")
    await page.wait_for_url("**/entries/life.sleep.q-*")
    assert NAILS[0] in await page.input_value("#f-similar_log") + await page.input_value(
        "#f-question"
    )

    await page.goto(f"{office.origin}/console/gaps/{nails}")
    await page.click("button:has-text('试答')")
    await page.wait_for_selector("#result")
    asked = len(NAILS) + len(BED)
    assert await page.is_visible(f"text={asked}/{asked} 答对")
    assert page.faults == []
