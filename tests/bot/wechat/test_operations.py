import json

import pytest


@pytest.mark.parametrize(
    ("call", "path", "body"),
    [
        (
            lambda o: o.typing("o1"),
            "message/custom/typing",
            {"touser": "o1", "command": "Typing"},
        ),
        (
            lambda o: o.typing("o1", on=False),
            "message/custom/typing",
            {"touser": "o1", "command": "CancelTyping"},
        ),
        (
            lambda o: o.quota_get("/cgi-bin/message/custom/send"),
            "openapi/quota/get",
            {"cgi_path": "/cgi-bin/message/custom/send"},
        ),
        (lambda o: o.clear_quota(), "clear_quota", {"appid": "wx1"}),
        (
            lambda o: o.callback_check(),
            "callback/check",
            {"action": "all", "check_operator": "DEFAULT"},
        ),
    ],
)
async def test_a_call_has_the_body_of_the_official_page(client, platform, call, path, body):
    assert (await call(client.operations))["errcode"] == 0
    (request,) = platform.made(f"/cgi-bin/{path}")
    assert json.loads(request["body"]) == body


async def test_the_addresses_of_the_platform(client, platform):
    platform.script("/cgi-bin/get_api_domain_ip", {"ip_list": ["203.0.113.1"]})
    assert await client.operations.get_api_domain_ip() == ["203.0.113.1"]


async def test_the_live_menu(client, platform):
    platform.script("/cgi-bin/get_current_selfmenu_info", {"is_menu_open": 0})
    assert await client.operations.current_menu() == {"is_menu_open": 0}
    assert platform.made("/cgi-bin/get_current_selfmenu_info")[0]["method"] == "GET"
