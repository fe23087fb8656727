import base64

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StartRefused
from bot.wechat.cipher import Cipher
from bot.wechat.refusals import Undecodable

KEY = "A" * 43
APP_ID = "wxba5fad812f8e6fb9"
OTHER_APP_ID = "wx134c8103faa5a59e"
# Official page on encrypted pushes: key, appid, salt, plaintext, Encrypt.
JSON_PUSH = (
    APP_ID,
    "61386565646231383565623266656366",
    (
        '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":'
        '1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
    ),
    (
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZ"
        "qzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2"
        "Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBr"
        "ebufAlr7F9mFUPAJGj04="
    ),
)
JSON_REPLY = (
    APP_ID,
    "37303737323262383033313832393530",
    '{"demo_resp":"good luck"}',
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
)
XML_REPLY = (
    OTHER_APP_ID,
    "39393939353133343965386565373436",
    "<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>",
    (
        "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvP"
        "T9t/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7"
    ),
)


def raw_encrypt(plain: bytes, key: str = KEY) -> str:
    """Encrypt without any of the rules: what a broken or hostile sender may do."""
    raw = base64.b64decode(key + "=")
    encryptor = Aes(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def padded(plain: bytes) -> bytes:
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * pad


@pytest.mark.parametrize("vector", [JSON_PUSH, JSON_REPLY, XML_REPLY])
def test_official_vectors_are_reproduced_both_ways(vector):
    app_id, salt, plain, encrypt = vector
    cipher = Cipher([KEY], app_id)
    assert cipher.encrypt(plain.encode(), salt=bytes.fromhex(salt)) == encrypt
    assert cipher.decrypt(encrypt).content == plain.encode()


@given(st.text(), st.binary(min_size=16, max_size=16))
def test_whatever_is_encrypted_comes_back(text, salt):
    text = text.encode("utf-8", "ignore")
    cipher = Cipher([KEY], APP_ID)
    assert cipher.decrypt(cipher.encrypt(text, salt=salt)).content == text


@pytest.mark.parametrize("size", range(32))
def test_every_padding_of_1_to_32_is_understood(size):
    cipher = Cipher([KEY], APP_ID)
    encrypt = cipher.encrypt(b"x" * size)
    assert len(base64.b64decode(encrypt)) % 32 == 0
    assert cipher.decrypt(encrypt).content == b"x" * size


def test_the_previous_key_opens_and_seals_too():
    old, both = Cipher(["O" * 43], APP_ID), Cipher(["N" * 43, "O" * 43], APP_ID)
    opened = both.decrypt(old.encrypt(b"hello"))
    assert (opened.content, opened.key) == (b"hello", 1)
    assert old.decrypt(both.encrypt(b"answer", opened.key)).content == b"answer"
    assert both.decrypt(both.encrypt(b"hello")).key == 0


def test_two_encryptions_of_one_text_differ():
    cipher = Cipher([KEY], APP_ID)
    assert cipher.encrypt(b"hello") != cipher.encrypt(b"hello")


def test_white_space_around_and_inside_the_base64_is_let_through():
    encrypt = JSON_REPLY[3]
    assert Cipher([KEY], APP_ID).decrypt(f" {encrypt[:40]}\n{encrypt[40:]} ").key == 0


GOOD = b"s" * 16 + (5).to_bytes(4) + b"hello" + APP_ID.encode()
BROKEN = {
    "empty": "",
    "not base64": "$$$$",
    "base64 cut": raw_encrypt(padded(GOOD))[:-3],
    "not ascii": "你好",
    "not a block": base64.b64encode(b"x" * 33).decode(),
    "half a block": base64.b64encode(b"x" * 16).decode(),
    "truncated": base64.b64encode(base64.b64decode(raw_encrypt(padded(GOOD)))[:-32]).decode(),
    "pad 0": raw_encrypt(padded(GOOD)[:-1] + b"\x00"),
    "pad 33": raw_encrypt(padded(GOOD)[:-1] + b"\x21"),
    "pad 255": raw_encrypt(padded(GOOD)[:-1] + b"\xff"),
    "pad bytes differ": raw_encrypt(padded(GOOD)[:-2] + bytes([1, padded(GOOD)[-1]])),
    "length past the end": raw_encrypt(padded(b"s" * 16 + (500).to_bytes(4) + GOOD[20:])),
    "length of 4 GiB": raw_encrypt(padded(b"s" * 16 + b"\xff" * 4 + GOOD[20:])),
    "length too short": raw_encrypt(padded(b"s" * 16 + (4).to_bytes(4) + GOOD[20:])),
    "only padding": raw_encrypt(b"\x20" * 32),
    "shorter than the head": raw_encrypt(padded(b"s" * 10)),
    "wrong appid": raw_encrypt(padded(GOOD[:25] + OTHER_APP_ID.encode())),
    "no appid": raw_encrypt(padded(GOOD[:25])),
    "appid and more": raw_encrypt(padded(GOOD + b"x")),
    "not UTF-8": raw_encrypt(padded(b"s" * 16 + (2).to_bytes(4) + b"\xff\xfe" + APP_ID.encode())),
    "another key": raw_encrypt(padded(GOOD), "B" * 43),
}


@pytest.mark.parametrize("encrypt", BROKEN.values(), ids=BROKEN.keys())
def test_every_broken_ciphertext_gives_one_and_the_same_error(encrypt):
    with pytest.raises(Undecodable) as caught:
        Cipher([KEY, "C" * 43], APP_ID).decrypt(encrypt)
    assert str(caught.value) == "The ciphertext does not open."
    assert caught.value.status == 400
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("place", [0, 15, 16, 31, 40, -33, -17, -1])
def test_a_flipped_bit_is_not_taken_for_the_text(place):
    sealed = bytearray(base64.b64decode(JSON_PUSH[3]))
    sealed[place] ^= 1
    try:
        opened = Cipher([KEY], APP_ID).decrypt(base64.b64encode(sealed).decode())
    except Undecodable:
        return
    # Only msg_signature covers the salt and the text; the gate checks it before.
    assert opened.content != JSON_PUSH[2].encode() or place < 16


@given(st.binary(max_size=200))
def test_random_bytes_are_undecodable_and_nothing_else(data):
    with pytest.raises(Undecodable):
        Cipher([KEY], APP_ID).decrypt(base64.b64encode(data).decode())


@given(st.text(max_size=100))
def test_random_text_is_undecodable_and_nothing_else(text):
    with pytest.raises(Undecodable):
        Cipher([KEY], APP_ID).decrypt(text)


@pytest.mark.parametrize(
    "key", ["", "A" * 42, "A" * 44, "A" * 42 + "=", "你" * 43, "A" * 42 + "\n"]
)
def test_a_key_of_a_wrong_form_refuses_the_start(key):
    with pytest.raises(StartRefused, match="43 letters and digits"):
        Cipher([key], APP_ID)


def test_a_cipher_needs_a_key_and_an_appid():
    with pytest.raises(StartRefused):
        Cipher([], APP_ID)
    with pytest.raises(StartRefused, match="appid"):
        Cipher([KEY], "")


def test_keys_are_not_shown():
    assert KEY not in repr(vars(Cipher([KEY], APP_ID)))
