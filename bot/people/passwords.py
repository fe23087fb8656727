"""Passwords: long ones without rules of composition; kept as argon2id, hashed off the event loop.

Source: OWASP ASVS 5.0.0, 6.2.1-6.2.12 and 11.4.2; RELIABILITY 4.
"""

from __future__ import annotations

import asyncio
import itertools
from functools import cache
from pathlib import Path

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from bot.errors import InvalidInput

LEAST, MOST = 12, 128
_HERE = Path(__file__).parent
#: Fewer different characters than this are a pattern, not a secret.
_DIFFERENT = 5
#: A word everybody guesses, and no more characters than this beside it.
_BESIDE = 6
#: 19 MiB and two passes (OWASP's second profile): a machine of 1 GB can check two at a time.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_busy = asyncio.Semaphore(2)


@cache
def _common() -> frozenset[str]:
    return frozenset((_HERE / "common_passwords.txt").read_text(encoding="utf-8").splitlines())


@cache
def _words() -> tuple[str, ...]:
    listed = yaml.safe_load((_HERE / "password_words.yaml").read_text(encoding="utf-8"))
    return tuple(listed)


def check(password: str, *own: str) -> None:
    """Refuse a password that is short, common, a pattern or made of known words.

    Args:
        password: as typed, kept whole.
        own: words of the person: login and name.

    Raises:
        InvalidInput: with a key of `bot/console/messages.yaml`.
    """
    if len(password) < LEAST:
        raise InvalidInput("password.short")
    if len(password) > MOST:
        raise InvalidInput("password.long")
    low = password.lower()
    if low in _common() or len(set(low)) < _DIFFERENT or _is_run(low):
        raise InvalidInput("password.common")
    for word in (*_words(), *(o.lower() for o in own if len(o) > 1)):
        if word in low and len(low.replace(word, "")) <= _BESIDE:
            raise InvalidInput("password.guessable")


def _is_run(text: str) -> bool:
    """Say whether the characters only count up, count down or repeat a short piece."""
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(text)}
    return (
        steps <= {1}
        or steps <= {-1}
        or any(text == (text[:n] * len(text))[: len(text)] for n in range(1, 5))
    )


async def hashed(password: str) -> str:
    """Return the argon2id hash of a password."""
    async with _busy:
        return await asyncio.to_thread(_hasher.hash, password)


async def is_right(stored: str | None, password: str) -> bool:
    """Say whether a password belongs to a hash; without a hash the time is the same."""
    async with _busy:
        return await asyncio.to_thread(_verify, stored or _nobody(), password) and bool(stored)


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password[: MOST + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("the hash that is checked when nobody has this login")
