"""What people do on phones, and the pushes that follow."""

import pytest

MENU = {
    "button": [
        {"type": "click", "name": "问一问", "key": "ASK"},
        {
            "name": "更多",
            "sub_button": [
                {"type": "view", "name": "课程", "url": "https://example.com/c"},
                {"type": "pic_weixin", "name": "照片", "key": "PIC"},
                {"type": "location_select", "name": "位置", "key": "LOC"},
                {"type": "scancode_waitmsg", "name": "签到", "key": "SCAN"},
            ],
        },
    ]
}


async def test_following_and_leaving_push_their_events(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.act(phone, "unfollow")
    assert [push["Event"] for push in webhook.pushes] == ["subscribe", "unsubscribe"]
    assert "MsgId" not in webhook.pushes[0]


async def test_a_scan_follows_first_and_scans_after(sandbox, webhook):
    phone = await sandbox.api("/phones", {})
    await sandbox.act(phone, "scan", scene="school-7")
    await sandbox.act(phone, "scan", scene="school-7")
    keys = [(push["Event"], push["EventKey"]) for push in webhook.pushes]
    assert keys == [("subscribe", "qrscene_school-7"), ("SCAN", "school-7")]
    assert webhook.pushes[0]["Ticket"]


async def test_a_code_that_was_created_is_scanned_by_its_ticket(sandbox, webhook):
    body = {
        "action_name": "QR_LIMIT_STR_SCENE",
        "action_info": {"scene": {"scene_str": "school-9"}},
    }
    made = await sandbox.wx("/cgi-bin/qrcode/create", body)
    assert await sandbox.wx("/cgi-bin/qrcode/create", body) | {"url": ""} == made | {"url": ""}
    phone = await sandbox.api("/phones", {})
    await sandbox.act(phone, "scan", ticket=made["ticket"])
    assert webhook.pushes[0]["Ticket"] == made["ticket"]
    picture = await sandbox.client.get("/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
    assert "school-9" in await picture.text()


@pytest.mark.parametrize(
    ("kind", "values", "shape"),
    [
        ("voice", {}, {"Format": "amr"}),
        ("voice", {"recognition": "孩子厌学"}, {"Recognition": "孩子厌学"}),
        ("image", {"url": "http://127.0.0.1/a.png"}, {"PicUrl": "http://127.0.0.1/a.png"}),
        ("location", {"latitude": 23.5, "label": ""}, {"Location_X": "23.5", "Label": ""}),
        ("link", {"title": "t"}, {"Title": "t"}),
        ("video", {}, {"MsgType": "video"}),
        ("shortvideo", {}, {"MsgType": "shortvideo"}),
        ("file", {}, {"FileTotalLen": "20480"}),
    ],
)
async def test_every_kind_of_message_has_its_fields(sandbox, webhook, kind, values, shape):
    phone = await sandbox.phone()
    await sandbox.act(phone, kind, **values)
    push = webhook.pushes[-1]
    assert push["MsgType"] == kind
    assert shape.items() <= push.items()
    assert ("Recognition" in push) == ("recognition" in values)


async def test_menu_items_push_their_events_and_what_follows(sandbox, webhook):
    await sandbox.wx("/cgi-bin/menu/create", MENU)
    phone = await sandbox.phone()
    await sandbox.act(phone, "menu", key="ASK")
    for place in range(4):
        await sandbox.act(phone, "menu", path=[1, place])
    seen = [push.get("Event") or push["MsgType"] for push in webhook.pushes[1:]]
    expected = ["CLICK", "VIEW", "pic_weixin", "image", "location_select", "location"]
    assert seen == [*expected, "scancode_waitmsg"]


async def test_a_tap_beside_the_menu_is_refused(sandbox):
    phone = await sandbox.phone()
    path = f"/sandbox/api/phones/{phone['openid']}/menu"
    for body in ({"path": [0]}, {"path": "x"}, {"key": "ASK"}, {}):
        async with sandbox.client.post(path, json=body) as answer:
            assert answer.status == 404


async def test_a_stranger_cannot_write(sandbox):
    phone = await sandbox.phone(follow=False)
    path = f"/sandbox/api/phones/{phone['openid']}/text"
    async with sandbox.client.post(path, json={"content": "x"}) as answer:
        assert answer.status == 409


async def test_a_raw_push_is_completed_with_the_common_fields(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.act(phone, "push", fields={"MsgType": "event", "Event": "annual_renew"})
    push = webhook.pushes[-1]
    assert (push["FromUserName"], push["Event"]) == (phone["openid"], "annual_renew")
    assert push["CreateTime"]
