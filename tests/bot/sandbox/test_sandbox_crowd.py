"""Many followers at once: light phones, their pages, their chats."""

import time
import tracemalloc

import pytest

LESSON = "SANDBOX_NOTICE_course_lesson_00000000000001"


async def crowd(sandbox, count, **more):
    return await sandbox.api("/followers", {"count": count, **more})


async def pages(sandbox):
    """Return what user/get gives, page after page."""
    token, after, openids = await sandbox.token(), "", []
    while True:
        page = await sandbox.raw("GET", "/cgi-bin/user/get", access_token=token, next_openid=after)
        if "data" not in page:
            return page["total"], openids
        openids += page["data"]["openid"]
        after = page["next_openid"]


async def test_a_crowd_follows_without_a_push_and_comes_in_pages(sandbox, webhook):
    made = await crowd(sandbox, 25_000)
    assert made["first"] == "oBulk00000000000000000000001"
    assert len(made["last"]) == 28
    total, openids = await pages(sandbox)
    assert (total, len(set(openids)), openids[0]) == (25_000, 25_000, made["first"])
    assert webhook.pushes == []


async def test_a_second_crowd_goes_on_counting(sandbox):
    first, second = await crowd(sandbox, 2), await crowd(sandbox, 2)
    assert (first["last"][-1], second["first"][-1], second["followers"]) == ("2", "3", 4)
    assert await sandbox.api("/followers", method="GET") == {"phones": 4, "followers": 4}


async def test_a_page_after_a_change_skips_whoever_left(sandbox):
    await sandbox.api("/settings", {"user_page": 2})
    made = await crowd(sandbox, 5)
    token = await sandbox.token()
    page = await sandbox.raw("GET", "/cgi-bin/user/get", access_token=token)
    await sandbox.act({"openid": made["last"]}, "unfollow")
    after = page["next_openid"]
    rest = await sandbox.raw("GET", "/cgi-bin/user/get", access_token=token, next_openid=after)
    assert (rest["total"], [o[-1] for o in rest["data"]["openid"]]) == (4, ["3", "4"])


async def test_tags_acceptances_and_the_last_message_come_with_it(sandbox):
    tag = (await sandbox.wx("/cgi-bin/tags/create", {"tag": {"name": "越秀"}}))["tag"]
    made = await crowd(
        sandbox, 3, tag_ids=[tag["id"]], accepted={LESSON: 1}, wrote_ago_s=60, prefix="oParent"
    )
    assert (await sandbox.wx("/cgi-bin/tags/get"))["tags"][0]["count"] == 3
    assert await sandbox.custom({"openid": made["first"]}) == 0
    await sandbox.api("/clock", {"move_s": 48 * 3600 - 59})
    assert await sandbox.custom({"openid": made["last"]}) == 45015
    phone = await sandbox.api(f"/phones/{made['last']}", method="GET")
    assert (phone["accepted"], phone["tags"]) == ({LESSON: 1}, [tag["id"]])


async def test_what_one_of_a_crowd_uses_up_the_others_keep(sandbox):
    made = await crowd(sandbox, 2, accepted={LESSON: 1})
    fields = {"thing1": "课", "date2": "2026-12-01", "thing3": "看"}
    data = {key: {"value": value} for key, value in fields.items()}
    body = {"touser": made["first"], "template_id": LESSON, "data": data}
    send = "/cgi-bin/message/subscribe/bizsend"
    assert [(await sandbox.wx(send, body))["errcode"] for _ in range(2)] == [0, 43101]
    assert (await sandbox.wx(send, body | {"touser": made["last"]}))["errcode"] == 0
    await sandbox.platform.settle()


async def test_people_who_do_not_follow_are_no_followers(sandbox):
    made = await crowd(sandbox, 2, follow=False)
    assert (made["phones"], made["followers"]) == (2, 0)
    assert await sandbox.custom({"openid": made["first"]}) == 43004


async def test_the_follows_are_pushed_when_asked_for(sandbox, webhook):
    await crowd(sandbox, 30, push=True)
    await sandbox.platform.settle()
    assert len({push["FromUserName"] for push in webhook.pushes}) == 30
    assert {push["Event"] for push in webhook.pushes} == {"subscribe"}


async def test_a_light_chat_is_made_when_it_is_opened_and_holds_no_wire(sandbox, webhook, reply):
    made = await crowd(sandbox, 2, wrote_ago_s=0)
    phone = {"openid": made["first"]}
    assert (await sandbox.api("/state", method="GET"))["phones"] == []
    await sandbox.custom(phone, "第一条")
    log = await sandbox.log(phone)
    assert [entry["bubble"]["type"] for entry in log] == ["text"]
    assert len(log[0]["bubble"]["content"].splitlines()) == 1
    webhook.answer = lambda fields: reply(fields, "收到")
    await sandbox.act(phone, "text", content="在吗")
    await sandbox.custom(phone, "第二条")
    log = await sandbox.log(phone)
    assert [e["bubble"]["content"] for e in log[1:]] == ["在吗", "收到", "第二条"]
    assert all(not e["delivery"]["wire"].get("request", {}).get("body") for e in log)
    assert len((await sandbox.api("/state", method="GET"))["phones"]) == 1


async def test_nothing_is_kept_of_a_chat_nobody_opens(sandbox, webhook, reply):
    webhook.answer = lambda fields: reply(fields, "收到")
    made = await crowd(sandbox, 1)
    done = await sandbox.act({"openid": made["first"]}, "text", content="在吗")
    assert done["text"] == "收到"
    assert sandbox.platform.phone(made["first"]).log == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"count": 0}, 400),
        ({"count": "many"}, 400),
        ({"count": 1, "colour": "red"}, 400),
        ({"count": 1, "prefix": "o" * 27}, 400),
        ({"count": 1, "tag_ids": [100]}, 404),
        ({"count": 1, "accepted": {"none": 1}}, 404),
    ],
)
async def test_a_crowd_that_cannot_be_is_refused(sandbox, body, status):
    async with sandbox.client.post("/sandbox/api/followers", json=body) as answer:
        assert answer.status == status


async def test_a_hundred_thousand_are_made_in_a_moment(sandbox):
    start = time.perf_counter()
    made = await crowd(sandbox, 100_000)
    assert made["followers"] == 100_000
    assert time.perf_counter() - start < 2


async def test_a_million_of_them_fit_into_a_machine(sandbox):
    tracemalloc.start()
    await crowd(sandbox, 20_000, wrote_ago_s=60)
    used, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / 20_000 < 500  # bytes each: half a gigabyte a million
