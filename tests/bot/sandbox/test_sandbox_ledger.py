"""The ledger of deliveries and the counts of refusals."""

import json
import tracemalloc

import pytest

from bot.sandbox.ledger import Ledger, Message

START = "SANDBOX_TEMPLATE_course_start_0000000000001"
LESSON = "SANDBOX_NOTICE_course_lesson_00000000000001"
GOOD = {"thing1": "青春期沟通", "time2": "2026年12月1日 19:30", "thing3": "请准时"}


def values(**fields):
    return {key: {"value": value} for key, value in fields.items()}


async def rows(sandbox, **query):
    async with sandbox.client.get("/sandbox/api/deliveries", params=query) as answer:
        assert answer.content_type == "application/x-ndjson"
        return [json.loads(line) async for line in answer.content]


async def template(sandbox, phone, key):
    body = {"touser": phone["openid"], "template_id": START, "data": values(**GOOD)}
    return await sandbox.wx("/cgi-bin/message/template/send", {**body, "client_msg_id": key})


async def test_every_channel_writes_a_row(sandbox, webhook):
    mother, father = await sandbox.phone(), await sandbox.phone("爸爸")
    await sandbox.act(mother, "notice", template_id=LESSON)
    await sandbox.custom(mother)
    sent = await template(sandbox, mother, "k1")
    data = values(thing1="课", date2="2026-12-01", thing3="看")
    body = {"touser": mother["openid"], "template_id": LESSON, "data": data}
    await sandbox.wx("/cgi-bin/message/subscribe/bizsend", body)
    body = {"touser": [p["openid"] for p in (mother, father)], "clientmsgid": "week-1"}
    body |= {"msgtype": "text", "text": {"content": "通知"}}
    job = await sandbox.wx("/cgi-bin/message/mass/send", body)
    await sandbox.platform.settle()
    found = await rows(sandbox)
    assert [row["channel"] for row in found] == ["custom", "template", "bizsend", "mass", "mass"]
    assert [row["n"] for row in found] == [1, 2, 3, 4, 5]
    assert [row["key"] for row in found] == ["", "k1", "", "week-1", "week-1"]
    assert (found[1]["template_id"], found[1]["job"]) == (START, sent["msgid"])
    assert (found[3]["job"], found[4]["openid"]) == (job["msg_id"], father["openid"])
    assert found[3]["digest"] == found[4]["digest"] != found[0]["digest"]
    totals = await sandbox.api("/deliveries/totals", method="GET")
    assert (totals["total"], totals["by_channel"]["mass"]) == (5, 2)


async def test_passive_replies_and_refused_calls_write_none(sandbox, webhook, reply):
    webhook.answer = lambda fields: reply(fields, "收到")
    phone = await sandbox.phone()
    stranger = await sandbox.phone("路人", follow=False)
    assert await sandbox.custom(stranger) == 43004
    await sandbox.act(phone, "block")
    await template(sandbox, phone, "k1")
    await sandbox.platform.settle()
    assert await rows(sandbox) == []


async def test_a_repeated_client_id_writes_one_row(sandbox):
    phone = await sandbox.phone()
    first, again = await template(sandbox, phone, "k1"), await template(sandbox, phone, "k1")
    assert first["msgid"] == again["msgid"]
    await sandbox.platform.settle()
    assert len(await rows(sandbox)) == 1


async def test_rows_are_read_from_a_number_on(sandbox):
    await sandbox.api("/followers", {"count": 5000, "wrote_ago_s": 0})
    body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "周"}}
    await sandbox.wx("/cgi-bin/message/mass/sendall", body)
    await sandbox.platform.settle()
    assert [row["n"] for row in await rows(sandbox, after=4997)] == [4998, 4999, 5000]
    assert len(await rows(sandbox, after=0, limit=4500)) == 4500
    assert len(await rows(sandbox)) == 1000
    assert await rows(sandbox, after=5000) == []
    async with sandbox.client.get("/sandbox/api/deliveries?after=x") as answer:
        assert answer.status == 400


async def test_refusals_are_counted_by_path_and_code(sandbox):
    phone = await sandbox.phone(follow=False)
    for _ in range(2):
        await sandbox.custom(phone)
    await sandbox.raw("GET", "/cgi-bin/getcallbackip", access_token="x")
    await sandbox.api("/faults", {"kind": "status", "path": "/cgi-bin/user/get"})
    async with sandbox.client.get("/cgi-bin/user/get") as answer:
        assert answer.status == 502
    assert await sandbox.api("/refusals", method="GET") == {
        "/cgi-bin/message/custom/send": {"43004": 2},
        "/cgi-bin/getcallbackip": {"40014": 1},
        "/cgi-bin/user/get": {"http 502": 1},
    }


async def test_a_reset_empties_both(sandbox):
    await sandbox.custom(await sandbox.phone())
    await sandbox.raw("GET", "/cgi-bin/getcallbackip")
    await sandbox.api("/reset", {})
    assert await rows(sandbox) == []
    assert await sandbox.api("/refusals", method="GET") == {}


@pytest.mark.parametrize(("keys", "limit"), [("one", 60), ("each", 110)])
def test_a_row_takes_few_bytes(keys, limit):
    ledger, count = Ledger(), 50_000
    openids = [f"oBulk{n:023d}" for n in range(count)]
    one = Message("mass", {}, {"text": "宣传周"}, key="week-1", job=7)
    tracemalloc.start()
    for n, openid in enumerate(openids):
        row = one if keys == "one" else Message("template", {}, {}, key=f"campaign-1-{n:020d}")
        ledger.add(1.0, openid, row)
    used, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / count < limit
    key = "week-1" if keys == "one" else f"campaign-1-{count - 1:020d}"
    assert [row["key"] for row in ledger.rows(count - 1)] == [key]
