"""Serials: GZ-2026-7K3QXMC. Six random characters tell nothing of the order; the last one checks.

The alphabet is Crockford's without 0, so that neither 0 and O nor 1, I and L can be confused. It
has 31 signs, a prime: any one wrong sign, and any two that changed places, are noticed.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM = 6
_FORM = re.compile(rf"GZ(\d{{4}})([{ALPHABET}]{{{_RANDOM}}})([{ALPHABET}])")
_ODD = re.compile(r"[\s\-_\u2010-\u2015\uff0d]+")
#: What is meant by signs that are none of ours: in the year, and after it.
_YEAR = str.maketrans("ILO", "110")
_MEANT = str.maketrans("IL", "11")
#: Longer input is no serial.
_LONGEST = 40


def make(year: int) -> str:
    """Return a new serial of a year; that it is unique the table says."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    return _written(year, body, check(year, body))


def check(year: int, body: str) -> str:
    """Return the check sign: place-weighted sum modulo 31, the year with weight 1."""
    total = year + sum(n * ALPHABET.index(sign) for n, sign in enumerate(body, 2))
    return ALPHABET[total % len(ALPHABET)]


def read(text: str) -> str | None:
    """Return the serial somebody typed, as it is written; None: it is none."""
    if len(text) > _LONGEST:
        return None
    plain = _ODD.sub("", text).upper()
    found = _FORM.fullmatch(plain[:2] + plain[2:6].translate(_YEAR) + plain[6:].translate(_MEANT))
    if found is None or check(int(found[1]), found[2]) != found[3]:
        return None
    return _written(int(found[1]), found[2], found[3])


def _written(year: int, body: str, last: str) -> str:
    return f"GZ-{year:04}-{body}{last}"
