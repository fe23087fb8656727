"""Checks a custom menu as menu/create does.

Source: custom menu page, codes 40015-40027 and 65316, developers.weixin.qq.com, read 2026-10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

Button = dict[str, Any]

KEYED = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
NEEDS = {
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
    **dict.fromkeys(KEYED, ("key",)),
}
TOP_MAX, SUB_MAX = 3, 5
KEY_BYTES_MAX, URL_BYTES_MAX = 128, 1024


class Level(NamedTuple):
    """The limits and codes of one level of the menu."""

    name_bytes: int
    bad_type: int
    bad_name: int
    bad_key: int
    bad_url: int
    bad_domain: int


TOP = Level(16, 40017, 40018, 40019, 40020, 40055)
SUB = Level(60, 40024, 40025, 40026, 40027, 40054)


def check(menu: dict[str, Any], domains_max: int) -> list[Button]:
    """Return the buttons of a valid menu.

    Raises:
        ApiError: the first rule that is broken.

    """
    buttons = menu.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= TOP_MAX:
        raise ApiError(40016)
    for button in buttons:
        _check_top(button)
    hosts = {urlsplit(str(b["url"])).hostname for b in leaves(buttons) if b.get("url")}
    if len(hosts) > domains_max:
        raise ApiError(65316)
    return buttons


def _check_top(button: Any) -> None:
    _check_name(button, TOP)
    below = button.get("sub_button")
    if not below:
        _check_leaf(button, TOP)
        return
    if not isinstance(below, list) or len(below) > SUB_MAX:
        raise ApiError(40023)
    for item in below:
        _check_name(item, SUB)
        if item.get("sub_button"):
            raise ApiError(40022)
        _check_leaf(item, SUB)


def _check_name(button: Any, level: Level) -> None:
    if not isinstance(button, dict):
        raise ApiError(47001)
    size = len(str(button.get("name", "")).encode())
    if not 1 <= size <= level.name_bytes:
        raise ApiError(level.bad_name)


def _check_leaf(button: Button, level: Level) -> None:
    kind = str(button.get("type", ""))
    if kind not in NEEDS:
        raise ApiError(level.bad_type)
    for name in NEEDS[kind]:
        _check_field(name, str(button.get(name, "")), level)


def _check_field(name: str, value: str, level: Level) -> None:
    size = len(value.encode())
    if name == "url":
        if not 1 <= size <= URL_BYTES_MAX:
            raise ApiError(level.bad_url)
        if not value.startswith(("http://", "https://")) or not urlsplit(value).hostname:
            raise ApiError(level.bad_domain)
    elif not 1 <= size <= KEY_BYTES_MAX:
        raise ApiError(level.bad_key)


def leaves(buttons: list[Button]) -> Iterator[Button]:
    """Yield the buttons that do something."""
    for button in buttons:
        below = button.get("sub_button")
        yield from below or [button]


def live(buttons: list[Button]) -> dict[str, Any]:
    """Return the shape of get_current_selfmenu_info: sub-buttons sit in a list object."""
    shown = []
    for button in buttons:
        below = button.get("sub_button")
        rest = {key: value for key, value in button.items() if key != "sub_button"}
        shown.append({**rest, "sub_button": {"list": below}} if below else rest)
    return {"button": shown}
