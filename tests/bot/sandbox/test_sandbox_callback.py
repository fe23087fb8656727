"""Deliveries: signatures, tries, modes, repeats."""

import pytest
from aiohttp import web

from bot.sandbox import cipher, signing

SHORT = {"push_timeout_s": 0.5}
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


async def test_a_text_is_delivered_and_its_reply_is_shown(sandbox, webhook, reply):
    phone = await sandbox.phone()
    webhook.answer = lambda fields: reply(fields, "听到：" + fields["Content"])
    done = await sandbox.act(phone, "text", content="作业")
    assert (done["outcome"], done["text"], done["attempts"]) == ("reply", "听到：作业", 1)
    assert (await sandbox.log(phone))[-1]["bubble"] == {"type": "text", "content": "听到：作业"}


async def test_a_push_is_signed_and_dressed_as_tencent_does(sandbox, webhook):
    await sandbox.phone()
    query, headers = webhook.queries[0], webhook.headers[0]
    signature = signing.sign("sandboxtoken", query["timestamp"], query["nonce"])
    assert query["signature"] == signature
    assert query["openid"] == webhook.pushes[0]["FromUserName"]
    assert (headers["User-Agent"], headers["Content-Type"]) == ("Mozilla/4.0", "text/xml")


async def test_a_slow_first_answer_gets_the_same_push_again(sandbox, webhook, reply):
    phone = await sandbox.phone()
    await sandbox.api("/settings", SHORT)

    async def hold_the_first(fields):
        if len(webhook.pushes) == 2:  # the first one was the follow
            await webhook.hold.wait()
        return reply(fields, "好了")

    webhook.answer = hold_the_first
    done = await sandbox.act(phone, "text", content="慢")
    first, second = webhook.pushes[1:]
    assert first == second
    assert webhook.queries[1]["nonce"] != webhook.queries[2]["nonce"]
    assert (done["text"], done["attempts"], done["finding_codes"]) == ("好了", 2, ["timeout"])


async def test_three_silent_tries_end_in_the_fault_text(sandbox, webhook):
    phone = await sandbox.phone()
    await sandbox.api("/settings", SHORT)

    async def never(_fields):
        await webhook.hold.wait()
        return "success"

    webhook.answer = never
    done = await sandbox.act(phone, "text", content="慢")
    assert (done["outcome"], done["attempts"], len(webhook.pushes)) == ("fault", 3, 4)
    assert "暂时无法提供服务" in (await sandbox.log(phone))[-1]["bubble"]["content"]


async def test_a_bad_status_is_tried_again(sandbox, webhook, reply):
    phone = await sandbox.phone()
    answers = iter(["500", "503", "200"])

    def by_status(fields):
        return web.Response(status=int(next(answers)), text=reply(fields, "好"))

    webhook.answer = by_status
    done = await sandbox.act(phone, "text", content="试")
    assert (done["text"], done["finding_codes"]) == ("好", ["status", "status"])


async def test_nobody_listening_is_a_fault_with_findings(sandbox):
    await sandbox.api("/settings", {"webhook_url": "http://127.0.0.1:9/wechat"})
    phone = await sandbox.api("/phones", {"name": "外婆"})
    done = await sandbox.act(phone, "follow")
    assert (done["outcome"], done["finding_codes"]) == ("fault", ["connection"] * 3)


async def test_retries_may_keep_their_signature(sandbox, webhook):
    await sandbox.api("/settings", {"retry_new_signature": False, "deliveries_max": 2})
    phone = await sandbox.phone()
    await sandbox.api("/settings", SHORT)

    async def never(_fields):
        await webhook.hold.wait()
        return ""

    webhook.answer = never
    await sandbox.act(phone, "text", content="慢")
    assert webhook.queries[1] == webhook.queries[2]


@pytest.mark.parametrize("mode", ["compatible", "safe"])
@pytest.mark.parametrize("data_format", ["xml", "json"])
async def test_encrypted_pushes_open_with_the_key(sandbox, webhook, mode, data_format):
    await sandbox.api("/settings", {"aes_key": KEY, "mode": mode, "data_format": data_format})
    phone = await sandbox.phone()
    body, query = webhook.pushes[0], webhook.queries[0]
    opened = cipher.decrypt(KEY, sandbox.platform.config.app_id, body["Encrypt"]).decode()
    assert phone["openid"] in opened
    parts = ("sandboxtoken", query["timestamp"], query["nonce"], body["Encrypt"])
    assert query["msg_signature"] == signing.sign(*parts)
    assert ("Event" in body) == (mode == "compatible")


async def test_after_a_new_key_both_keys_come_for_a_while(sandbox, webhook):
    new = "B" * 42 + "A"
    await sandbox.api("/settings", {"aes_key": KEY, "mode": "safe"})
    await sandbox.api("/settings", {"aes_key": new})
    phone = await sandbox.phone()
    for _ in range(12):
        await sandbox.act(phone, "text", content="x")
    assert {_opens_with(push["Encrypt"], [KEY, new]) for push in webhook.pushes} == {KEY, new}


def _opens_with(encrypted, keys):
    for key in keys:
        try:
            cipher.decrypt(key, "wx5a4d0c0de5a4d0c0", encrypted)
        except cipher.CipherError:
            continue
        return key
    return None


@pytest.mark.parametrize("inbound", ["duplicate", "concurrent"])
async def test_different_answers_to_one_push_are_found(sandbox, webhook, reply, inbound):
    phone = await sandbox.phone()
    await sandbox.api("/faults", {"inbound": inbound})
    webhook.answer = lambda fields: reply(fields, str(len(webhook.pushes)))
    done = await sandbox.act(phone, "text", content="x")
    assert webhook.pushes[1] == webhook.pushes[2]
    assert done["finding_codes"] == ["repeat_differs"]


async def test_the_same_seed_gives_the_same_wire(sandbox, webhook):
    for _ in range(2):
        await sandbox.api("/reset", {"seed": 5})
        await sandbox.act(await sandbox.phone(), "text", content="x")
    half = len(webhook.pushes) // 2
    assert webhook.pushes[:half] == webhook.pushes[half:]
    assert webhook.queries[:half] == webhook.queries[half:]


async def test_a_retry_reaches_the_other_replica(sandbox, webhook, reply):
    phone = await sandbox.phone()
    both = {"webhook_url": f"{webhook.url}?replica=1, {webhook.url}?replica=2"}
    await sandbox.api("/settings", {**SHORT, **both})

    async def hold_the_first(fields):
        if len(webhook.pushes) == 2:  # the first one was the follow
            await webhook.hold.wait()
        return reply(fields, "好了")

    webhook.answer = hold_the_first
    assert (await sandbox.act(phone, "text", content="慢"))["attempts"] == 2
    assert {query["replica"] for query in webhook.queries[1:]} == {"1", "2"}
