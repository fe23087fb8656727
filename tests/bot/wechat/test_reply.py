import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.wechat import envelope, signature
from bot.wechat.context import ReplyContext, Seal
from bot.wechat.events import Click
from bot.wechat.messages import Text
from bot.wechat.replies import (
    Article,
    ImageReply,
    MusicReply,
    NewsReply,
    TextReply,
    TransferReply,
    VideoReply,
    VoiceReply,
)
from bot.wechat.reply import render

MESSAGE = Text("gh_1", "oParent", 1, "1", "x")
EVENT = Click("gh_1", "oParent", 1, "1-click-0", "HELP")
NOW = 1795161600
CARD = Article("标题", "简介", "https://example.com/a.png", "https://example.com/?a=1&b=2")


@pytest.fixture
def context(clock):
    return ReplyContext(MESSAGE, "xml", clock, None)


@pytest.fixture
def json_context(clock):
    return ReplyContext(MESSAGE, "json", clock, None)


def fields(body):
    return envelope.parse(body)[1]


def test_nothing_to_say_is_success_in_every_mode(clock, cipher):
    for form in ("xml", "json"):
        for seal in (None, Seal(cipher, 0, "t", "1")):
            assert render(None, ReplyContext(MESSAGE, form, clock, seal)) == (
                b"success",
                "text/plain",
            )


def test_a_text_swaps_the_addresses_and_carries_seconds(context):
    body, content_type = render(TextReply('你好\n<a href="https://example.com">课</a>'), context)
    assert content_type == "text/xml"
    assert fields(body) == {
        "ToUserName": "oParent",
        "FromUserName": "gh_1",
        "CreateTime": str(NOW),
        "MsgType": "text",
        "Content": '你好\n<a href="https://example.com">课</a>',
    }


@pytest.mark.parametrize(
    "text",
    [
        "]]>",
        "]]]]>>",
        "]]></Content><MsgType><![CDATA[news]]></MsgType><Content><![CDATA[",
        "a\x00b\x08\x1b",
        "\ud800\udfff",
        "\ufffe\uffff",
        "&lt;&#0;<script>alert(1)</script>",
        "%s%d{0}",
    ],
)
def test_hostile_words_stay_words(context, text):
    body, _ = render(TextReply(f"前{text}后"), context)
    root = ET.fromstring(body)
    assert [child.tag for child in root] == [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "Content",
    ]
    assert root.findtext("MsgType") == "text"
    kept = "".join(
        c
        for c in text
        if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c < "\ufffe")
    )
    assert root.findtext("Content") == f"前{kept}后"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=500))
def test_what_is_rendered_is_read_back(context, json_context, text):
    cleaned = TextReply(text).fields(1)["Content"]
    for one in (context, json_context):
        body, _ = render(TextReply(text), one)
        assert fields(body)["Content"] == cleaned
    assert ET.fromstring(render(TextReply(text), context)[0]).findtext("Content") == cleaned


def test_a_long_text_is_cut_to_2048_bytes(context):
    body, _ = render(TextReply("好" * 1000), context)
    assert len(fields(body)["Content"].encode()) == 2046


def test_media_replies(context):
    assert fields(render(ImageReply("m"), context)[0])["Image"] == {"MediaId": "m"}
    assert fields(render(VoiceReply("m"), context)[0])["Voice"] == {"MediaId": "m"}
    video = fields(render(VideoReply("m", "题"), context)[0])["Video"]
    assert video == {"MediaId": "m", "Title": "题"}
    music = fields(render(MusicReply("t", "u", "h", "题", "述"), context)[0])["Music"]
    assert music == {
        "Title": "题",
        "Description": "述",
        "MusicUrl": "u",
        "HQMusicUrl": "h",
        "ThumbMediaId": "t",
    }


@pytest.mark.parametrize(("asked", "shown"), [(MESSAGE, 1), (EVENT, 8)])
def test_a_message_gets_one_article_and_an_event_eight(clock, asked, shown):
    body, _ = render(NewsReply((CARD,) * 12), ReplyContext(asked, "xml", clock, None))
    root = ET.fromstring(body)
    assert root.findtext("ArticleCount") == str(shown)
    assert len(root.findall("Articles/item")) == shown
    assert root.findtext("Articles/item/Url") == "https://example.com/?a=1&b=2"


def test_a_transfer_names_an_account_or_none(context):
    assert "TransInfo" not in fields(render(TransferReply(), context)[0])
    named = fields(render(TransferReply("a@b"), context)[0])
    assert named["MsgType"] == "transfer_customer_service"
    assert named["TransInfo"] == {"KfAccount": "a@b"}


def test_a_reply_in_json_has_unescaped_characters_and_numbers(json_context):
    body, content_type = render(TextReply("你好"), json_context)
    assert content_type == "application/json"
    assert json.loads(body)["CreateTime"] == NOW
    assert "你好".encode() in body


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("key", [0, 1])
def test_a_sealed_reply_is_signed_and_opens_with_the_key_of_the_push(clock, cipher, form, key):
    seal = Seal(cipher, key, "token", "415670741]]>")
    body, _ = render(TextReply("你好"), ReplyContext(MESSAGE, form, clock, seal))
    sealed = fields(body)
    assert set(sealed) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    assert (sealed["TimeStamp"], sealed["Nonce"]) == (str(NOW), "415670741]]>")
    parts = ("token", sealed["TimeStamp"], sealed["Nonce"], sealed["Encrypt"])
    assert signature.matches(sealed["MsgSignature"], *parts)
    opened = cipher.decrypt(sealed["Encrypt"])
    assert opened.key == key
    assert fields(opened.content)["Content"] == "你好"


def test_the_answer_to_a_sealed_push_opens_on_the_other_side(
    safe_gate, sealed_push, text_push, cipher
):
    query, body = sealed_push(text_push, key=1)
    received = safe_gate.read(safe_gate.check_query(query), body)
    answer = fields(render(TextReply("你好"), received.context)[0])
    assert cipher.decrypt(answer["Encrypt"]).key == 1
    assert answer["Nonce"] == query["nonce"]
