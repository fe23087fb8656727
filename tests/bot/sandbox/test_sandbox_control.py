"""The control interface itself: refusals, clock, events, reset."""

import pytest


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/phones/oNobody", None, 404),
        ("POST", "/phones/oNobody/text", b'{"content":"x"}', 404),
        ("POST", "/settings", b'{"mode":"open"}', 400),
        ("POST", "/settings", b'{"port":1}', 409),
        ("POST", "/settings", b"{", 400),
        ("POST", "/settings", b"[]", 400),
        ("POST", "/faults", b'{"kind":"earthquake"}', 400),
        ("POST", "/faults", b'{"colour":"red"}', 400),
        ("POST", "/faults", b'{"inbound":"sideways"}', 400),
        ("POST", "/clock", b'{"move_s":"soon"}', 400),
        ("POST", "/reset", b'{"seed":"x"}', 400),
        ("POST", "/hostile/none", b"", 404),
        ("GET", "/media/none", None, 404),
        ("POST", "/templates", b"{}", 400),
    ],
)
async def test_a_refusal_is_json_with_a_sentence(sandbox, method, path, body, status):
    async with sandbox.client.request(method, "/sandbox/api" + path, data=body) as answer:
        assert answer.status == status
        assert (await answer.json())["error"]


async def test_pages_of_other_origins_are_refused(sandbox):
    headers = {"Origin": "https://example.com"}
    async with sandbox.client.post("/sandbox/api/phones", headers=headers) as answer:
        assert answer.status == 403


async def test_the_clock_moves_stops_and_runs(sandbox):
    start = (await sandbox.api("/clock", method="GET"))["now"]
    assert (await sandbox.api("/clock", {"move_s": 60})) == {"now": start + 60, "is_frozen": True}
    assert (await sandbox.api("/clock", {"thaw": True}))["is_frozen"] is False
    assert (await sandbox.api("/clock", {"move_s": 3600}))["now"] >= start + 3660
    assert (await sandbox.api("/clock", {"freeze": 5.0}))["now"] == 5.0


async def test_the_same_openid_cannot_have_two_phones(sandbox):
    await sandbox.api("/phones", {"openid": "o1"})
    async with sandbox.client.post("/sandbox/api/phones", json={"openid": "o1"}) as answer:
        assert answer.status == 409


async def test_events_tell_what_happens(sandbox):
    async with sandbox.client.get("/sandbox/api/events") as stream:
        assert await stream.content.readuntil(b"\n\n") == b": open\n\n"
        await sandbox.api("/phones", {"name": "妈妈"})
        event = (await stream.content.readuntil(b"\n\n")).decode()
    assert event.startswith("event: phone\ndata: {")
    assert "妈妈" in event


async def test_a_reset_empties_the_table_and_keeps_settings(sandbox):
    await sandbox.api("/settings", {"deliveries_max": 2})
    first = await sandbox.phone()
    state = await sandbox.api("/reset", {"seed": 1})
    assert (state["phones"], state["settings"]["deliveries_max"]) == ([], 2)
    assert (await sandbox.phone())["openid"] == first["openid"]


async def test_counters_and_calls_are_told_without_tokens(sandbox):
    await sandbox.wx("/cgi-bin/getcallbackip")
    counters = await sandbox.api("/counters", method="GET")
    assert counters["used"] == {"/cgi-bin/stable_token": 1, "/cgi-bin/getcallbackip": 1}
    calls = await sandbox.api("/calls", method="GET")
    assert [call["path"] for call in calls] == list(counters["used"])
    assert "access_token" not in calls[0]["answer"]


async def test_a_new_template_can_be_used(sandbox):
    made = await sandbox.api("/templates", {"title": "提醒", "fields": {"thing1": "内容"}})
    phone = await sandbox.phone()
    body = {
        "touser": phone["openid"],
        "template_id": made["template_id"],
        "data": {"thing1": {"value": "你好"}},
    }
    assert (await sandbox.wx("/cgi-bin/message/template/send", body))["errcode"] == 0
    await sandbox.platform.settle()
