import asyncio
import io
import json

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.wechat import errors
from bot.wechat.client import AsyncWeChatClient, Binary

SEND = "/cgi-bin/message/custom/send"
STALE = {"errcode": 40001, "errmsg": "invalid credential rid: 6512a3c4-5d6e7f80-1a2b3c4d"}
OK = {"errcode": 0, "errmsg": "ok"}


def tokens_in_turn(platform):
    """Let the platform give T1, T2, … and refuse every token but the newest."""
    given = []

    def give(_):
        given.append(f"T{len(given) + 1}")
        return {"access_token": given[-1], "expires_in": 7200}

    platform.script("/cgi-bin/stable_token", give)
    return given


async def test_a_text_goes_out_unescaped_with_the_token(client, platform):
    await client.message.send_text("oParent", "你好😀")
    (request,) = platform.made(SEND)
    assert (request["method"], request["query"]) == ("POST", {"access_token": "T1"})
    assert json.loads(request["body"]) == {
        "touser": "oParent",
        "msgtype": "text",
        "text": {"content": "你好😀"},
    }
    assert "你好😀".encode() in request["body"]


async def test_the_token_is_asked_for_as_a_stable_one_and_never_forced(client, platform):
    await asyncio.gather(*[client.user.get(f"o{number}") for number in range(20)])
    (request,) = platform.made("/cgi-bin/stable_token")
    assert request["query"] == {}
    assert json.loads(request["body"]) == {
        "grant_type": "client_credential",
        "appid": "wx1",
        "secret": "the-secret",
        "force_refresh": False,
    }
    assert not platform.made("/cgi-bin/token")


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_thirty_calls_with_a_dead_token_make_one_renewal(client, platform, code):
    given = tokens_in_turn(platform)
    platform.script(
        SEND,
        lambda request: OK if request.query["access_token"] == "T2" else STALE | {"errcode": code},
    )
    answers = await asyncio.gather(*[client.message.send_text("o1", "x") for _ in range(30)])
    assert [answer["errcode"] for answer in answers] == [0] * 30
    assert given == ["T1", "T2"]
    assert len(platform.made(SEND)) == 60


async def test_a_token_that_stays_dead_is_renewed_once_and_then_given_up(client, platform):
    given = tokens_in_turn(platform)
    platform.script(SEND, STALE)
    with pytest.raises(errors.Retry) as caught:
        await client.message.send_text("o1", "x")
    assert (caught.value.code, caught.value.after_s) == (40001, 30)
    assert (len(given), len(platform.made(SEND))) == (2, 2)


async def test_a_call_is_not_repeated_with_the_very_same_token(client, platform):
    platform.script(SEND, STALE)
    with pytest.raises(errors.Retry):
        await client.message.send_text("o1", "x")
    assert len(platform.made(SEND)) == 1
    assert len(platform.made("/cgi-bin/stable_token")) == 2


@pytest.mark.parametrize("answer", ["drop", 502, {"errcode": -1, "errmsg": "system error"}])
async def test_a_send_whose_answer_is_lost_is_unknown_and_not_repeated(client, platform, answer):
    platform.script(SEND, answer)
    with pytest.raises(errors.Unknown):
        await client.message.send_text("o1", "x")
    assert len(platform.made(SEND)) == 1


async def test_a_send_that_takes_too_long_is_unknown_and_not_repeated(client, platform):
    taken, never = [], asyncio.Event()

    async def hang(request):
        taken.append(await request.read())
        await never.wait()

    app = aiohttp.web.Application()
    app.router.add_route("*", "/{path:.*}", hang)
    await client.tokens.get()
    async with TestServer(app, host="127.0.0.1") as slow:
        client.base_url, client.timeout = str(slow.make_url("")).rstrip("/"), 0.05
        with pytest.raises(errors.Unknown):
            await client.message.send_text("o1", "x")
        never.set()
    assert len(taken) == 1


async def test_a_platform_that_cannot_be_reached_was_not_sent_to(client, unused_tcp_port):
    await client.tokens.get()
    client.base_url = f"http://127.0.0.1:{unused_tcp_port}"
    with pytest.raises(errors.Retry):
        await client.message.send_text("o1", "x")


async def test_a_read_without_an_answer_may_be_tried_again(client, platform):
    platform.script("/cgi-bin/user/info", "drop")
    with pytest.raises(errors.Retry):
        await client.user.get("o1")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": ""},
        {"access_token": 1, "expires_in": 7200},
        {"access_token": "T"},
        b"<html>",
        500,
    ],
)
async def test_a_token_answer_without_a_token_is_no_answer(client, platform, answer):
    platform.script("/cgi-bin/stable_token", answer)
    with pytest.raises(errors.Retry):
        await client.user.get("o1")


async def test_a_wrong_secret_is_refused_with_words_for_staff(client, platform):
    platform.script("/cgi-bin/stable_token", {"errcode": 40001, "errmsg": "invalid credential"})
    with pytest.raises(errors.Refused) as caught:
        await client.user.get("o1")
    assert caught.value.answer.remedy


async def test_no_error_shows_the_token_the_secret_or_the_parent(client, platform):
    for answer in ("drop", 500, {"errcode": 45015, "errmsg": "oParent T1 the-secret"}):
        platform.script(SEND, answer)
        with pytest.raises(errors.WeChatError) as caught:
            await client.message.send_text("oParent", "words")
        shown = f"{caught.value} {caught.value.answer} {caught.value.__cause__}"
        assert not any(word in shown for word in ("T1", "the-secret", "oParent", "words"))


async def test_answers_are_read_leniently(client, platform):
    platform.script("/cgi-bin/user/info", lambda _: b'{"openid": "o1", "remark": "a\x01b\xff"}')
    assert (await client.user.get("o1"))["remark"] == "a\x01b"
    platform.script("/cgi-bin/user/info", {"base_resp": {"errcode": "43004", "errmsg": ""}})
    with pytest.raises(errors.Gone):
        await client.user.get("o1")


async def test_bytes_come_back_as_they_are(client, platform):
    platform.script("/cgi-bin/media/get", b"\xff\xd8picture")
    answer = await client.media.download("m1")
    assert answer == Binary(b"\xff\xd8picture", "image/jpeg")


async def test_an_upload_is_sent_again_after_a_renewal(client, platform):
    tokens_in_turn(platform)
    platform.script("/cgi-bin/media/upload", STALE, {"media_id": "m1"})
    file = io.BytesIO(b"picture")
    file.name = "课程.jpg"
    assert (await client.media.upload("image", file))["media_id"] == "m1"
    first, again = platform.made("/cgi-bin/media/upload")
    assert (first["query"]["access_token"], again["query"]["access_token"]) == ("T1", "T2")
    for request in (first, again):
        assert b"picture" in request["body"]
        assert 'filename="课程.jpg"'.encode() in request["body"]
        assert int(request["headers"]["Content-Length"]) == len(request["body"])


async def test_parameters_in_a_text_get_the_token_too(client, platform):
    await client.customservice.delete_account("客服@school")
    (request,) = platform.made("/customservice/kfaccount/del")
    assert request["query"] == {"access_token": "T1", "kf_account": "客服@school"}


async def test_other_families_of_calls_go_to_the_same_platform(client, platform):
    platform.script("/datacube/getusercumulate", {"list": [{"cumulate_user": 4}]})
    assert await client.datacube.get_user_cumulate("2026-11-01", "2026-11-02") == [
        {"cumulate_user": 4}
    ]


async def test_a_picked_field_that_is_missing_is_no_answer(client, platform):
    platform.script("/cgi-bin/tags/get", {"errcode": 0})
    with pytest.raises(errors.Retry):
        await client.tag.get()


async def test_the_old_token_call_is_refused(client):
    with pytest.raises(NotImplementedError):
        client.fetch_access_token()


async def test_two_clients_do_not_share_their_tokens(platform, clock):
    tokens_in_turn(platform)
    async with aiohttp.ClientSession() as http:
        for appid, token in (("wx1", "T1"), ("wx2", "T2")):
            one = AsyncWeChatClient(appid, "s", http, clock=clock, base_url=platform.url)
            await one.user.get("o1")
            assert platform.made("/cgi-bin/user/info")[-1]["query"]["access_token"] == token
