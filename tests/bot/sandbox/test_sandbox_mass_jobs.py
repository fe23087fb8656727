"""Mass jobs on their way: queue, speed, review, confirmation, quotas, deletion."""

import asyncio

import pytest

from tests.support.waiting import until

SENDALL = "/cgi-bin/message/mass/sendall"


async def sendall(sandbox, words="宣传周", **more):
    body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": words}}
    return await sandbox.wx(SENDALL, {**body, **more})


async def tagged(sandbox, words):
    """Send to the one tag everybody of the crowd has."""
    return await sendall(sandbox, words, filter={"is_to_all": False, "tag_id": 100})


@pytest.fixture
async def crowd(sandbox):
    await sandbox.wx("/cgi-bin/tags/create", {"tag": {"name": "家长"}})
    await sandbox.api("/followers", {"count": 200, "tag_ids": [100]})
    return sandbox


async def status(sandbox, job):
    body = {"msg_id": job["msg_id"]}
    return (await sandbox.wx("/cgi-bin/message/mass/get", body))["msg_status"]


async def waiting(sandbox):
    """Let a job come as far as the administrator."""
    for _look in range(500):
        if any(j["state"] == "waiting" for j in await sandbox.api("/mass", method="GET")):
            return
        await asyncio.sleep(0.01)
    pytest.fail("no job waits")


async def done(sandbox, job):
    """Let a job come to its end while another still waits."""
    for _look in range(500):
        if await status(sandbox, job) != "SENDING":
            return
        await asyncio.sleep(0.01)
    pytest.fail("the job does not end")


def finishes(webhook):
    return [p for p in webhook.pushes if p["Event"] == "MASSSENDJOBFINISH"]


async def test_a_slow_job_is_sending_until_it_is_done(crowd):
    await crowd.api("/settings", {"mass_speed_scale": 0.005})  # 67 a second at full speed
    job = await tagged(crowd, "一")
    await asyncio.sleep(0.06)
    assert await status(crowd, job) == "SENDING"
    listed = (await crowd.api("/mass", method="GET"))[0]
    assert (listed["state"], listed["status"]) == ("sending", "SENDING")
    assert listed["counts"]["SentCount"] < 200
    await crowd.api("/settings", {"mass_speed_scale": 0})
    await crowd.platform.settle()
    assert await status(crowd, job) == "SEND_SUCCESS"


@pytest.mark.parametrize(("speed", "per_s"), [(0, 800_000 / 60), (4, 100_000 / 60)])
async def test_the_speed_step_decides_how_long_it_takes(crowd, speed, per_s):
    await crowd.wx("/cgi-bin/message/mass/speed/set", {"speed": speed})
    scale = 0.02 if speed == 0 else 0.16
    await crowd.api("/settings", {"mass_speed_scale": scale})
    start = asyncio.get_running_loop().time()
    await tagged(crowd, "一")
    await crowd.platform.settle()
    expected = 200 / (per_s * scale)
    assert expected * 0.9 < asyncio.get_running_loop().time() - start < expected + 2


async def test_jobs_run_one_after_another(crowd, webhook):
    await crowd.api("/settings", {"mass_speed_scale": 0.005})
    first, second = await tagged(crowd, "一"), await tagged(crowd, "二")
    await asyncio.sleep(0.06)
    states = [job["state"] for job in await crowd.api("/mass", method="GET")]
    assert states == ["sending", "queued"]
    await crowd.api("/settings", {"mass_speed_scale": 0})
    await crowd.platform.settle()
    ids = [push["MsgID"] for push in finishes(webhook)]
    assert ids == [str(first["msg_id"]), str(second["msg_id"])]


async def test_the_review_fails_the_next_job_only(crowd, webhook):
    await crowd.api("/faults", {"mass_status": "err(10001)"})
    failed, sent = await tagged(crowd, "一"), await tagged(crowd, "二")
    await crowd.platform.settle()
    assert [push["Status"] for push in finishes(webhook)] == ["err(10001)", "send success"]
    assert [await status(crowd, job) for job in (failed, sent)] == ["SEND_FAIL", "SEND_SUCCESS"]
    assert (await crowd.api("/deliveries/totals", method="GET"))["total"] == 200


@pytest.mark.parametrize("verdict", ["err(1)", "err(20003)", "lost"])
async def test_a_verdict_nobody_knows_is_refused(sandbox, verdict):
    for path in ("/faults", "/settings"):
        async with sandbox.client.post(
            "/sandbox/api" + path, json={"mass_status": verdict}
        ) as answer:
            assert answer.status == 400


async def test_a_job_waits_for_the_administrator(crowd, webhook):
    await crowd.api("/settings", {"mass_confirm": True})
    job = await tagged(crowd, "一")
    await waiting(crowd)
    assert await status(crowd, job) == "SENDING"
    await crowd.api(f"/mass/{job['msg_id']}/confirm", {})
    await crowd.platform.settle()
    assert finishes(webhook)[0]["SentCount"] == "200"
    async with crowd.client.post(f"/sandbox/api/mass/{job['msg_id']}/confirm") as answer:
        assert answer.status == 409
    async with crowd.client.post("/sandbox/api/mass/1/confirm") as answer:
        assert answer.status == 404


async def test_a_waiting_job_holds_up_nobody_and_fails_when_refused(crowd, webhook):
    await crowd.api("/settings", {"mass_confirm": True, "mass_confirm_all_only": True})
    job = await sendall(crowd, "一")
    await waiting(crowd)
    other = await tagged(crowd, "二")
    await done(crowd, other)
    await crowd.api(f"/mass/{job['msg_id']}/confirm", {"accept": False})
    await crowd.platform.settle()
    assert {push["Status"] for push in finishes(webhook)} == {"send success", "err(40001)"}
    assert (await sendall(crowd, "三"))["errcode"] == 0  # the day was given back


async def test_half_an_hour_without_an_answer_fails_the_job(crowd, webhook):
    await crowd.api("/settings", {"mass_confirm": True})
    await sendall(crowd, "一")
    await waiting(crowd)
    await crowd.api("/clock", {"move_s": 1799})
    await asyncio.sleep(0.1)
    assert finishes(webhook) == []
    await crowd.api("/clock", {"move_s": 1})
    await until(lambda: finishes(webhook))
    assert [push["Status"] for push in finishes(webhook)] == ["err(40002)"]


async def test_who_has_had_four_this_month_is_filtered(crowd, webhook):
    for number in range(4):
        await tagged(crowd, str(number))
    await crowd.api("/followers", {"count": 10, "tag_ids": [100]})
    await tagged(crowd, "五")
    await crowd.platform.settle()
    last = finishes(webhook)[-1]
    assert (last["TotalCount"], last["FilterCount"], last["SentCount"]) == ("210", "10", "10")


async def test_both_kinds_of_mass_send_share_their_quotas(crowd):
    send = "/cgi-bin/message/mass/send"
    await crowd.api("/settings", {"minute_limits": {send: 2, SENDALL: 2}})
    assert (await tagged(crowd, "一"))["errcode"] == 0
    assert (await crowd.wx(send, {"touser": ["o1"]}))["errcode"] == 40130
    assert (await tagged(crowd, "二"))["errcode"] == 45011
    await crowd.api("/settings", {"daily_limits": {send: 2, SENDALL: 2}})
    await crowd.api("/clock", {"move_s": 60})
    assert (await crowd.wx(send, {"touser": ["o1"]}))["errcode"] == 45009
    quota = await crowd.wx("/cgi-bin/openapi/quota/get", {"cgi_path": SENDALL})
    assert quota["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}


async def test_sixty_calls_a_minute_and_a_hundred_a_day(crowd):
    async def codes(count):
        return [(await tagged(crowd, f"第{n}"))["errcode"] for n in range(count)]

    await crowd.api("/settings", {"mass_status": "send fail", "mass_client_window_s": 0})
    assert (await codes(61))[-2:] == [0, 45011]
    await crowd.api("/clock", {"move_s": 60})
    assert (await codes(41))[-2:] == [0, 45009]
    await crowd.platform.settle()


async def test_a_job_is_asked_for_by_a_number_or_a_text(crowd):
    job = await tagged(crowd, "一")
    await crowd.platform.settle()
    assert await status(crowd, {"msg_id": str(job["msg_id"])}) == "SEND_SUCCESS"
    done = await crowd.wx("/cgi-bin/message/mass/get", {"msg_id": "none"})
    assert done["errcode"] == 40059


async def test_only_articles_and_videos_can_be_taken_back(crowd):
    job = await tagged(crowd, "一")
    await crowd.platform.settle()
    delete = "/cgi-bin/message/mass/delete"
    assert (await crowd.wx(delete, {"msg_id": job["msg_id"]}))["errcode"] == 40008
    assert (await crowd.wx(delete, {"msg_id": 1}))["errcode"] == 40059
    await crowd.api("/settings", {"daily_limits": {delete: 2}})
    assert (await crowd.wx(delete, {"msg_id": 1}))["errcode"] == 45009


async def test_a_reset_stops_the_jobs(crowd, webhook):
    await crowd.api("/settings", {"mass_confirm": True})
    await tagged(crowd, "一")
    await waiting(crowd)
    await crowd.api("/reset", {})
    await crowd.platform.settle()
    assert finishes(webhook) == []
