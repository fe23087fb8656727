"""Secrets at rest open with their own key and purpose only."""

import pytest

from bot.errors import InvalidInput
from bot.people.sealed import derived, fingerprint, seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32


def test_what_is_sealed_opens_again_and_never_looks_the_same():
    assert unseal(KEY, "totp", seal(KEY, "totp", b"secret")) == b"secret"
    assert seal(KEY, "totp", b"secret") != seal(KEY, "totp", b"secret")
    assert b"secret" not in seal(KEY, "totp", b"secret")


@pytest.mark.parametrize(("key", "purpose"), [(OTHER, "totp"), (KEY, "other")])
def test_another_key_or_purpose_opens_nothing(key, purpose):
    sealed = seal(KEY, "totp", b"secret")
    with pytest.raises(InvalidInput, match=r"privacy\.key is another one"):
        unseal(key, purpose, sealed)


@pytest.mark.parametrize("at", [0, 11, 12, 20, -1])
def test_a_changed_bit_is_noticed(at):
    sealed = bytearray(seal(KEY, "totp", b"secret"))
    sealed[at] ^= 1
    with pytest.raises(InvalidInput):
        unseal(KEY, "totp", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", b"n" * 12, b"n" * 20])
def test_too_little_is_damage_not_a_bug(sealed):
    with pytest.raises(InvalidInput):
        unseal(KEY, "totp", sealed)


def test_each_purpose_has_a_key_of_its_own():
    assert len({derived(KEY, "a"), derived(KEY, "b"), derived(OTHER, "a")}) == 3
    assert len(fingerprint("x")) == 64
