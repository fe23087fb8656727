"""What becomes of a reply."""

import json

import pytest

from bot.sandbox import cipher, signing, wire
from bot.sandbox.judge import Bench, judge
from bot.sandbox.replies import Rules

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def bench(mode="plain", data_format="xml", push="text"):
    rules = Rules("gh_1", "o1", push, 2048, lambda media_id: media_id == "m1")
    return Bench(mode, data_format, "token", "wx1", (KEY,), rules)


def fields(kind="text", **more):
    head = {"ToUserName": "o1", "FromUserName": "gh_1", "CreateTime": 1700000000}
    return {**head, "MsgType": kind, **more}


def codes(verdict):
    return [found.code for found in verdict.findings]


def judged(reply, **how):
    return judge(wire.to_xml(reply).encode(), bench(**how))


def news(count):
    items = [{"Title": f"t{n}", "Description": "", "PicUrl": "", "Url": ""} for n in range(count)]
    return fields("news", ArticleCount=count, Articles={"item": items})


def envelope(reply, timestamp="1700000000", token="token", key=KEY):
    encrypted = cipher.encrypt(key, "wx1", wire.to_xml(reply).encode(), b"0" * 16)
    return {
        "Encrypt": encrypted,
        "MsgSignature": signing.sign(token, timestamp, "9", encrypted),
        "TimeStamp": int(timestamp),
        "Nonce": "9",
    }


@pytest.mark.parametrize("body", [b"", b"success"])
@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_silence_is_silent_in_every_mode(body, mode):
    assert judge(body, bench(mode)).outcome == "silent"


def test_a_text_reply_is_shown():
    verdict = judged(fields(Content="您好\n第二行"))
    assert (verdict.outcome, verdict.text, verdict.findings) == ("reply", "您好\n第二行", [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"Success", "stray_text"),
        (b"success\n", "stray_text"),
        (b"<html><body>502</body></html>", "root"),
        (b'{"a":1}', "json_in_xml"),
        ("<xml><A>坏</xml>".encode(), "stray_text"),
        (b"<xml></xml>", "missing"),
    ],
)
def test_a_stray_body_shows_the_fault_text(body, code):
    verdict = judge(body, bench())
    assert (verdict.outcome, codes(verdict)) == ("fault", [code])


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (fields(Content=""), "empty_content"),
        (fields(Content="长" * 683), "content_too_long"),
        (fields("hologram"), "kind"),
        (fields("image", Image={"MediaId": "gone"}), "media"),
        (fields("news", ArticleCount=0, Articles=""), "no_articles"),
        ({**fields(Content="x"), "ToUserName": "gh_1"}, "swapped"),
        ({**fields(Content="x"), "FromUserName": ""}, "missing"),
    ],
)
def test_a_wrong_reply_shows_the_fault_text(reply, code):
    verdict = judged(reply)
    assert (verdict.outcome, codes(verdict)) == ("fault", [code])


def test_2048_bytes_are_still_shown():
    assert judged(fields(Content="a" * 2048)).outcome == "reply"


def test_milliseconds_are_remarked_but_shown():
    verdict = judged({**fields(Content="x"), "CreateTime": 1700000000000})
    assert (verdict.outcome, codes(verdict)) == ("reply", ["create_time"])


def test_doubled_nodes_are_remarked():
    body = wire.to_xml(fields(Content="x")).replace("</xml>", "<MsgType>text</MsgType></xml>")
    assert codes(judge(body.encode(), bench())) == ["duplicate"]


def test_a_text_gets_one_article_and_an_event_eight():
    to_text, to_event = judged(news(3)), judged(news(9), push="event")
    assert codes(to_text) == codes(to_event) == ["articles_cut"]
    assert len(to_text.reply["Articles"]["item"]) == 1
    assert len(to_event.reply["Articles"]["item"]) == 8


def test_a_media_id_the_account_owns_is_shown():
    assert judged(fields("image", Image={"MediaId": "m1"})).outcome == "reply"


@pytest.mark.parametrize("mode", ["compatible", "safe"])
def test_an_encrypted_reply_is_opened(mode):
    verdict = judged(envelope(fields(Content="您好")), mode=mode)
    assert (verdict.outcome, verdict.text) == ("reply", "您好")
    assert "<Content>" in verdict.opened


def test_safe_mode_wants_encryption_and_compatible_mode_does_not():
    assert codes(judged(fields(Content="x"), mode="safe")) == ["plain_in_safe"]
    assert judged(fields(Content="x"), mode="compatible").outcome == "reply"


def test_plain_mode_cannot_open_a_ciphertext():
    assert codes(judged(envelope(fields(Content="x")))) == ["encrypted_in_plain"]


def test_a_wrong_envelope_shows_the_fault_text():
    good = fields(Content="x")
    forged = envelope(good, token="other")
    assert codes(judged(forged, mode="safe")) == ["msg_signature"]
    assert codes(judged(envelope(good, key="B" * 43), mode="safe")) == ["decrypt"]
    bare = {"Encrypt": "x"}
    assert codes(judged(bare, mode="safe")) == ["missing_envelope"]


def test_an_envelope_in_milliseconds_is_remarked():
    verdict = judged(envelope(fields(Content="x"), timestamp="1700000000000"), mode="safe")
    assert (verdict.outcome, codes(verdict)) == ("reply", ["timestamp"])


def test_json_replies_are_read_when_the_account_speaks_json():
    body = json.dumps(fields(Content="您好"), ensure_ascii=False).encode()
    assert judge(body, bench(data_format="json")).text == "您好"
    assert codes(judge(b"<xml/>", bench(data_format="json"))) == ["stray_text"]
    assert codes(judge(b"[1]", bench(data_format="json"))) == ["not_object"]
