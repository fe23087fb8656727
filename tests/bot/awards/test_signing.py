"""Serials, canonical JSON, signatures: any changed byte fails."""

import json
import string
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot.awards import proving, serials, signing

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = signing.b64(
    PRIVATE.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
)
CONTENT = {
    "about": "2026—2027 学年", "hours": "6.4", "key": "k1", "minutes": 290, "name": "刘阿珍",
    "serial": "GZ-2026-7K3QXMC", "title": "一星学习证", "url": "https://bot.example.cn/h/verify",
}  # fmt: skip
SNAPSHOT = signing.canonical(CONTENT)
SIGNATURE = signing.sign(PRIVATE, SNAPSHOT)
ROOT = Path(__file__).parents[3]
URL_SIGNS = string.ascii_letters + string.digits + "-_"


def test_the_form_is_that_of_rfc_8785():
    assert signing.canonical({"b": 1, "a": 'é\n"\\/\x07'}) == '{"a":"é\\n\\"\\\\/\\u0007","b":1}'
    assert json.loads(SNAPSHOT) == CONTENT
    assert signing.canonical(json.loads(SNAPSHOT)) == SNAPSHOT


def test_what_was_signed_is_proven():
    assert signing.is_signed(PUBLIC, SNAPSHOT, SIGNATURE)
    assert len(SIGNATURE) == 86


def test_any_changed_byte_of_the_snapshot_fails():
    content = SNAPSHOT.encode()
    for place, byte in enumerate(content):
        for other in (byte ^ 1, byte ^ 0x20, 0):
            changed = content[:place] + bytes([other]) + content[place + 1 :]
            text = changed.decode("utf-8", "surrogateescape")
            assert not signing.is_signed(PUBLIC, text, SIGNATURE), place
        shorter = (content[:place] + content[place + 1 :]).decode("utf-8", "surrogateescape")
        assert not signing.is_signed(PUBLIC, shorter, SIGNATURE)


def test_any_other_sign_in_the_signature_fails():
    for place, sign in enumerate(SIGNATURE):
        for other in URL_SIGNS.replace(sign, ""):
            changed = SIGNATURE[:place] + other + SIGNATURE[place + 1 :]
            assert not signing.is_signed(PUBLIC, SNAPSHOT, changed), place
        assert not signing.is_signed(PUBLIC, SNAPSHOT, SIGNATURE[:place] + SIGNATURE[place + 1 :])


@given(st.binary(min_size=1, max_size=80), st.data())
def test_base64url_has_one_spelling(content, data):
    text = signing.b64(content)
    assert signing.unb64(text) == content
    place = data.draw(st.integers(0, len(text) - 1))
    other = text[:place] + data.draw(st.sampled_from(URL_SIGNS)) + text[place + 1 :]
    assert other == text or signing.unb64(other) != content
    for odd in (f"{text}=", f" {text}", f"{text}\n", text + "é"):
        assert signing.unb64(odd) is None


@given(st.integers(2020, 2099))
def test_a_serial_reads_back_however_it_is_typed(year):
    made = serials.make(year)
    small = made.lower().replace("1", "l")
    for typed in (made, small, made.replace("-", ""), made.replace("-", " "), f" {made} "):
        assert serials.read(typed) == made


@given(st.integers(2020, 2099), st.data())
def test_one_wrong_sign_or_two_that_changed_places_are_noticed(year, data):
    made = serials.make(year)
    place = data.draw(st.integers(8, len(made) - 1))
    wrong = made[:place] + data.draw(st.sampled_from(serials.ALPHABET)) + made[place + 1 :]
    assert wrong == made or serials.read(wrong) is None
    one, two = made[place], made[place - 1]
    swapped = made[: place - 1] + one + two + made[place + 1 :]
    assert place == 8 or swapped == made or serials.read(swapped) is None
    digit = data.draw(st.integers(3, 6))
    changed = made[:digit] + data.draw(st.sampled_from("0123456789")) + made[digit + 1 :]
    assert changed == made or serials.read(changed) is None


@pytest.mark.parametrize("text", ["", "GZ-2026-", "GZ-2026-0000000", "é" * 50, "GZ" * 5000, "１"])
def test_nonsense_is_no_serial(text):
    assert serials.read(text) is None


def test_serials_tell_nothing_of_their_order():
    made = [serials.make(2026) for _ in range(300)]
    assert len(set(made)) == 300
    assert made != sorted(made)


def known(name):
    return PUBLIC if name == "k1" else ""


def test_a_code_proves_itself_without_asking_anybody():
    code = proving.packed(SNAPSHOT, SIGNATURE)
    assert code.startswith("https://bot.example.cn/h/verify/GZ-2026-7K3QXMC?s=")
    assert proving.opened(code, known) == CONTENT
    assert proving.opened(code, lambda _name: "") is None


def test_any_changed_sign_of_a_code_fails_or_changes_nothing():
    code = proving.packed(SNAPSHOT, SIGNATURE)
    for place in range(code.index("GZ-"), len(code)):
        other = "B" if code[place] != "B" else "C"
        changed = code[:place] + other + code[place + 1 :]
        assert proving.opened(changed, known) is None, (place, changed[place])


@pytest.mark.parametrize("text", ["", "https://x", "#c=", "#c=AAAA", "é?s=a#c=eJw", "http://[x"])
def test_other_words_are_no_certificate(text):
    assert proving.opened(text, known) is None


@pytest.mark.parametrize(("name", "shown"), [("刘阿珍", "刘**"), ("", "家长"), ("A", "A**")])
def test_strangers_see_the_first_sign_of_a_name(name, shown):
    assert proving.masked(name) == shown


def test_the_method_that_the_documentation_shows_works(tmp_path):
    page = (ROOT / "docs" / "certificates.md").read_text("utf-8")
    program = page.split("```python\n")[1].split("```")[0]
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [{"id": "k1", "public": PUBLIC}]}), "utf-8")
    code = proving.packed(SNAPSHOT, SIGNATURE)

    def asked(words):
        command = [sys.executable, "-c", program, words, str(keys)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert asked(code).stdout.strip().endswith("True")
    other = signing.sign(PRIVATE, SNAPSHOT + " ")
    assert asked(code.replace(SIGNATURE, other)).returncode == 1
