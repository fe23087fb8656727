import json

from bot.wechat.client import Binary


async def test_followers_are_read_page_by_page(client, platform):
    platform.script(
        "/cgi-bin/user/get",
        {"total": 3, "count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"},
        {"total": 3, "count": 1, "data": {"openid": ["o3"]}, "next_openid": "o3"},
        {"total": 3, "count": 0, "next_openid": "o3"},
    )
    assert [openid async for openid in client.user.iter_followers()] == ["o1", "o2", "o3"]
    asked = [request["query"].get("next_openid") for request in platform.made("/cgi-bin/user/get")]
    assert asked == [None, "o2", "o3"]


async def test_followers_with_a_tag_are_read_page_by_page(client, platform):
    platform.script(
        "/cgi-bin/user/tag/get",
        {"count": 1, "data": {"openid": ["o1"]}, "next_openid": "o1"},
        {"count": 0},
    )
    assert [openid async for openid in client.tag.iter_tag_users(7)] == ["o1"]


async def test_results_used_on_the_spot_are_awaited(client, platform):
    platform.script("/cgi-bin/groups/getid", {"groupid": 102})
    platform.script("/datacube/getusersummary", {"list": [{"new_user": 1}]})
    assert await client.user.get_group_id("o1") == 102
    assert await client.datacube.get_user_summary("2026-11-01", "2026-11-02") == [{"new_user": 1}]
    (request,) = platform.made("/datacube/getusersummary")
    assert json.loads(request["body"]) == {"begin_date": "2026-11-01", "end_date": "2026-11-02"}


async def test_tickets(client, platform):
    platform.script("/cgi-bin/ticket/getticket", {"errcode": 0, "ticket": "J", "expires_in": 7200})
    assert (
        await client.jsapi.get_jsapi_ticket() == await client.jsapi.get_jsapi_card_ticket() == "J"
    )
    kinds = [request["query"]["type"] for request in platform.made("/cgi-bin/ticket/getticket")]
    assert kinds == ["jsapi", "wx_card"]


async def test_the_picture_of_a_qr_code_is_fetched_without_a_token(client, platform, monkeypatch):
    monkeypatch.setattr("bot.wechat.awaited.QR_PICTURE_URL", f"{platform.url}/cgi-bin/showqrcode")
    platform.script("/cgi-bin/showqrcode", b"picture")
    assert await client.qrcode.show({"ticket": "gQ=="}) == Binary(b"picture", "image/jpeg")
    (request,) = platform.made("/cgi-bin/showqrcode")
    assert request["query"] == {"ticket": "gQ=="}
