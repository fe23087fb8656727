"""Customer-service messages: windows, counts, kinds."""

import pytest
from aiohttp import FormData


async def send(sandbox, phone, kind, body):
    full = {"touser": phone["openid"], "msgtype": kind, kind: body}
    return (await sandbox.wx("/cgi-bin/message/custom/send", full))["errcode"]


async def test_five_messages_in_48_hours_after_a_text(sandbox):
    phone = await sandbox.phone()
    await sandbox.act(phone, "text", content="x")
    await sandbox.api("/clock", {"move_s": 48 * 3600 - 1})
    assert [await sandbox.custom(phone) for _ in range(6)] == [0] * 5 + [45047]
    await sandbox.act(phone, "text", content="x")
    await sandbox.api("/clock", {"move_s": 48 * 3600 + 1})
    assert await sandbox.custom(phone) == 45015


async def test_three_messages_in_a_minute_after_a_follow(sandbox):
    phone = await sandbox.phone()
    assert [await sandbox.custom(phone) for _ in range(4)] == [0] * 3 + [45047]
    other = await sandbox.phone("外婆")
    await sandbox.api("/clock", {"move_s": 61})
    assert await sandbox.custom(other) == 45015


async def test_a_tap_on_a_menu_message_opens_the_short_window_only(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.api("/clock", {"move_s": 61})
    await sandbox.act(phone, "text", content="满意", bizmsgmenuid="101")
    assert webhook.pushes[-1]["bizmsgmenuid"] == "101"
    assert [await sandbox.custom(phone) for _ in range(4)] == [0] * 3 + [45047]
    await sandbox.api("/clock", {"move_s": 61})
    assert await sandbox.custom(phone) == 45015


async def test_a_link_in_the_menu_opens_nothing(sandbox):
    view = {"type": "view", "name": "课程", "url": "https://example.com/"}
    click = {"type": "click", "name": "问", "key": "ASK"}
    await sandbox.wx("/cgi-bin/menu/create", {"button": [view, click]})
    phone = await sandbox.phone()
    await sandbox.api("/clock", {"move_s": 61})
    await sandbox.act(phone, "menu", path=[0])
    assert await sandbox.custom(phone) == 45015
    await sandbox.act(phone, "menu", path=[1])
    assert await sandbox.custom(phone) == 0


async def test_strangers_and_foreign_ids_are_refused(sandbox):
    phone = await sandbox.phone(follow=False)
    assert await sandbox.custom(phone) == 43004
    assert await sandbox.custom({"openid": "oNobody"}) == 40003


async def test_leaving_closes_the_window(sandbox):
    phone = await sandbox.phone()
    await sandbox.act(phone, "text", content="x")
    await sandbox.act(phone, "unfollow")
    assert await sandbox.custom(phone) == 43004


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": "长" * 683}, 45002),
        ("image", {"media_id": "gone"}, 40007),
        ("news", {"articles": [{"title": "a"}, {"title": "b"}]}, 45008),
        ("news", {"articles": []}, 44003),
        ("msgmenu", {"list": []}, 45098),
        ("msgmenu", {"list": [{"id": "1", "content": "长" * 50}]}, 45099),
        ("msgmenu", {"head_content": "?", "list": [{"id": "1", "content": "好"}]}, 0),
        ("mpnewsarticle", {"article_id": "a1"}, 0),
        ("hologram", {}, 40008),
    ],
)
async def test_every_kind_is_checked(sandbox, kind, body, code):
    phone = await sandbox.phone()
    assert await send(sandbox, phone, kind, body) == code


async def test_a_refused_message_spends_nothing(sandbox):
    phone = await sandbox.phone()
    await send(sandbox, phone, "text", {"content": ""})
    assert sandbox.platform.phone(phone["openid"]).window.remaining == 3


async def test_an_uploaded_picture_can_be_sent_for_three_days(sandbox):
    phone = await sandbox.phone()
    token = await sandbox.token()
    form = FormData()
    form.add_field("media", b"PNG", filename="a.png", content_type="image/png")
    query = {"access_token": token, "type": "image"}
    async with sandbox.client.post("/cgi-bin/media/upload", params=query, data=form) as answer:
        media_id = (await answer.json())["media_id"]
    assert await send(sandbox, phone, "image", {"media_id": media_id}) == 0
    query = {"access_token": token, "media_id": media_id}
    async with sandbox.client.get("/cgi-bin/media/get", params=query) as answer:
        assert await answer.read() == b"PNG"
        assert "attachment" in answer.headers["Content-Disposition"]
    await sandbox.act(phone, "text", content="x")
    await sandbox.api("/clock", {"move_s": 3 * 86400 + 1})
    assert await send(sandbox, phone, "image", {"media_id": media_id}) == 40007


async def test_typing_needs_a_talk_and_cannot_be_doubled(sandbox):
    phone = await sandbox.phone()
    await sandbox.act(phone, "text", content="x")

    async def typing(command):
        body = {"touser": phone["openid"], "command": command}
        return (await sandbox.wx("/cgi-bin/message/custom/typing", body))["errcode"]

    codes = [await typing(c) for c in ("Typing", "Typing", "CancelTyping", "Typing", "Dance")]
    assert codes == [0, 45081, 0, 0, 45072]
    await sandbox.api("/clock", {"move_s": 31})
    assert await typing("Typing") == 45080
