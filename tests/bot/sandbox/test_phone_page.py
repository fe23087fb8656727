"""A person with a browser: the phone page, the sandbox behind it, and the real service."""

import asyncio

import pytest

from tests.support import world
from tests.support.chromium import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
QUESTION = "孩子写作业总是拖拉怎么办"


@pytest.fixture
async def browser():
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with playwright.async_playwright() as driver:
        made = await driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield made
        await made.close()


@pytest.fixture
async def phone(browser, tmp_path, request):
    """The phone page of a platform in this mode, and the service that answers it."""
    mode = request.param
    given = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", wechat_mode=mode)
    async with world.City.open(given) as city:
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        await page.goto(city.settings.wechat_api + "/")
        await page.wait_for_selector("body[data-ready]")
        page.city = city
        yield page
        await page.close()
        assert faults == []


async def says(page, words):
    """Write, and wait for one more bubble of the account; returns its words."""
    bubbles = page.locator(".account .bubble")
    before = await bubbles.count()
    await page.fill(".words", words)
    await page.press(".words", "Enter")
    await bubbles.nth(before).wait_for()
    return await bubbles.nth(before).inner_text()


@pytest.mark.parametrize("phone", ["plain", "compatible", "safe"], indirect=True)
async def test_a_parent_follows_asks_picks_and_rates(phone):
    await phone.click(".empty >> text=妈妈")
    await phone.click("button:text-is('关注公众号')")
    await phone.wait_for_selector(".account >> text=家庭教育指导助手")
    asked = await says(phone, QUESTION)
    assert "依据：" in asked
    picked = await says(phone, "1")
    assert "依据：" in picked
    assert picked != asked
    rated = await says(phone, "有用")
    assert "谢谢您" in rated
    assert await phone.locator(".finding").count() == 0
    votes = await phone.city.rows("SELECT rule, feedback FROM decision ORDER BY id")
    assert [(v["rule"], v["feedback"]) for v in votes][1] == ("choice", 1)


@pytest.mark.parametrize("phone", ["plain"], indirect=True)
async def test_a_phone_comes_in_one_step_and_stays_where_it_is(phone):
    held = asyncio.Event()

    async def wait(route):
        await held.wait()
        await route.continue_()

    await phone.route("**/sandbox/api/phones/*/log", wait)
    async with phone.expect_request("**/sandbox/api/phones/*/log"):
        await phone.click(".empty >> text=妈妈")
    assert await phone.locator(".phone").count() == 0
    assert await phone.locator(".empty").is_visible()
    held.set()
    await phone.wait_for_selector("button:text-is('关注公众号')")
    assert await phone.locator(".empty").count() == 0


@pytest.mark.parametrize("phone", ["safe"], indirect=True)
async def test_the_wire_of_safe_mode_shows_both_sides_opened(phone):
    await phone.click(".empty >> text=妈妈")
    await phone.click("button:text-is('关注公众号')")
    await phone.wait_for_selector(".account >> text=家庭教育指导助手")
    await says(phone, QUESTION)
    await phone.locator(".account .line").last.locator("text=报文").click()
    shown = "\n".join(await phone.locator(".wire pre").all_inner_texts())
    assert "<Encrypt>" in shown
    assert f"<Content><![CDATA[{QUESTION}]]>" in shown


@pytest.mark.parametrize("phone", ["safe"], indirect=True)
async def test_an_attack_from_the_bench_is_repelled(phone):
    city = phone.city
    await phone.click(".empty >> text=妈妈")
    await phone.click("button:text-is('关注公众号')")
    await phone.wait_for_selector(".account >> text=家庭教育指导助手")
    url = f"{city.settings.wechat_api}/sandbox/api/hostile/bad_signature"
    done = await phone.evaluate(
        "url => fetch(url, {method: 'POST', body: '{}',"
        " headers: {'Content-Type': 'application/json'}}).then(r => r.json())",
        url,
    )
    assert (done["passed"], done["status"]) == (True, 403)
    assert "不客气" in await says(phone, "谢谢")
