"""Mass sends: audiences, once-only ids, limits, finish events."""

import pytest


async def sendall(sandbox, words="宣传周", **more):
    body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": words}}
    done = await sandbox.wx("/cgi-bin/message/mass/sendall", {**body, **more})
    await sandbox.platform.settle()
    return done


async def send(sandbox, openids, words="通知", **more):
    body = {"touser": openids, "msgtype": "text", "text": {"content": words}, **more}
    done = await sandbox.wx("/cgi-bin/message/mass/send", body)
    await sandbox.platform.settle()
    return done


async def people(sandbox, count):
    return [(await sandbox.phone(str(n)))["openid"] for n in range(count)]


async def test_a_send_to_all_reaches_followers_and_tells_its_counts(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.phone("路人", follow=False)
    done = await sendall(sandbox)
    finish = webhook.pushes[-1]
    assert (finish["Event"], finish["MsgID"]) == ("MASSSENDJOBFINISH", str(done["msg_id"]))
    assert (finish["TotalCount"], finish["SentCount"], finish["ErrorCount"]) == ("1", "1", "0")
    assert (await sandbox.log(phone))[-1]["bubble"]["content"] == "宣传周"
    status = await sandbox.wx("/cgi-bin/message/mass/get", {"msg_id": done["msg_id"]})
    assert status["msg_status"] == "SEND_SUCCESS"


async def test_one_send_to_all_a_day(sandbox):
    await sandbox.phone()
    assert (await sendall(sandbox, "一"))["errcode"] == 0
    assert (await sendall(sandbox, "二"))["errcode"] == 45028
    await sandbox.api("/clock", {"move_s": 86400})
    assert (await sendall(sandbox, "三"))["errcode"] == 0


async def test_a_failed_job_reaches_nobody_and_gives_the_day_back(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.api("/settings", {"mass_status": "err(20001)"})
    await sendall(sandbox, "一")
    assert (webhook.pushes[-1]["Status"], webhook.pushes[-1]["SentCount"]) == ("err(20001)", "0")
    assert len(await sandbox.log(phone)) == 1
    await sandbox.api("/settings", {"mass_status": "send success"})
    assert (await sendall(sandbox, "二"))["errcode"] == 0


async def test_a_follower_gets_four_a_month(sandbox, webhook):
    openids = await people(sandbox, 2)
    for number in range(5):
        await send(sandbox, openids, str(number))
    finish = webhook.pushes[-1]
    assert (finish["TotalCount"], finish["FilterCount"], finish["SentCount"]) == ("2", "0", "0")


async def test_a_repeated_client_id_gives_the_first_job(sandbox):
    openids = await people(sandbox, 2)
    first = await send(sandbox, openids, clientmsgid="week-1")
    assert (await send(sandbox, openids, clientmsgid="week-1"))["errcode"] == 45066
    await sandbox.api("/clock", {"move_s": 61})
    again = await send(sandbox, openids, clientmsgid="week-1")
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    await sandbox.api("/clock", {"move_s": 86400})
    assert (await send(sandbox, openids, clientmsgid="week-1"))["errcode"] == 0
    assert (await send(sandbox, openids, clientmsgid="x" * 33))["errcode"] == 45067


async def test_a_tag_is_an_audience(sandbox):
    openids = await people(sandbox, 2)
    tag = (await sandbox.wx("/cgi-bin/tags/create", {"tag": {"name": "小学"}}))["tag"]
    both = {"openid_list": openids[:1], "tagid": tag["id"]}
    await sandbox.wx("/cgi-bin/tags/members/batchtagging", both)
    await sendall(sandbox, filter={"is_to_all": False, "tag_id": tag["id"]})
    logs = [await sandbox.log({"openid": openid}) for openid in openids]
    assert [len(log) for log in logs] == [2, 1]
    assert (await sendall(sandbox, filter={"tag_id": 999}))["errcode"] == 40152


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"touser": ["o1"]}, 40130),
        ({"touser": "o1"}, 40130),
        ({"msgtype": "wxcard"}, 45113),
        ({"msgtype": "hologram"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"msgtype": "image", "images": {"media_ids": ["gone"]}}, 40007),
    ],
)
async def test_a_wrong_job_is_refused(sandbox, change, code):
    openids = await people(sandbox, 2)
    assert (await send(sandbox, openids, **change))["errcode"] == code


async def test_a_preview_reaches_one_follower_and_spends_nothing(sandbox):
    phone = await sandbox.phone()
    body = {"touser": phone["openid"], "msgtype": "text", "text": {"content": "样"}}
    assert (await sandbox.wx("/cgi-bin/message/mass/preview", body))["errcode"] == 0
    assert (await sandbox.log(phone))[-1]["bubble"]["content"] == "样"
    assert sandbox.platform.phone(phone["openid"]).mass == ("", 0)


async def test_the_speed_has_five_steps(sandbox):
    assert (await sandbox.wx("/cgi-bin/message/mass/speed/set", {"speed": 4}))["errcode"] == 0
    speed = await sandbox.wx("/cgi-bin/message/mass/speed/get", {"x": 1})
    assert speed == {"speed": 4, "realspeed": 10}
    assert (await sandbox.wx("/cgi-bin/message/mass/speed/set", {"speed": 5}))["errcode"] == 45083
