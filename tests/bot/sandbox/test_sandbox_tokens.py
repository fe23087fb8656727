"""Access tokens, quotas and faults of the API."""

import asyncio
import re

import aiohttp
import pytest

CHECK = "/cgi-bin/getcallbackip"


async def plain(sandbox):
    config = sandbox.platform.config
    query = {"grant_type": "client_credential", "appid": config.app_id}
    done = await sandbox.raw("GET", "/cgi-bin/token", **query, secret=config.app_secret)
    return done["access_token"]


async def stable(sandbox, **more):
    config = sandbox.platform.config
    body = {"grant_type": "client_credential", "appid": config.app_id, "secret": config.app_secret}
    return await sandbox.raw("POST", "/cgi-bin/stable_token", {**body, **more})


async def code(sandbox, token):
    return (await sandbox.raw("GET", CHECK, access_token=token)).get("errcode", 0)


async def test_a_second_plain_token_kills_the_first_after_the_overlap(sandbox):
    first, second = await plain(sandbox), await plain(sandbox)
    assert [await code(sandbox, t) for t in (first, second)] == [0, 0]
    await sandbox.api("/clock", {"move_s": 301})
    assert [await code(sandbox, t) for t in (first, second)] == [40001, 0]


async def test_the_stable_token_stays_the_same_and_the_spaces_are_apart(sandbox):
    first = (await stable(sandbox))["access_token"]
    await plain(sandbox)
    await sandbox.api("/clock", {"move_s": 3600})
    again = await stable(sandbox)
    assert (again["access_token"], again["expires_in"]) == (first, 3600)
    assert await code(sandbox, first) == 0


async def test_near_its_end_a_stable_token_is_replaced_and_then_expires(sandbox):
    first = (await stable(sandbox))["access_token"]
    await sandbox.api("/clock", {"move_s": 7200 - 299})
    second = (await stable(sandbox))["access_token"]
    assert second != first
    assert await code(sandbox, first) == 0
    await sandbox.api("/clock", {"move_s": 300})
    assert [await code(sandbox, t) for t in (first, second)] == [42001, 0]


async def test_a_forced_refresh_kills_at_once_and_is_rationed(sandbox):
    first = (await stable(sandbox))["access_token"]
    second = (await stable(sandbox, force_refresh=True))["access_token"]
    assert [await code(sandbox, t) for t in (first, second)] == [40001, 0]
    assert (await stable(sandbox, force_refresh=True))["errcode"] == 45011
    for _ in range(19):
        await sandbox.api("/clock", {"move_s": 31})
        await stable(sandbox, force_refresh=True)
    await sandbox.api("/clock", {"move_s": 31})
    assert (await stable(sandbox, force_refresh=True))["errcode"] == 45009


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"grant_type": "x"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0"}, 40013),
        ({"secret": "0"}, 40125),
    ],
)
async def test_wrong_credentials_have_their_codes(sandbox, change, expected):
    assert (await stable(sandbox, **change))["errcode"] == expected


async def test_errors_are_http_200_with_a_request_id(sandbox):
    async with sandbox.client.get(CHECK, params={"access_token": "x"}) as answer:
        body = await answer.json()
    assert (answer.status, body["errcode"]) == (200, 40014)
    assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", body["errmsg"])
    assert (await sandbox.raw("GET", CHECK))["errcode"] == 41001


async def test_methods_paths_and_bodies_are_checked(sandbox):
    token = await sandbox.token()
    send = "/cgi-bin/message/custom/send"
    assert (await sandbox.raw("POST", CHECK, {}, access_token=token))["errcode"] == 43001
    assert (await sandbox.raw("GET", send, access_token=token))["errcode"] == 43002
    assert (await sandbox.raw("GET", "/cgi-bin/no/such", access_token=token))["errcode"] == 40066
    assert (await sandbox.raw("POST", send, access_token=token))["errcode"] == 44002


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/cgi-bin/message/custom/send", b'{"text":"\\u4f60"}', 47002),
        ("/cgi-bin/menu/create", b'{"text":"\\u4f60"}', 40033),
        ("/cgi-bin/menu/create", b"{", 47001),
        ("/cgi-bin/menu/create", b"[]", 47001),
    ],
)
async def test_escaped_and_broken_json_is_refused(sandbox, path, body, expected):
    query = {"access_token": await sandbox.token()}
    async with sandbox.client.post(path, params=query, data=body) as answer:
        assert (await answer.json())["errcode"] == expected


async def test_a_daily_quota_ends_and_comes_back_at_midnight_in_beijing(sandbox):
    await sandbox.api("/settings", {"daily_limits": {CHECK: 2}})
    token = await sandbox.token()
    assert [await code(sandbox, token) for _ in range(3)] == [0, 0, 45009]
    quota = await sandbox.wx("/cgi-bin/openapi/quota/get", {"cgi_path": CHECK})
    assert quota["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}
    await sandbox.api("/clock", {"move_s": 12 * 3600 - 1})
    token = await sandbox.token()
    assert await code(sandbox, token) == 45009
    await sandbox.api("/clock", {"move_s": 1})
    assert await code(sandbox, token) == 0


async def test_a_minute_quota_ends_with_the_minute(sandbox):
    await sandbox.api("/settings", {"minute_limits": {CHECK: 1}})
    token = await sandbox.token()
    assert [await code(sandbox, token) for _ in range(2)] == [0, 45011]
    await sandbox.api("/clock", {"move_s": 60})
    assert await code(sandbox, token) == 0


async def test_quotas_can_be_cleared_ten_times_a_month(sandbox):
    await sandbox.api("/settings", {"daily_limits": {CHECK: 0}})
    app_id = sandbox.platform.config.app_id
    codes = [
        (await sandbox.wx("/cgi-bin/clear_quota", {"appid": app_id}))["errcode"] for _ in range(11)
    ]
    assert codes == [0] * 10 + [48006]


async def test_one_path_can_be_cleared_alone(sandbox):
    await sandbox.api("/settings", {"daily_limits": {CHECK: 1}, "clear_path_max": 1})
    token = await sandbox.token()
    assert [await code(sandbox, token) for _ in range(2)] == [0, 45009]
    clear = "/cgi-bin/openapi/quota/clear"
    assert (await sandbox.wx(clear, {"cgi_path": CHECK}))["errcode"] == 0
    assert await code(sandbox, token) == 0
    assert (await sandbox.wx(clear, {"cgi_path": CHECK}))["errcode"] == 48006
    assert (await sandbox.wx(clear, {"cgi_path": "/no"}))["errcode"] == 76021


async def test_faults_come_as_often_as_asked(sandbox):
    token = await sandbox.token()
    await sandbox.api("/faults", {"kind": "error", "path": CHECK, "times": 2})
    assert [await code(sandbox, token) for _ in range(3)] == [-1, -1, 0]
    await sandbox.api("/faults", {"kind": "status", "path": CHECK})
    async with sandbox.client.get(CHECK, params={"access_token": token}) as answer:
        assert answer.status == 502
    await sandbox.api("/faults", {"kill_tokens": True})
    assert await code(sandbox, token) == 40001


async def test_a_dropped_answer_has_done_its_work(sandbox):
    phone = await sandbox.phone()
    await sandbox.api("/faults", {"kind": "drop", "path": "/cgi-bin/message/custom/send"})
    with pytest.raises(aiohttp.ClientError):
        await sandbox.custom(phone, "到了")
    assert (await sandbox.log(phone))[-1]["bubble"]["content"] == "到了"


async def test_a_slow_fault_ends_with_the_sandbox(sandbox):
    waiting = asyncio.create_task(sandbox.platform.pause(600.0))
    await asyncio.sleep(0)
    await sandbox.platform.close()
    await waiting


async def test_a_slow_fault_answers_afterwards(sandbox):
    token = await sandbox.token()
    await sandbox.api("/faults", {"kind": "slow", "path": CHECK, "seconds": 0.01})
    assert await code(sandbox, token) == 0
    assert sandbox.platform.faults.api == []
