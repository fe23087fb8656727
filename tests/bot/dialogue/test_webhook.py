"""The callback URL as bytes on the wire: who is let in, who is turned away, and how."""

import asyncio
import gzip
from dataclasses import replace

import pytest

from bot.sandbox import hostile, verify, wire
from bot.sandbox.attacks import CASES
from tests.support.wire import exchange, is_hung_up, posted, request, sealed
from tests.support.world import ACCOUNT, City, settings

WAYS = [(mode, form) for mode in ("plain", "compatible", "safe") for form in ("xml", "json")]
#: Cases whose requests are refused before a word of them is read.
SHUT = {"bad_signature": 403, "old_timestamp": 403, "stripped": 403, "wrong_app": 400}
SHUT |= {"flipped_bit": 400, "wrong_padding": 400, "long_length": 400, "big_body": 413}


def opened(tmp_path, mode="safe", form="xml", **changes):
    given = settings(tmp_path, f"sqlite:///{tmp_path}/bot.db", wechat_mode=mode, **changes)
    return City.open(given, data_format=form)


async def fire(city, name):
    """Return the wire's answer to the last request of a hostile case."""
    phone = hostile.sender(city.platform, "")
    for push in CASES[name].build(city.platform, phone):
        answer = await exchange(city.ports[0], posted(push))
    return answer


@pytest.mark.parametrize(("mode", "form"), WAYS)
async def test_a_question_is_answered_in_every_mode_and_format(tmp_path, mode, form):
    async with opened(tmp_path, mode, form) as city:
        parent = city.parent()
        assert "您好" in await parent.follows()
        assert "编号" in await parent.says("孩子写作业总是拖拉怎么办")
        assert [d.verdict.findings for d in parent.deliveries] == [[], []]


@pytest.mark.parametrize(("mode", "form"), WAYS)
async def test_no_hostile_case_gets_through_or_breaks_anything(tmp_path, mode, form):
    async with opened(tmp_path, mode, form) as city:
        for case in hostile.available(city.platform):
            phone = hostile.sender(city.platform, "")
            done = await hostile.fire(city.platform, phone, case["name"])
            assert done["passed"], case
            assert done["status"] < 500, case
        parent = city.parent()
        await parent.follows()
        assert "编号" in await parent.says("孩子写作业总是拖拉怎么办")


async def test_all_refusals_look_the_same_but_for_their_status(town):
    answers = {name: await fire(town, name) for name in SHUT}
    assert {name: a.status for name, a in answers.items()} == SHUT
    shapes = [a.shape for a in answers.values()]
    assert all(shape == shapes[0] for shape in shapes)
    assert shapes[0][1] == b"refused"


async def test_undecodable_ciphertexts_cannot_be_told_apart(town):
    names = ("wrong_app", "flipped_bit", "wrong_padding", "long_length")
    answers = [await fire(town, name) for name in names]
    assert {(a.status, a.body) for a in answers} == {(400, b"refused")}


async def test_a_refused_push_leaves_no_trace(town):
    for name in SHUT:
        await fire(town, name)
    assert await town.rows("SELECT id FROM inbox") == []
    assert await town.rows("SELECT openid FROM conversation") == []


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_the_platform_s_check_gets_its_echo_and_a_stranger_does_not(tmp_path, mode):
    async with opened(tmp_path, mode) as city:
        assert (await verify.verify(city.platform))["ok"]
        stranger = await verify.verify(city.platform, token="anotherTOKEN")
        assert (stranger["status"], stranger["received"]) == (403, "refused")


async def test_a_check_without_an_echo_or_with_two_is_refused(town):
    push = sealed(town.platform, town.parent().phone)
    signed = {k: push.query[k] for k in ("signature", "timestamp", "nonce")}
    twice = "&".join([*(f"{k}={v}" for k, v in signed.items()), "echostr=1", "echostr=2"])
    for query in (signed, twice):
        answer = await exchange(town.ports[0], request(query, method="GET"))
        assert answer.status in {400, 403}
        assert answer.body == b"refused"


async def test_a_push_for_another_account_shows_nothing_and_is_not_kept(town):
    answer = await fire(town, "foreign_account")
    assert answer.status == 200
    assert answer.body == b"success"
    assert await town.rows("SELECT id FROM inbox") == []


async def test_a_repeated_parameter_is_refused(town):
    push = sealed(town.platform, town.parent().phone)
    query = "&".join(f"{k}={v}" for k, v in push.query.items()) + "&nonce=1"
    answer = await exchange(town.ports[0], request(query, push.body))
    assert (answer.status, answer.body) == (403, b"refused")


async def test_too_large_is_said_before_the_body_is_read(town):
    push = sealed(town.platform, town.parent().phone)
    claimed = await exchange(town.ports[0], posted(push, content_length=str(10**11)))
    squeezed = replace(push, body=gzip.compress(push.body))
    packed = await exchange(town.ports[0], posted(squeezed, content_encoding="gzip"))
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    streamed = replace(push, body=chunk * 4 + b"0\r\n\r\n")
    chunked = await exchange(
        town.ports[0], posted(streamed, content_length=None, transfer_encoding="chunked")
    )
    assert [(a.status, a.body) for a in (claimed, packed, chunked)] == [(413, b"refused")] * 3


async def test_a_good_push_in_chunks_is_taken(town):
    push = sealed(town.platform, town.parent().phone)
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in (push.body[:100], push.body[100:]))
    streamed = replace(push, body=chunks + b"0\r\n\r\n")
    raw = posted(streamed, content_length=None, transfer_encoding="chunked")
    answer = await exchange(town.ports[0], raw)
    assert answer.status == 200
    assert b"<Encrypt>" in answer.body


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/wechat", 404),
        ("GET", "/", 404),
        ("POST", "/healthz", 405),
        ("GET", "/healthz", 200),
    ],
)
async def test_no_answer_names_the_server(town, method, path, status):
    answer = await exchange(town.ports[0], request({}, method=method, path=path))
    assert answer.status == status
    assert answer.headers["server"] == "bot"
    assert b"aiohttp" not in answer.body


async def test_a_broken_request_line_does_not_name_the_server_either(town):
    answer = await exchange(town.ports[0], b"NONSENSE\r\n\r\n")
    assert (answer.status, answer.headers["server"], answer.body) == (400, "bot", b"")


@pytest.mark.parametrize("charset", ["nope", "utf-16", "\x80"])
async def test_an_odd_charset_in_the_header_does_no_harm(town, charset):
    push = sealed(town.platform, town.parent().phone)
    answer = await exchange(
        town.ports[0], posted(push, content_type=f"text/xml; charset={charset}")
    )
    assert answer.status in {200, 400}


async def test_forbidden_characters_of_a_json_push_reach_no_database(tmp_path, database_url):
    given = settings(tmp_path, database_url, wechat_mode="plain")
    async with City.open(given, data_format="json") as city:
        marks = (b"\\u0000", b"\\ud800", b"\\uffff", b"\\u001f", b"\\u2028")
        for mark in marks:
            push = sealed(city.platform, city.parent().phone, "孩子写作业MARK总是拖拉怎么办")
            body = push.body.replace(b"MARK", mark)
            answer = await exchange(city.ports[0], posted(replace(push, body=body)))
            assert answer.status == 200, mark
            assert "编号" in answer.body.decode(), mark
        kept = await city.rows("SELECT DISTINCT content FROM inbox WHERE kind = 'Text'")
        assert {r["content"].replace("\u2028", "") for r in kept} == {"孩子写作业总是拖拉怎么办"}


async def test_an_overlong_scene_disturbs_nobody(city):
    parent = city.parent()
    welcome = await parent.follows(scene="s" * 500)
    assert "您好" in welcome


async def test_slow_clients_are_hung_up_on_while_others_are_answered(tmp_path):
    async with opened(tmp_path, slow_client_s=0.5) as city:
        port, parent = city.ports[0], city.parent()
        raw = posted(sealed(city.platform, parent.phone))
        parts = [b"", raw[:20], raw[: raw.index(b"\r\n\r\n")], raw[:-40]]
        clients = []
        for part in parts * 10:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(part)
            clients.append((reader, writer))
        await parent.follows()
        assert "编号" in await parent.says("孩子写作业总是拖拉怎么办")
        async with asyncio.timeout(15):
            ends = await asyncio.gather(*(read_to_the_end(reader) for reader, _ in clients))
        assert all(is_hung_up(end) for end in ends)
        for _, writer in clients:
            writer.close()
        kept = await city.rows("SELECT content FROM inbox WHERE kind = 'Text'")
        assert len(kept) == 1


async def read_to_the_end(reader):
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def test_health_follows_the_database(town):
    answer = await exchange(town.ports[0], request({}, method="GET", path="/healthz"))
    assert (answer.status, answer.body) == (200, b'{"database": "ok"}')


async def test_the_reply_is_addressed_to_the_sender_alone(tmp_path):
    async with opened(tmp_path, "plain") as city:
        phone = city.parent().phone
        hostile_words = "]]></Content><ToUserName>oEvil</ToUserName><Content><![CDATA["
        push = sealed(city.platform, phone, hostile_words)
        answer = await exchange(city.ports[0], posted(push))
        told = wire.as_fields(wire.parse_xml(answer.body))
        assert (told["ToUserName"], told["FromUserName"]) == (phone.openid, ACCOUNT)
