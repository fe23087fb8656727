"""What people decide about notices and template messages, and the events of it."""

import pytest

START = "SANDBOX_TEMPLATE_course_start_0000000000001"
LESSON = "SANDBOX_NOTICE_course_lesson_00000000000001"
WEEK = "SANDBOX_NOTICE_week_activity_00000000000001"


def values(**fields):
    return {key: {"value": value} for key, value in fields.items()}


async def bizsend(sandbox, phone, template_id=LESSON):
    data = values(thing1="课", date2="2026-12-01", thing3="看")
    if template_id == WEEK:
        data = values(thing1="宣传周", time2="15:01~16:00", thing3="线上")
    body = {"touser": phone["openid"], "template_id": template_id, "data": data}
    done = await sandbox.wx("/cgi-bin/message/subscribe/bizsend", body)
    await sandbox.platform.settle()
    return done["errcode"]


async def test_one_dialog_answers_for_several_notices(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.act(phone, "notice", answers={LESSON: True, WEEK: False}, scene=2)
    items = webhook.pushes[-1]["SubscribeMsgPopupEvent"]["List"]
    assert [(i["TemplateId"], i["SubscribeStatusString"], i["PopupScene"]) for i in items] == [
        (LESSON, "accept", "2"),
        (WEEK, "reject", "2"),
    ]
    assert [await bizsend(sandbox, phone, i) for i in (LESSON, WEEK)] == [0, 43101]


async def test_a_notice_switched_off_tells_it_and_leaves_nothing(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.act(phone, "notice", answers={LESSON: True, WEEK: True})
    await sandbox.act(phone, "notice/off", template_ids=[LESSON, WEEK])
    push = webhook.pushes[-1]
    items = push["SubscribeMsgChangeEvent"]["List"]
    assert push["Event"] == "subscribe_msg_change_event"
    assert [i["SubscribeStatusString"] for i in items] == ["reject", "reject"]
    assert "PopupScene" not in items[0]
    assert [await bizsend(sandbox, phone, i) for i in (LESSON, WEEK)] == [43101, 43101]


async def test_somebody_who_does_not_follow_gets_what_they_accepted(sandbox, webhook):
    phone = await sandbox.phone(follow=False)
    assert await bizsend(sandbox, phone) == 43101
    await sandbox.act(phone, "notice", template_id=LESSON)
    assert await bizsend(sandbox, phone) == 0
    sent = webhook.pushes[-1]["SubscribeMsgSentEvent"]["List"][0]
    assert (sent["TemplateId"], sent["ErrorCode"], sent["ErrorStatus"]) == (LESSON, "0", "success")
    assert await bizsend(sandbox, {"openid": "oNobody"}) == 40003


async def test_a_notice_that_fails_on_its_way_says_so_in_the_event(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.act(phone, "notice", template_id=LESSON)
    await sandbox.api("/settings", {"bizsend_error": 40001})
    assert await bizsend(sandbox, phone) == 0
    sent = webhook.pushes[-1]["SubscribeMsgSentEvent"]["List"][0]
    assert (sent["ErrorCode"], sent["ErrorStatus"]) == ("40001", "system failed")
    await sandbox.api("/settings", {"bizsend_error": 0})
    assert await bizsend(sandbox, phone) == 0  # the acceptance was not spent
    assert (await sandbox.api("/deliveries/totals", method="GET"))["total"] == 1


async def test_a_phone_that_blocks_template_messages_is_told_in_the_event(sandbox, webhook):
    phone, other = await sandbox.phone(), await sandbox.phone("爸爸")
    assert (await sandbox.act(phone, "block"))["is_blocking"] is True

    async def status(person):
        rows = values(thing1="沟通", time2="19:30", thing3="准时")
        body = {"touser": person["openid"], "template_id": START, "data": rows}
        assert (await sandbox.wx("/cgi-bin/message/template/send", body))["errcode"] == 0
        await sandbox.platform.settle()
        return webhook.pushes[-1]["Status"]

    assert [await status(phone), await status(other)] == ["failed:user block", "success"]
    await sandbox.act(phone, "block", on=False)
    assert await status(phone) == "success"


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("notice", {"answers": {}}, 404),
        ("notice", {"answers": {"none": True}}, 404),
        ("notice", {"answers": {LESSON: "yes"}}, 400),
        ("notice", {"template_id": LESSON, "scene": 3}, 400),
        ("notice/off", {}, 404),
        ("notice/off", {"template_ids": LESSON}, 400),
    ],
)
async def test_an_answer_to_nothing_is_refused(sandbox, what, body, status):
    phone = await sandbox.phone()
    path = f"/sandbox/api/phones/{phone['openid']}/{what}"
    async with sandbox.client.post(path, json=body) as answer:
        assert answer.status == status
