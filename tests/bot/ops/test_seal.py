"""Sealed secrets: opened by the same key and name, by nothing else."""

import pytest

from bot.ops import seal

KEY = b"k" * 32


def test_a_secret_comes_back_and_is_never_the_same_twice():
    one, two = (seal.seal(KEY, "token", "秘密 word") for _ in range(2))
    assert seal.unseal(KEY, "token", one) == seal.unseal(KEY, "token", two) == "秘密 word"
    assert one != two
    assert b"word" not in one


@pytest.mark.parametrize(
    ("key", "name", "spoil"),
    [
        (b"x" * 32, "token", lambda b: b),
        (KEY, "aes_key", lambda b: b),
        (KEY, "token", lambda b: b[:-1] + bytes([b[-1] ^ 1])),
        (KEY, "token", lambda b: b[:5]),
        (KEY, "token", lambda _: b""),
    ],
    ids=["another key", "another name", "a bit flipped", "cut", "empty"],
)
def test_anything_else_does_not_open(key, name, spoil):
    sealed = seal.seal(KEY, "token", "word")
    with pytest.raises(seal.OtherKey):
        seal.unseal(key, name, spoil(sealed))
