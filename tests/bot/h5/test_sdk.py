"""The JS-SDK: the documented signature, one ticket for all, and only for pages of ours."""

import asyncio
import hashlib
import json

import pytest

from bot.delivery import tickets
from bot.h5 import sdk
from bot.h5.page import get as page_of
from bot.h5.render import Renderer
from bot.h5.site import CSP, SDK_CSP, Site
from tests.support.handset import Handset, logged_in

PAGE = "https://bot.example.cn/h/mine"
ASKED = "/cgi-bin/ticket/getticket"


def asked(house):
    return [line for line in house.city.platform.calls if ASKED in str(line)]


async def config(phone, url=PAGE):
    return await phone.send("GET", "/h/sdk", params={"url": url})


def test_the_signature_is_that_of_the_documented_example():
    """Source: JS-SDK, appendix 1 (developers.weixin.qq.com, read 2026-11)."""
    ticket = (
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    )
    wanted = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    url = "http://mp.weixin.qq.com?params=value"
    assert sdk.signature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, url) == wanted
    assert sdk.signature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, f"{url}#part") == wanted


async def test_a_page_of_ours_is_signed_with_the_ticket_in_the_database(each_house):
    house = each_house
    phone = await logged_in(house, await house.parent())
    url = f"{PAGE}/messages?page=2&a=b"
    answer = await config(phone, url)
    given = json.loads(answer.text)
    (row,) = await house.rows("SELECT * FROM platform_ticket")
    said = (
        f"jsapi_ticket={row['ticket']}&noncestr={given['nonceStr']}"
        f"&timestamp={given['timestamp']}&url={url}"
    )
    assert given["signature"] == hashlib.sha1(said.encode()).hexdigest()
    assert (given["appId"], row["app_id"]) == ("wxcity0000000001", "wxcity0000000001")
    assert given["openTagList"] == ["wx-open-subscribe"]
    assert row["ticket"] not in answer.text


async def test_the_platform_is_asked_once_in_two_hours(each_house):
    house = each_house
    phone = await logged_in(house, await house.parent())
    await asyncio.gather(*(config(phone) for _ in range(8)))
    house.wait(minutes=20)
    await config(phone)
    assert len(asked(house)) == 1
    first = (await house.rows("SELECT ticket FROM platform_ticket"))[0]["ticket"]
    for _ in range(5):
        house.wait(minutes=20)
        await config(phone)
    assert (await house.rows("SELECT ticket FROM platform_ticket"))[0]["ticket"] != first
    assert len(asked(house)) == 2


async def test_another_process_takes_the_stored_ticket(each_desk):
    rt, fetched = each_desk.rt, []

    async def fetch():
        fetched.append(1)
        return f"ticket {len(fetched)}", 7200.0

    for _ in range(3):
        assert await tickets.shared(rt.db, rt.clock, "wxa", fetch).get() == "ticket 1"
    assert await tickets.shared(rt.db, rt.clock, "wxb", fetch).get() == "ticket 2"


@pytest.mark.parametrize(
    "url",
    [
        "", "https://evil.cn/h/mine", "https://bot.example.cn.evil.cn/h/mine",
        "http://bot.example.cn/h/mine", "https://bot.example.cn/console", "/h/mine",
        "https://bot.example.cn@evil.cn/h/", "https://bot.example.cn/h/mine\n", f"{PAGE} x",
        PAGE + "x" * 3000, f"{PAGE}?q=好",
    ],
)  # fmt: skip
async def test_no_other_address_is_signed(house, url):
    phone = await logged_in(house, await house.parent())
    answer = await config(phone, url)
    assert answer.status == 400
    assert "signature" not in answer.text


async def test_who_has_not_logged_in_gets_none(house):
    assert (await config(Handset(house, "o"))).status == 303


async def test_a_platform_that_is_away_leaves_the_plain_words(house):
    phone = await logged_in(house, await house.parent())
    house.city.platform.config = house.city.platform.config.changed({"app_secret": "t" * 32})
    answer = await config(phone)
    assert (answer.status, answer.text) == (503, "{}")


async def test_only_pages_that_ask_for_it_let_the_script_in(desk):
    async def show(visit):
        return visit.render("h5/start.html")

    site = Site(desk.rt, (page_of("/with", show, sdk=True), page_of("/without", show)), ())
    from aiohttp.test_utils import TestClient, TestServer

    async with TestClient(TestServer(site.application())) as client:
        found = [(await client.get(path)).headers["Content-Security-Policy"] for path in
                 ("/with", "/without")]  # fmt: skip
    assert found == [SDK_CSP, CSP]
    assert "https://res.wx.qq.com" not in CSP
    assert "unsafe" not in SDK_CSP


def test_the_button_has_its_templates_and_words_for_other_browsers():
    env = Renderer(())._environment
    page = env.from_string(
        '{% import "h5/subscribe.html" as notices with context %}'
        '{{ notices.button(["t1", "t2", "t3", "t4"], "开课提醒") }}{{ notices.scripts(address) }}'
    )
    text = page.render(address=sdk.SCRIPT)
    assert 'data-subscribe="t1,t2,t3"' in text
    assert "更新微信" in text
    assert text.count("<script src=") == 2
    assert sdk.SCRIPT in text
