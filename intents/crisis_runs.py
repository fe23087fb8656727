"""Runs of characters and of signs as numbers, all of a message in a few array operations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from intents.crisis_kinds import Told

Hashes = NDArray[np.uint32]
#: Two characters are seen together up to this many characters apart; signs up to three in a row.
REACH, ROW = 10, 3
#: Runs that start at a character: it alone, with the next, and with each of the further ones.
WIDTH = REACH + 1
#: No run has this number: it stands where a run would reach beyond the message.
NONE = np.uint32(0)
#: Odd numbers without a pattern: a number's bits are spread by multiplying.
_A, _B, _C, _D = (np.uint32(n) for n in (0x9E3779B1, 0x85EBCA77, 0x27D4EB2F, 0x2C1B3C6D))
_FAMILY = np.uint32(0xC2B2AE3D)
_ALONE, _PAIR, _APART, _SIGNS = 1, 2, 3, 4
_BY_GAP = np.array([_ALONE, _PAIR, *[_APART] * (REACH - 1)], dtype=np.uint32) * _FAMILY
_BY_ROW = np.arange(_SIGNS, _SIGNS + ROW, dtype=np.uint32) * _FAMILY
_GAPS = np.arange(WIDTH)
#: Where the characters stand that a character is seen with, for messages of usual length.
_PLACES = np.arange(512)[:, None] + _GAPS
#: For the last characters: what reaches beyond the end.
_BEYOND = np.arange(REACH, 0, -1)[:, None] <= _GAPS


def runs(told: Told) -> Hashes:
    """Return every run of a message: `WIDTH` a character, then `ROW` by sign (alone, two, three).

    The runs of a character lie together; those of the signs lie by length: all that are alone, all
    of two, all of three.
    """
    here, near = _codes(told.folded), len(told.folded)
    signs, many = _codes(told.signs), len(told.signs)
    places = _PLACES[:near] if near <= len(_PLACES) else np.arange(near)[:, None] + _GAPS
    by_gap = here.take(places)
    by_gap *= _B
    by_gap[:, 0] = 0
    by_gap += here[:near, None] * _A
    by_gap += _BY_GAP
    first, second, third = signs[:many], signs[1 : many + 1], signs[2 : many + 2]
    alone = first * _A
    pairs = second * _B
    pairs += alone
    threes = (first * _C + second) * _A
    threes += third * _B
    pairs += _BY_ROW[1]
    threes += _BY_ROW[2]
    alone += _BY_ROW[0]
    found = np.concatenate([by_gap.ravel(), alone, pairs, threes])
    found ^= found >> np.uint32(15)
    found *= _D
    found ^= found >> np.uint32(13)
    _end(found, near, many)
    return found


def _codes(text: str) -> Hashes:
    """Return the characters' numbers, and zeros as far as a run can reach."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass") + bytes(4 * REACH), np.uint32)


def _end(found: Hashes, near: int, many: int) -> None:
    """Take away what reaches beyond the end."""
    last = found[: near * WIDTH].reshape(near, WIDTH)[-REACH:]
    last[_BEYOND[REACH - len(last) :]] = NONE
    pairs, threes = found[near * WIDTH + many : -many or None], found[-many or len(found) :]
    pairs[-1:] = threes[-2:] = NONE


def within(found: Hashes, told: Told, begin: int, end: int) -> Hashes:
    """Return the runs that start at the signs from `begin` to before `end`."""
    near, many = len(told.folded), len(told.signs)
    first, last = told.place(begin), told.place(end)
    by_row = found[near * WIDTH :].reshape(ROW, many)[:, begin:end]
    return np.concatenate([found[first * WIDTH : last * WIDTH], by_row.ravel()])


def named(told: Told) -> Iterator[tuple[str, int]]:
    """Yield every run as text, and its number: of `打…妈` the two stand further apart."""
    numbers, text, signs = iter(runs(told).tolist()), told.folded, told.signs
    for at in range(len(text)):
        for gap in range(WIDTH):
            if number := next(numbers):
                between = "" if gap <= 1 else "\u2026"
                yield text[at] + (between + text[at + gap] if gap else ""), number
    for more in range(ROW):
        for at in range(len(signs)):
            if number := next(numbers):
                yield signs[at : at + more + 1], number
