"""Pushes in JSON to the same trees as XML: numbers as text, the same caps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.wechat import texts, xmltree
from bot.wechat.refusals import Malformed

if TYPE_CHECKING:
    from bot.wechat.xmltree import Tree


def parse(body: bytes) -> Tree:
    """Return the object of a JSON push; numbers keep their digits, `null` is the empty text.

    Raises:
        Malformed: not a UTF-8 JSON object, a key given twice, NaN or Infinity, or over a cap.
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_int=str,
            parse_float=str,
        )
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None
    if not isinstance(value, dict) or len(value) > xmltree.TOP_MAX:
        raise Malformed("The JSON push is not an object, or has too many fields.")
    left = [xmltree.ELEMENTS_MAX]
    return {texts.clean(key): _shape(child, 2, left) for key, child in value.items()}


def _shape(value: Any, depth: int, left: list[int]) -> Any:
    """Return a value as XML would have given it; `left` counts down the elements still allowed."""
    left[0] -= 1
    if depth > xmltree.DEPTH_MAX or left[0] < 0:
        raise Malformed("The JSON is too deep or too wide.")
    if isinstance(value, str):
        return texts.clean(value)
    if isinstance(value, dict):
        return {texts.clean(key): _shape(child, depth + 1, left) for key, child in value.items()}
    if isinstance(value, list):
        return [_shape(child, depth + 1, left) for child in value]
    return "" if value is None else str(value).lower()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise Malformed("A JSON key stands twice.")
    return tree


def _refuse(_: str) -> None:
    raise Malformed("NaN and Infinity are not JSON.")
