"""Faults that leave the outcome of a call unknown, by share and by seed; latency; kept calls."""

import asyncio

import aiohttp
import pytest

CHECK = "/cgi-bin/getcallbackip"
SEND = "/cgi-bin/message/custom/send"


async def delivered(sandbox):
    return (await sandbox.api("/deliveries/totals", method="GET"))["total"]


@pytest.fixture
async def talker(sandbox):
    """Somebody who may get any number of messages."""
    await sandbox.api("/settings", {"user_messages": 10_000})
    phone = await sandbox.phone()
    await sandbox.act(phone, "text", content="在吗")
    return phone


async def test_a_call_dropped_before_the_work_has_done_nothing(sandbox, talker):
    await sandbox.api("/faults", {"kind": "drop_before", "path": SEND})
    with pytest.raises(aiohttp.ClientError):
        await sandbox.custom(talker)
    assert await delivered(sandbox) == 0
    assert await sandbox.custom(talker) == 0
    refusals = await sandbox.api("/refusals", method="GET")
    assert refusals == {SEND: {"drop_before": 1}}


async def test_a_share_of_refused_calls_has_done_the_work_all_the_same(sandbox, talker):
    fault = {"kind": "error", "path": SEND, "share": 0.3, "accept": 0.5}
    await sandbox.api("/faults", fault)
    codes = [await sandbox.custom(talker, str(n)) for n in range(300)]
    refused = codes.count(-1)
    assert set(codes) == {0, -1}
    assert 60 < refused < 120
    assert 0.3 * refused < await delivered(sandbox) - codes.count(0) < 0.7 * refused
    assert (await sandbox.api("/refusals", method="GET"))[SEND] == {"-1": refused}


async def test_the_same_seed_hits_the_same_calls(sandbox):
    async def hits(seed):
        await sandbox.api("/reset", {"seed": seed})
        await sandbox.api("/faults", {"kind": "error", "path": CHECK, "share": 0.5})
        return ["errcode" in await sandbox.wx(CHECK) for _ in range(30)]

    first = await hits(5)
    assert await hits(5) == first
    assert await hits(6) != first


async def test_an_http_status_may_hide_that_the_work_was_done(sandbox, talker):
    await sandbox.api("/faults", {"kind": "status", "path": SEND, "accept": 1, "status": 504})
    body = {"touser": talker["openid"], "msgtype": "text", "text": {"content": "arrived"}}
    query = {"access_token": await sandbox.token()}
    async with sandbox.client.post(SEND, params=query, json=body) as answer:
        assert answer.status == 504
    assert await delivered(sandbox) == 1


async def test_a_fault_that_accepts_does_not_make_a_forbidden_call_good(sandbox):
    stranger = await sandbox.phone(follow=False)
    await sandbox.api("/faults", {"kind": "error", "path": SEND, "accept": 1})
    assert await sandbox.custom(stranger) == 43004
    assert await delivered(sandbox) == 0


async def test_a_mass_job_behind_a_busy_answer_is_sent_once(sandbox):
    await sandbox.api("/followers", {"count": 3})
    path = "/cgi-bin/message/mass/sendall"
    await sandbox.api("/faults", {"kind": "error", "path": path, "accept": 1})
    body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "周"}}
    body["clientmsgid"] = "week-1"
    assert (await sandbox.wx(path, body))["errcode"] == -1
    await sandbox.platform.settle()
    await sandbox.api("/clock", {"move_s": 61})
    assert (await sandbox.wx(path, body))["errcode"] == 45065
    assert await delivered(sandbox) == 3


async def test_some_calls_are_slow(sandbox):
    fault = {"kind": "slow", "path": CHECK, "share": 0.5, "seconds": 0.02}
    assert (await sandbox.api("/faults", fault))["api"][0]["times"] == 0
    await sandbox.token()
    start = asyncio.get_running_loop().time()
    for _ in range(20):
        await sandbox.wx(CHECK)
    assert asyncio.get_running_loop().time() - start > 0.08


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error", "share": 1.5},
        {"kind": "error", "share": "often"},
        {"kind": "error", "accept": -1},
        {"kind": "slow", "seconds": None},
    ],
)
async def test_a_share_that_is_none_is_refused(sandbox, fault):
    async with sandbox.client.post("/sandbox/api/faults", json=fault) as answer:
        assert answer.status == 400


async def test_latency_delays_every_call_and_holds_up_no_other(sandbox):
    token = await sandbox.token()
    await sandbox.api("/settings", {"latency_ms": [60, 80]})
    start = asyncio.get_running_loop().time()
    calls = [sandbox.raw("GET", CHECK, access_token=token) for _ in range(20)]
    answers = await asyncio.gather(*calls)
    took = asyncio.get_running_loop().time() - start
    assert all("ip_list" in answer for answer in answers)
    assert 0.06 < took < 0.6  # one after another it were 1.2


@pytest.mark.parametrize(
    ("given", "kept"), [("20,80", [20, 80]), (5, [5, 5]), ([0.5, 1.5], [0.5, 1.5])]
)
async def test_latency_is_written_in_three_ways(sandbox, given, kept):
    assert (await sandbox.api("/settings", {"latency_ms": given}))["latency_ms"] == kept


@pytest.mark.parametrize("given", [[80, 20], [1, 2, 3], "soon", -1])
async def test_a_latency_that_is_none_is_refused(sandbox, given):
    async with sandbox.client.post("/sandbox/api/settings", json={"latency_ms": given}) as answer:
        assert answer.status == 400
        assert "latency_ms" in (await answer.json())["error"]


async def test_only_so_many_calls_are_kept(sandbox):
    async def calls():
        return await sandbox.api("/calls", method="GET")

    await sandbox.api("/settings", {"keep_calls": 3})
    for _ in range(5):
        await sandbox.wx(CHECK)
    assert len(await calls()) == 3
    await sandbox.api("/settings", {"keep_calls": 0})
    await sandbox.wx(CHECK)
    assert await calls() == []
    counters = await sandbox.api("/counters", method="GET")
    assert counters["used"][CHECK] == 6


async def test_a_long_answer_is_kept_as_its_length(sandbox):
    await sandbox.api("/followers", {"count": 500})
    await sandbox.wx("/cgi-bin/user/get")
    call = (await sandbox.api("/calls", method="GET"))[-1]
    assert call["answer"]["data"] == {"openid": "500 items"}
