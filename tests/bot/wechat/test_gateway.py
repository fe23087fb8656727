import json
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.wechat import errors, menu
from bot.wechat.gateway import Follower, Gateway, MenuOption, QrCode, Quota
from bot.wechat.replies import Article

SEND = "/cgi-bin/message/custom/send"
MENU = menu.Menu((menu.Button("帮助", key="HELP"),))


def sent(platform, path=SEND):
    return [json.loads(request["body"]) for request in platform.made(path)]


async def test_a_gateway_opens_over_a_session(platform, clock):
    async with aiohttp.ClientSession() as http:
        gateway = Gateway.open(http, app_id="wx1", secret="s", clock=clock, base=platform.url)
        await gateway.send_text("o1", "你好")
    assert sent(platform) == [{"touser": "o1", "msgtype": "text", "text": {"content": "你好"}}]


async def test_words_are_cleaned_and_cut(gateway, platform):
    await gateway.send_text("o1", "好\x00" * 1000)
    assert sent(platform)[0]["text"]["content"] == "好" * 682


async def test_a_menu_message(gateway, platform):
    options = [MenuOption(str(number), f"选项{number}") for number in range(12)]
    await gateway.send_menu("o1", "有帮助吗", options, "谢谢")
    (message,) = sent(platform)
    assert message["msgtype"] == "msgmenu"
    assert message["msgmenu"]["head_content"] == "有帮助吗"
    assert message["msgmenu"]["list"][1] == {"id": "1", "content": "选项1"}
    assert len(message["msgmenu"]["list"]) == 10
    assert message["msgmenu"]["tail_content"] == "谢谢"


async def test_a_card(gateway, platform):
    await gateway.send_news("o1", Article("题", "述", "https://a/p.png", "https://a/"))
    card = {"title": "题", "description": "述", "url": "https://a/", "picurl": "https://a/p.png"}
    assert sent(platform)[0]["news"] == {"articles": [card]}


@pytest.mark.parametrize("answer", ["drop", 502, b"<html>", [], {"errcode": -1, "errmsg": ""}])
async def test_a_send_is_never_repeated_and_its_outcome_unknown(gateway, platform, answer):
    platform.script(SEND, answer)
    for send in (
        lambda: gateway.send_text("o1", "x"),
        lambda: gateway.send_menu("o1", "x", [MenuOption("1", "x")]),
        lambda: gateway.send_news("o1", Article("", "", "", "")),
    ):
        with pytest.raises(errors.Unknown):
            await send()
    assert len(platform.made(SEND)) == 3


@pytest.mark.parametrize(
    ("code", "kind"),
    [(45015, errors.Refused), (45047, errors.Refused), (43004, errors.Gone), (45009, errors.Quota)],
)
async def test_refusals_are_sorted(gateway, platform, code, kind):
    platform.script(SEND, {"errcode": code, "errmsg": "rid: 6512a3c4-5d6e7f80-1a2b3c4d"})
    with pytest.raises(kind) as caught:
        await gateway.send_text("o1", "x")
    assert caught.value.answer.rid == "6512a3c4-5d6e7f80-1a2b3c4d"


async def test_what_is_known_about_a_follower(gateway, platform):
    platform.script(
        "/cgi-bin/user/info",
        {
            "subscribe": 1,
            "openid": "o1",
            "language": "",
            "subscribe_time": 1434093047,
            "remark": "三年级",
            "tagid_list": [128, 2],
            "subscribe_scene": "ADD_SCENE_QR_CODE",
            "qr_scene": 0,
            "qr_scene_str": "tianhe.12",
        },
    )
    since = datetime(2015, 6, 12, 7, 10, 47, tzinfo=UTC)
    follower = Follower("o1", True, since, "ADD_SCENE_QR_CODE", "tianhe.12", (128, 2), "三年级")
    assert await gateway.user_info("o1") == follower
    assert "o1" not in repr(follower)


async def test_who_left_is_nearly_unknown(gateway, platform):
    platform.script("/cgi-bin/user/info", {"subscribe": 0, "openid": "o1"})
    assert await gateway.user_info("o1") == Follower("o1", False, None, "", "", (), "")


@pytest.mark.parametrize("first", ["drop", 502, b"<html>", {"errcode": -1, "errmsg": ""}])
async def test_a_read_is_tried_twice(gateway, platform, first):
    platform.script("/cgi-bin/user/info", first, {"subscribe": 0, "openid": "o1"})
    assert not (await gateway.user_info("o1")).is_following
    assert len(platform.made("/cgi-bin/user/info")) == 2


async def test_a_read_is_not_tried_three_times_nor_against_the_platform_s_wish(gateway, platform):
    platform.script("/cgi-bin/user/info", 502)
    with pytest.raises(errors.Retry):
        await gateway.user_info("o1")
    assert len(platform.made("/cgi-bin/user/info")) == 2
    platform.script("/cgi-bin/user/info", {"errcode": 45011, "errmsg": "slower"})
    with pytest.raises(errors.Retry):
        await gateway.user_info("o1")
    assert len(platform.made("/cgi-bin/user/info")) == 3


async def test_a_menu_is_checked_before_it_is_published(gateway, platform):
    await gateway.publish_menu(MENU)
    assert sent(platform, "/cgi-bin/menu/create") == [MENU.as_api()]
    with pytest.raises(menu.InvalidInput):
        await gateway.publish_menu(menu.Menu(()))
    assert len(platform.made("/cgi-bin/menu/create")) == 1


async def test_the_live_menu_is_read(gateway, platform):
    live = {"is_menu_open": 1, "selfmenu_info": MENU.as_api()}
    platform.script("/cgi-bin/get_current_selfmenu_info", live)
    assert await gateway.current_menu() == MENU
    platform.script("/cgi-bin/get_current_selfmenu_info", {"errcode": 46003, "errmsg": ""})
    assert await gateway.current_menu() == menu.Menu(())
    platform.script("/cgi-bin/get_current_selfmenu_info", {"errcode": 48001, "errmsg": ""})
    with pytest.raises(errors.Refused):
        await gateway.current_menu()


async def test_qr_codes_for_ever_and_for_a_while(gateway, platform):
    platform.script("/cgi-bin/qrcode/create", {"ticket": "gQ==", "url": "http://weixin.qq.com/q/x"})
    assert await gateway.create_qrcode("school.1") == QrCode(
        "gQ==", "http://weixin.qq.com/q/x", None
    )
    await gateway.create_qrcode("school.1", 10**9)
    lasting, passing = sent(platform, "/cgi-bin/qrcode/create")
    scene = {"scene": {"scene_str": "school.1"}}
    assert lasting == {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene}
    assert passing == {
        "action_name": "QR_STR_SCENE",
        "action_info": scene,
        "expire_seconds": 2_592_000,
    }


async def test_a_qr_code_without_a_ticket_is_no_answer(gateway):
    with pytest.raises(errors.Unknown):
        await gateway.create_qrcode("school.1")
    with pytest.raises(ValueError, match="64"):
        await gateway.create_qrcode("x" * 65)


async def test_the_token_check_gives_the_addresses_of_pushes(gateway, platform):
    platform.script("/cgi-bin/getcallbackip", {"ip_list": ["203.0.113.1", "203.0.113.2"]})
    assert await gateway.token_check() == ("203.0.113.1", "203.0.113.2")


async def test_the_token_check_names_an_address_that_is_not_let_in(gateway, platform):
    message = (
        "invalid ip 198.51.100.7 ipv6 ::ffff:198.51.100.7, not in whitelist rid: 6512a3c4-5d6e"
    )
    platform.script("/cgi-bin/stable_token", {"errcode": 40164, "errmsg": message})
    with pytest.raises(errors.Refused) as caught:
        await gateway.token_check()
    assert "198.51.100.7" in caught.value.answer.remedy


async def test_typing(gateway, platform):
    await gateway.typing("o1")
    assert sent(platform, "/cgi-bin/message/custom/typing") == [
        {"touser": "o1", "command": "Typing"}
    ]


QUOTA = "/cgi-bin/openapi/quota/get"


@pytest.mark.parametrize("path", ["message/custom/send", SEND])
async def test_the_quota_of_a_call(gateway, platform, path):
    told = {"daily_limit": 500000, "used": 1200, "remain": 498800}
    platform.script(QUOTA, {"errcode": 0, "quota": told, "rate_limit": {}})
    assert await gateway.quota(path) == Quota(500000, 1200, 498800)
    assert sent(platform, QUOTA) == [{"cgi_path": SEND}]


async def test_a_quota_is_asked_for_twice_and_must_have_numbers(gateway, platform):
    platform.script(QUOTA, {"errcode": 0})
    with pytest.raises(errors.Retry):
        await gateway.quota(SEND)
    platform.script(QUOTA, 502, {"errcode": 0, "quota": {"daily_limit": 5, "used": 7}})
    assert await gateway.quota(SEND) == Quota(5, 7, 0)
