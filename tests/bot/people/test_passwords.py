"""Long passwords without rules of composition; common, patterned and guessable ones are refused."""

import pytest

from bot.errors import InvalidInput
from bot.people import passwords

GOOD = ("seven green kites over the river", "木棉花开在江边的夜里呀真好看", "x7#Kq!pLm2zR")


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_is_taken_as_it_is(password):
    passwords.check(password, "chen.lihua", "陈丽华")


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("elevenchars", "password.short"),
        ("a1b2c3d4" * 17, "password.long"),
        ("111111111111", "password.common"),
        ("password1234", "password.common"),
        ("friend of emily", "password.common"),
        ("abcdefghijklmnop", "password.common"),
        ("zyxwvutsrqpo", "password.common"),
        ("xyz1xyz1xyz1xyz1", "password.common"),
        ("guangzhou12345", "password.guessable"),
        ("jiaxiaoshe2026", "password.guessable"),
        ("chen.lihua2026", "password.guessable"),
        ("陈丽华陈丽华陈丽华陈丽华1234", "password.guessable"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, key):
    with pytest.raises(InvalidInput, match=f"^{key}$"):
        passwords.check(password, "chen.lihua", "陈丽华")


async def test_only_the_same_password_is_right_and_kept_whole():
    long = "k" + "aB3-" * 31
    stored = await passwords.hashed(long)
    assert stored.startswith("$argon2id$")
    assert await passwords.is_right(stored, long)
    assert not await passwords.is_right(stored, long[:-1])
    assert not await passwords.is_right(stored, long.lower())


async def test_nobody_and_a_broken_hash_are_never_right():
    assert not await passwords.is_right(None, GOOD[0])
    assert not await passwords.is_right("not a hash", GOOD[0])


async def test_a_login_that_does_not_exist_costs_the_same_work(monkeypatch):
    checked = []
    verify = passwords._verify
    monkeypatch.setattr(
        passwords, "_verify", lambda stored, given: checked.append(stored) or verify(stored, given)
    )
    known = await passwords.hashed(GOOD[0])
    await passwords.is_right(known, "wrong")
    await passwords.is_right(None, "wrong")
    costs = [stored.split("$")[2:4] for stored in checked]
    assert len(costs) == 2
    assert costs[0] == costs[1]
