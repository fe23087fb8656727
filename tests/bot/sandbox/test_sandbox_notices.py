"""Template messages and subscription notices."""

import pytest

START = "SANDBOX_TEMPLATE_course_start_0000000000001"
LESSON = "SANDBOX_NOTICE_course_lesson_00000000000001"
WEEK = "SANDBOX_NOTICE_week_activity_00000000000001"
GOOD = {"thing1": "青春期沟通", "time2": "2026年12月1日 19:30", "thing3": "请准时"}


def values(**fields):
    return {key: {"value": value} for key, value in fields.items()}


async def send(sandbox, phone, data=None, **more):
    body = {"touser": phone["openid"], "template_id": START, "data": data or values(**GOOD), **more}
    return await sandbox.wx("/cgi-bin/message/template/send", body)


async def bizsend(sandbox, phone, template_id=LESSON):
    data = values(thing1="课", date2="2026-12-01", thing3="看")
    if template_id == WEEK:
        data = values(thing1="宣传周", time2="15:01~16:00", thing3="线上")
    body = {"touser": phone["openid"], "template_id": template_id, "data": data}
    return (await sandbox.wx("/cgi-bin/message/subscribe/bizsend", body))["errcode"]


async def test_a_template_message_is_shown_and_its_end_is_pushed(sandbox, webhook):
    phone = await sandbox.phone()
    done = await send(sandbox, phone)
    await sandbox.platform.settle()
    card = next(e for e in await sandbox.log(phone) if e["bubble"]["type"] == "template")
    assert card["bubble"]["fields"][0] == ["课程名称", "青春期沟通"]
    finish = webhook.pushes[-1]
    assert (finish["Event"], finish["MsgID"]) == ("TEMPLATESENDJOBFINISH", str(done["msgid"]))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "长" * 21),
        ("thing1", ""),
        ("thing1", "两\n行"),
        ("time2", "下午三点"),
        ("time2", "2026-12-01 19:30"),
    ],
)
async def test_a_bad_field_is_named(sandbox, key, value):
    phone = await sandbox.phone()
    done = await send(sandbox, phone, values(**{**GOOD, key: value}))
    assert done["errcode"] == 47003
    assert f"data.{key}.value invalid" in done["errmsg"]


async def test_ids_and_followers_are_checked(sandbox):
    phone = await sandbox.phone(follow=False)
    assert (await send(sandbox, phone))["errcode"] == 43004
    assert (await send(sandbox, {"openid": "oNobody"}))["errcode"] == 40003
    friend = await sandbox.phone()
    assert (await send(sandbox, friend, template_id="none"))["errcode"] == 40037
    assert (await send(sandbox, friend, template_id=LESSON))["errcode"] == 40037


async def test_a_repeated_client_id_sends_once_within_ten_minutes(sandbox):
    phone = await sandbox.phone()
    first = await send(sandbox, phone, client_msg_id="c1")
    again = await send(sandbox, phone, client_msg_id="c1")
    assert first["msgid"] == again["msgid"]
    await sandbox.platform.settle()
    cards = [e for e in await sandbox.log(phone) if e["bubble"]["type"] == "template"]
    assert len(cards) == 1
    await sandbox.api("/clock", {"move_s": 601})
    assert (await send(sandbox, phone, client_msg_id="c1"))["msgid"] != first["msgid"]
    await sandbox.platform.settle()


async def test_one_acceptance_of_a_one_off_notice_is_one_message(sandbox, webhook):
    phone = await sandbox.phone()
    assert await bizsend(sandbox, phone) == 43101
    await sandbox.act(phone, "notice", template_id=LESSON)
    popup = webhook.pushes[-1]["SubscribeMsgPopupEvent"]["List"][0]
    assert popup["SubscribeStatusString"] == "accept"
    assert [await bizsend(sandbox, phone) for _ in range(2)] == [0, 43101]
    await sandbox.platform.settle()
    assert webhook.pushes[-1]["Event"] == "subscribe_msg_sent_event"


async def test_a_long_term_notice_lasts_until_it_is_refused(sandbox):
    phone = await sandbox.phone()
    await sandbox.act(phone, "notice", template_id=WEEK)
    assert [await bizsend(sandbox, phone, WEEK) for _ in range(2)] == [0, 0]
    await sandbox.act(phone, "notice", template_id=WEEK, accept=False)
    assert await bizsend(sandbox, phone, WEEK) == 43101
    await sandbox.platform.settle()


async def test_words_of_advertising_are_refused(sandbox):
    phone = await sandbox.phone()
    data = values(**{**GOOD, "thing3": "限时特价"})
    assert (await send(sandbox, phone, data))["errcode"] == 40249
    await sandbox.api("/settings", {"marketing_check": False})
    assert (await send(sandbox, phone, data))["errcode"] == 0
    await sandbox.platform.settle()
