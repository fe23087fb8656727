from datetime import UTC, datetime

import pytest

from bot.clock import HandClock
from bot.wechat.cipher import Cipher
from bot.wechat.inbound import Gate, Mode
from bot.wechat.refusals import Forged, Malformed, Undecodable


def let_in(gate, query, body):
    return gate.read(gate.check_query(query), body)


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("key", [0, 1])
def test_a_sealed_push_comes_in_with_either_key(safe_gate, sealed_push, text_push, key, as_json):
    received = let_in(safe_gate, *sealed_push(text_push, key=key, as_json=as_json))
    assert received.message.content == "孩子写作业拖拉怎么办"
    assert received.context.form == ("json" if as_json else "xml")
    assert (received.context.seal.key, received.context.seal.nonce) == (key, "415670741")


def test_a_sealed_push_comes_in_with_the_previous_token(safe_gate, sealed_push, text_push):
    received = let_in(safe_gate, *sealed_push(text_push, token="PreviousToken"))
    assert received.context.seal.token == "PreviousToken"


def test_the_official_encrypted_push_comes_in():
    encrypt = (
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQ"
        "qcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZu"
        "Mcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb"
        "3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    )
    clock = HandClock(datetime.fromtimestamp(1714112445, UTC))
    gate = Gate(["AAAAA"], Cipher(["A" * 43], "wxba5fad812f8e6fb9"), Mode.SAFE, clock)
    query = {
        "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
        "timestamp": "1714112445",
        "nonce": "415670741",
        "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
        "encrypt_type": "aes",
        "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    }
    body = f'{{"ToUserName":"gh_97417a04a28d","Encrypt":"{encrypt}"}}'.encode()
    assert let_in(gate, query, body).message.event == "debug_demo"


@pytest.mark.parametrize("mode", [Mode.SAFE, Mode.COMPATIBLE])
class TestNoDowngrade:
    @pytest.fixture
    def keyed(self, cipher, clock, mode):
        return Gate(["GuangzhouToken1"], cipher, mode, clock)

    @pytest.mark.parametrize("extra", [{}, {"encrypt_type": "raw"}, {"encrypt_type": "AES"}])
    def test_a_plain_push_is_forged(self, keyed, plain_query, extra):
        with pytest.raises(Forged, match="not encrypted"):
            keyed.check_query(plain_query() | extra)

    def test_a_plain_body_under_a_sealed_query_is_forged(self, keyed, sealed_push, text_push):
        query, _ = sealed_push(text_push)
        with pytest.raises(Forged):
            let_in(keyed, query, text_push)

    def test_the_plain_signature_does_not_stand_for_the_other(self, keyed, sealed_push, text_push):
        query, body = sealed_push(text_push)
        with pytest.raises(Forged):
            let_in(keyed, query | {"msg_signature": query["signature"]}, body)

    def test_only_the_sealed_copy_counts(self, keyed, sealed_push, text_push, xml):
        query, body = sealed_push(text_push)
        encrypt = body[body.index(b"<Encrypt>") : body.index(b"</xml>")].decode()
        both = xml(encrypt, MsgType="text", Content="forged", MsgId=666)
        assert let_in(keyed, query, both).message.key == "24341234567890123"

    def test_a_bad_sealed_copy_is_not_replaced_by_the_plain_one(
        self, keyed, sealed_push, text_push, xml
    ):
        query, _ = sealed_push(text_push, encrypt="A" * 64)
        both = xml(f"<Encrypt>{'A' * 64}</Encrypt>", MsgType="text", Content="forged", MsgId=666)
        with pytest.raises(Undecodable):
            let_in(keyed, query, both)

    @pytest.mark.parametrize("inner", [b"hello", b"", b"<xml/>", b"{}"])
    def test_a_sealed_text_that_is_no_push_is_malformed(self, keyed, sealed_push, inner):
        with pytest.raises(Malformed):
            let_in(keyed, *sealed_push(inner))

    @pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce", "encrypt_type"])
    def test_a_missing_parameter_is_forged(self, keyed, sealed_push, text_push, name):
        query, _ = sealed_push(text_push)
        del query[name]
        with pytest.raises(Forged):
            keyed.check_query(query)

    @pytest.mark.parametrize("value", ["", "你好", "0" * 40, "a" * 39, "A" * 40])
    def test_a_wrong_msg_signature_is_forged(self, keyed, sealed_push, text_push, value):
        with pytest.raises(Forged):
            let_in(keyed, *sealed_push(text_push, msg_signature=value))

    def test_an_altered_ciphertext_is_forged_before_it_is_opened(
        self, keyed, sealed_push, text_push
    ):
        query, body = sealed_push(text_push)
        place = body.index(b"<Encrypt><![CDATA[") + 20
        other = b"A" if body[place : place + 1] != b"A" else b"B"
        with pytest.raises(Forged):
            let_in(keyed, query, body[:place] + other + body[place + 1 :])

    def test_a_push_for_another_account_is_undecodable(self, keyed, sealed_push, text_push):
        foreign = Cipher(["N" * 43], "wx0000000000000000").encrypt(text_push)
        with pytest.raises(Undecodable):
            let_in(keyed, *sealed_push(text_push, encrypt=foreign))
