"""A1 and A2 with a browser: the first administrator by the link, then the account by a form."""

import re

import pyotp
import pytest
import pytest_asyncio

from bot import app, web
from bot.cli.people import setup_link
from tests.support import world
from tests.support.chromium import CHROMIUM
from tests.support.office import PASSWORD
from tests.support.waiting import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
NONE = {f"wechat_{n}": "" for n in ("account_id", "app_id", "app_secret", "token", "aes_key")}


@pytest_asyncio.fixture(loop_scope="session", params=[1280, 375])
async def new(browser, tmp_path, request, monkeypatch):
    """A service that nobody administrates and that has no account; its page, platform and link."""
    monkeypatch.setattr(web, "FOLLOW_S", 0.05)
    known = world.settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    given = known.model_dump(include=known.model_fields_set) | NONE
    given.pop("wechat_mode")
    empty = type(known)(**given)
    faults = []
    async with (
        world.City.open(empty) as city,
        app.opened(city.settings) as rt,
        web.console(rt) as port,
    ):
        page = await browser.new_page(viewport={"width": request.param, "height": 800})
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if is_fault(m) else None)
        link = re.sub(r":\d+/", f":{port}/", await setup_link(rt))
        yield city, page, link
        await page.context.close()
    assert faults == []


def is_fault(message):
    return message.type == "error" and "the server responded with a status" not in message.text


async def comes_in(page, link):
    """Open the link, choose a password, set up the second factor, note the codes."""
    await page.goto(link)
    await page.get_by_label("姓名").fill("陈老师")
    await page.get_by_label("登录名").fill("chen")
    for label in ("密码", "再输入一次密码"):
        await page.get_by_label(re.compile(f"^{label}\\*?$")).fill(PASSWORD)
    await page.locator("main button[type=submit], form button.btn-primary").first.click()
    secret = await page.locator("details code").first.text_content()
    await page.get_by_label(re.compile("验证码")).fill(pyotp.TOTP(secret.replace(" ", "")).now())
    await page.locator("form button.btn-primary").first.click()
    await page.get_by_text("恢复码").first.wait_for()
    await page.goto(link.partition("/console")[0] + "/console/")
    await page.get_by_role("heading", name=re.compile("陈老师")).wait_for()


async def test_from_nothing_to_an_account_that_answers(new):
    city, page, link = new
    await comes_in(page, link)
    again = await page.goto(link)
    assert again.status == 404
    origin = link.partition("/console")[0]
    await page.goto(f"{origin}/console/health")
    assert await page.get_by_text("数据库正常").count() == 1

    await page.goto(f"{origin}/console/account")
    await page.get_by_text("还缺").wait_for()
    await page.get_by_label("AppID").fill("wxcity0000000001")
    await page.get_by_label("AppSecret", exact=True).fill("x" * 32)
    await page.get_by_role("button", name="连一下平台试试").click()
    told = page.locator("[aria-label=检查结果]")
    await told.get_by_text("有问题").wait_for()
    assert "AppSecret" in await told.inner_text()

    await page.get_by_label("AppSecret", exact=True).fill("s" * 32)
    await page.get_by_label("原始 ID").fill(world.ACCOUNT)
    await page.get_by_label("令牌", exact=False).first.fill(world.TOKEN)
    await page.get_by_label("消息加解密密钥", exact=False).first.fill(world.AES_KEY)
    await page.get_by_role("button", name="保存").click()
    await page.get_by_text("设置完整").wait_for()
    parent = city.parent()

    await parent.follows()

    async def answered():
        return "不客气" in (await parent.says("谢谢"))

    await until(answered)
    body = await page.content()
    assert "s" * 32 not in body
    assert world.AES_KEY not in body
