"""Signature and cipher against the examples printed on Tencent's pages."""

import pytest

from bot.sandbox import cipher, signing

KEY = "A" * 43
NOISE = bytes.fromhex("37303737323262383033313832393530")
REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
PUSH = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcv"
    "ZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3F"
    "n2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSe"
    "OBrebufAlr7F9mFUPAJGj04="
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("AAAAA", "1714112445", "415670741"), "6c5c811b55cc85e0e1b54100749188c20beb3f5d"),
        (("AAAAA", "1714112445", "415670741", PUSH), "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"),
        (("AAAAA", "1713424427", "415670741", REPLY), "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"),
        (("test", "1410685589", "test"), "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff"),
    ],
)
def test_a_signature_is_the_one_on_the_page(parts, expected):
    assert signing.sign(*parts) == expected


def test_the_reply_of_the_page_encrypts_to_its_ciphertext():
    message = b'{"demo_resp":"good luck"}'
    assert cipher.encrypt(KEY, "wxba5fad812f8e6fb9", message, NOISE) == REPLY


def test_the_push_of_the_page_opens():
    message = cipher.decrypt(KEY, "wxba5fad812f8e6fb9", PUSH)
    assert b'"Event":"debug_demo","debug_str":"hello world"' in message


@pytest.mark.parametrize("size", range(64))
def test_every_length_of_padding_opens_again(size):
    message = b"x" * size
    assert cipher.decrypt(KEY, "wx1", cipher.encrypt(KEY, "wx1", message, NOISE)) == message


def test_a_message_for_another_app_does_not_open():
    with pytest.raises(cipher.CipherError, match="another app id"):
        cipher.decrypt(KEY, "wx2", cipher.encrypt(KEY, "wx1", b"x", NOISE))


def test_a_length_past_the_end_does_not_open():
    encrypted = cipher.encrypt_raw(KEY, cipher.pad(NOISE + b"\x7f\xff\xff\xff" + b"x"))
    with pytest.raises(cipher.CipherError, match="past the end"):
        cipher.decrypt(KEY, "wx1", encrypted)


@pytest.mark.parametrize("bad", ["", "!!", "AAAA", "A" * 44])
def test_nonsense_does_not_open(bad):
    with pytest.raises(cipher.CipherError):
        cipher.decrypt(KEY, "wx1", bad)
