"""Places spread evenly over the openids of an audience, and figures of a sample brought to a total.

Openids of one account begin alike and go on by chance, so places between the first and the last are
about equally far apart in people.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, func, select

from bot.delivery import freeze
from bot.delivery.order import Order
from bot.runtime import Runtime

#: The letters of an openid, in the order of the database.
_LETTERS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_DEPTH = 4
Key = TypeVar("Key")


def cursors(rt: Runtime, tx: Connection, order: Order, now: datetime, count: int) -> list[str]:
    """Return so many places to begin a page after; the first is before everybody."""
    who = freeze.who_of(rt, order, now).subquery()
    first, last = tx.execute(select(func.min(who.c.openid), func.max(who.c.openid))).one()
    if not first:
        return []
    head = _common(first, last)
    low, high = _number(first[len(head) :]), _number(last[len(head) :])
    step = (high - low) / count
    return ["", *(head + _letters(int(low + step * n)) for n in range(1, count))]


def scaled(counts: Mapping[Key, int], total: int) -> dict[Key, int]:
    """Return counts that add up to the total, in the same proportions; largest remainders first."""
    base = sum(counts.values())
    if base in (0, total):
        return {key: count for key, count in counts.items() if count}
    shares = {key: count * total / base for key, count in counts.items()}
    found = {key: int(share) for key, share in shares.items()}
    by_rest = sorted(shares, key=lambda key: found[key] - shares[key])
    for key in by_rest[: total - sum(found.values())]:
        found[key] += 1
    return found


def _common(first: str, last: str) -> str:
    length = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first if length is None else first[:length]


def _number(text: str) -> int:
    base, value = len(_LETTERS), 0
    for place in range(_DEPTH):
        letter = text[place : place + 1]
        value = value * base + (_LETTERS.find(letter) if letter in _LETTERS and letter else 0)
    return value


def _letters(value: int) -> str:
    base, found = len(_LETTERS), ""
    for _ in range(_DEPTH):
        value, rest = divmod(value, base)
        found = _LETTERS[rest] + found
    return found
