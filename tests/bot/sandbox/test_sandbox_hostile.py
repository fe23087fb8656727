"""Hostile cases against a careless and a careful service, and the URL check."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox import signing

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


async def test_a_service_that_refuses_everything_passes_what_must_be_refused(sandbox, webhook):
    await sandbox.api("/settings", {"aes_key": KEY, "mode": "safe"})
    webhook.answer = lambda _fields: web.Response(status=403)
    cases = await sandbox.api("/hostile", method="GET")
    for name in [case["name"] for case in cases if case["must_refuse"]]:
        assert (await sandbox.api(f"/hostile/{name}"))["passed"], name


async def test_a_service_that_answers_success_to_all_fails_them(sandbox):
    for name in ("bad_signature", "old_timestamp", "doctype"):
        done = await sandbox.api(f"/hostile/{name}")
        assert (done["passed"], done["status"]) == (False, 200)


async def test_odd_but_honest_pushes_must_not_be_errors(sandbox, webhook):
    odd = ["unknown_event", "lower_case_event", "long_message_id", "missing_type", "odd_time"]
    for name in odd:
        assert (await sandbox.api(f"/hostile/{name}"))["passed"], name
    webhook.answer = lambda _fields: web.Response(status=500)
    assert not (await sandbox.api("/hostile/unknown_event"))["passed"]
    webhook.answer = lambda _fields: "oops"
    assert not (await sandbox.api("/hostile/unknown_event"))["passed"]


async def test_the_cases_fit_the_mode(sandbox):
    plain = {case["name"] for case in await sandbox.api("/hostile", method="GET")}
    await sandbox.api("/settings", {"aes_key": KEY, "mode": "safe", "data_format": "json"})
    safe = {case["name"] for case in await sandbox.api("/hostile", method="GET")}
    assert "flipped_bit" in safe - plain
    assert "doctype" in plain - safe
    async with sandbox.client.post("/sandbox/api/hostile/doctype", json={}) as answer:
        assert answer.status == 404


async def test_a_replay_is_the_same_request_twice(sandbox, webhook):
    await sandbox.api("/hostile/replay")
    assert webhook.queries[0] == webhook.queries[1]
    assert webhook.pushes[0] == webhook.pushes[1]


@pytest.mark.parametrize(("style", "is_ok"), [("exact", True), ("quoted", False)])
async def test_the_url_check_wants_the_echo_exactly(sandbox, style, is_ok):
    async with TestServer(_verifier(style)) as server:
        await sandbox.api("/settings", {"webhook_url": str(server.make_url("/wechat"))})
        assert (await sandbox.api("/verify"))["ok"] is is_ok
        assert (await sandbox.api("/verify", {"token": "wrongtoken"}))["ok"] is False


def _verifier(style):
    async def answer(request):
        query = request.query
        good = signing.sign("sandboxtoken", query["timestamp"], query["nonce"])
        if query["signature"] != good:
            raise web.HTTPForbidden
        echo = query["echostr"]
        return web.Response(text=echo if style == "exact" else f'"{echo}"')

    app = web.Application()
    app.router.add_get("/wechat", answer)
    return app
