"""Field checks of a push: each returns the value or refuses, naming the field and nothing else."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from bot.wechat.refusals import Malformed

if TYPE_CHECKING:
    from bot.wechat.xmltree import Tree

CONTENT_MAX = 20_000  # characters; the body is capped at 64 KiB before
TEXT_MAX = 4_096
NAME_MAX = 64
_NAME_FORM = re.compile(r"[A-Za-z0-9_-]{1,64}").fullmatch
_DECIMAL_FORM = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,24})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch
_UINT64_DIGITS = 20
_UINT64_END = 2**64
_SECONDS_DIGITS = 10  # up to the year 2286


def text(tree: Tree, name: str, limit: int = TEXT_MAX) -> str:
    """Return a text of at most `limit` characters; a missing one is empty."""
    value = tree.get(name, "")
    if not isinstance(value, str) or len(value) > limit:
        raise Malformed(f"{name} is not a text of at most {limit} characters.")
    return value


def name(tree: Tree, field: str) -> str:
    """Return an openid or account name: 1 to 64 letters, digits, `_` or `-`."""
    value = tree.get(field)
    if not isinstance(value, str) or not _NAME_FORM(value):
        raise Malformed(f"{field} is not 1 to 64 letters, digits, `_` or `-`.")
    return value


def seconds(tree: Tree, field: str) -> int:
    """Return seconds since 1970, 1 to 10 ASCII digits."""
    return _number(tree, field, _SECONDS_DIGITS)


def count(tree: Tree, field: str) -> int:
    """Return a whole number of at most 10 digits; a missing or empty one is 0."""
    return _number(tree, field, _SECONDS_DIGITS) if tree.get(field) else 0


def message_id(tree: Tree, field: str) -> str:
    """Return an unsigned 64-bit number as the text of its digits.

    Source: WECHAT.md 2.5 (MsgId is a 64-bit integer; kept as text, no float ever touches it).
    """
    _number(tree, field, _UINT64_DIGITS)
    value: str = tree[field]
    return value


def degrees(tree: Tree, field: str, limit: float) -> float:
    """Return a finite number between -limit and limit."""
    value = decimal(tree, field)
    if abs(value) > limit:
        raise Malformed(f"{field} is out of range.")
    return value


def decimal(tree: Tree, field: str) -> float:
    """Return a finite decimal number."""
    value = tree.get(field)
    if not isinstance(value, str) or not _DECIMAL_FORM(value.strip()):
        raise Malformed(f"{field} is not a decimal number.")
    number = float(value)
    if not math.isfinite(number):
        raise Malformed(f"{field} is not finite.")
    return number


def subtree(tree: Tree, field: str) -> Tree:
    """Return the fields inside a field; a missing or empty one has none."""
    value = tree.get(field) or {}
    if not isinstance(value, dict):
        raise Malformed(f"{field} has no fields inside.")
    return value


def items(tree: Tree, field: str) -> list[Any]:
    """Return a field's values; one may stand without its list, a missing field has none."""
    value = tree.get(field)
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def trees(tree: Tree, field: str) -> list[Tree]:
    """Return `items` that must all have fields inside."""
    found = items(tree, field)
    if not all(isinstance(item, dict) for item in found):
        raise Malformed(f"{field} does not hold records.")
    return found


def _number(tree: Tree, field: str, digits: int) -> int:
    value = tree.get(field)
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()):
        raise Malformed(f"{field} is not a number of ASCII digits.")
    number = int(value) if len(value) <= digits else _UINT64_END
    if number >= _UINT64_END:
        raise Malformed(f"{field} is too large.")
    return number
