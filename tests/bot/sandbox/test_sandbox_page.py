"""The phone page in a real browser."""

from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
]
MENU = {
    "button": [
        {"type": "click", "name": "问一问", "key": "ASK"},
        {"name": "学课程", "sub_button": [{"type": "click", "name": "我的课程", "key": "MINE"}]},
    ]
}


@pytest.fixture
async def page(sandbox):
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        errors = []
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.foreign = []
        page.on("request", lambda r: page.foreign.append(r.url))
        await page.goto(str(sandbox.client.make_url("/")))
        await page.wait_for_selector("body[data-ready]")
        yield page
        await browser.close()
        assert errors == []


async def test_a_person_follows_writes_and_sees_the_answer(page, sandbox, webhook, reply):
    webhook.answer = lambda fields: reply(fields, f"收到{fields.get('Content', '关注')}")
    await page.click(".empty >> text=妈妈")
    await page.click("button:text-is('关注公众号')")
    await page.wait_for_selector("text=收到关注")
    await page.fill(".words", "作业拖拉")
    await page.press(".words", "Enter")
    await page.wait_for_selector(".account >> text=收到作业拖拉")
    line = page.locator(".account .line").last
    assert "1 次推送" in await line.inner_text()
    await line.locator("text=报文").click()
    assert "<Content><![CDATA[作业拖拉]]>" in await page.locator(".wire pre").first.inner_text()
    host = str(sandbox.client.make_url("/"))
    assert [url for url in page.foreign if not url.startswith(host)] == []


async def test_a_text_is_drawn_as_wechat_draws_it(page, webhook, reply):
    words = (
        '第一行\n<b>粗</b> <a href="https://example.com/a">课程</a> https://example.com/b。'
        '<a href="weixin://bizmsgmenu?msgmenucontent=%E6%88%91%E8%A6%81&msgmenuid=7">点我</a>'
        '<a href="javascript:alert(1)">坏</a><img src=x onerror=alert(1)>'
    )
    webhook.answer = lambda fields: reply(fields, words)
    await page.click(".empty >> text=妈妈")
    await page.click("button:text-is('关注公众号')")
    bubble = page.locator(".account .bubble").first
    await bubble.wait_for()
    assert await bubble.locator("b, img").count() == 0
    links = await bubble.locator("a").evaluate_all("list => list.map(a => a.href)")
    assert links == ["https://example.com/a", "https://example.com/b"]
    await bubble.locator(".say").click()
    await page.wait_for_selector(".own >> text=我要")
    assert webhook.pushes[-1]["bizmsgmenuid"] == "7"


async def test_the_menu_appears_when_it_is_published_and_is_tapped(page, sandbox, webhook):
    await page.click(".empty >> text=外婆")
    await page.click("button:text-is('关注公众号')")
    await page.wait_for_selector(".words")
    assert await page.locator(".menubar").count() == 0
    await sandbox.wx("/cgi-bin/menu/create", MENU)
    await page.click(".menubar >> text=学课程")
    await page.click(".below >> text=我的课程")
    await page.wait_for_selector("text=点击菜单「我的课程」")
    assert webhook.pushes[-1]["EventKey"] == "MINE"


async def test_a_bad_reply_shows_the_fault_and_why(page, sandbox, webhook):
    webhook.answer = lambda _fields: "oops"
    await page.click(".empty >> text=妈妈")
    await page.click("button:text-is('关注公众号')")
    await page.wait_for_selector(".system.fault")
    assert "也不是合法的 XML" in await page.locator(".finding").first.inner_text()


async def test_a_narrow_screen_shows_one_phone_and_a_drawer(page, sandbox):
    await sandbox.phone("妈妈")
    await sandbox.phone("外婆")
    await page.set_viewport_size({"width": 375, "height": 740})
    await page.wait_for_selector("#tabs >> text=外婆")
    await page.click("#tabs >> text=妈妈")
    assert await page.locator(".phone:visible").get_attribute("aria-label") == "妈妈"
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 375
    await page.click("#open-bench")
    await page.click("text=+1 时")
    await page.wait_for_function("document.querySelector('.now').textContent.includes('13:00')")


async def test_the_developer_changes_the_mode(page, sandbox):
    await page.click(".choice >> text=安全")
    await page.wait_for_selector(".choice button[aria-pressed=true] >> text=安全")
    assert sandbox.platform.config.mode == "safe"
    assert len(sandbox.platform.config.aes_key) == 43


async def test_cards_and_menu_messages_are_drawn(page, sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.act(phone, "text", content="在吗")
    rows = {"thing1": "沟通", "time2": "19:30", "thing3": "准时"}
    body = {
        "touser": phone["openid"],
        "template_id": "SANDBOX_TEMPLATE_course_start_0000000000001",
        "data": {key: {"value": value} for key, value in rows.items()},
    }
    await sandbox.wx("/cgi-bin/message/template/send", body)
    await sandbox.platform.settle()
    menu = {
        "head_content": "满意吗",
        "list": [{"id": "101", "content": "满意"}],
        "tail_content": "谢谢",
    }
    body = {"touser": phone["openid"], "msgtype": "msgmenu", "msgmenu": menu}
    assert (await sandbox.wx("/cgi-bin/message/custom/send", body))["errcode"] == 0
    await page.wait_for_selector(".template dd >> text=19:30")
    assert await page.locator(".template dt").all_inner_texts() == [
        "课程名称",
        "上课时间",
        "温馨提示",
    ]
    await page.click(".msgmenu .say")
    await page.wait_for_selector(".own >> text=满意")
    assert webhook.pushes[-1]["bizmsgmenuid"] == "101"
