"""The menu under the chat: read from YAML, checked against the platform's limits, compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.errors import InvalidInput

MENU_FILE = Path(__file__).with_name("menu.yaml")
# Source: WECHAT.md 5.7 (custom menu, developers.weixin.qq.com).
COLUMNS_MAX = 3
ITEMS_MAX = 5
COLUMN_NAME_BYTES = 16
ITEM_NAME_BYTES = 60
KEY_BYTES = 128
URL_BYTES = 1024
DOMAINS_MAX = 3
#: Stands for the service's own address in a url.
_SITE = "{site}"
_KEY_FORM = re.compile(r"[A-Za-z0-9_.:-]+").fullmatch


@dataclass(frozen=True, slots=True)
class Button:
    """A column or an item: with a key (click), a url (view), or items below it.

    `asks` is what a tap on a click item means in a parent's words; it is not published. `other` is
    the type of a live button of a kind that this service does not publish.
    """

    name: str
    key: str = ""
    url: str = ""
    items: tuple[Button, ...] = ()
    asks: str = ""
    other: str = ""

    def as_api(self) -> dict[str, Any]:
        """Return the button as the platform takes it."""
        if self.items:
            return {"name": self.name, "sub_button": [item.as_api() for item in self.items]}
        if self.url:
            return {"type": "view", "name": self.name, "url": self.url}
        return {"type": "click", "name": self.name, "key": self.key}


@dataclass(frozen=True, slots=True)
class Menu:
    """All columns, from left to right."""

    buttons: tuple[Button, ...]

    def as_api(self) -> dict[str, Any]:
        """Return the menu as `menu/create` takes it."""
        return {"button": [button.as_api() for button in self.buttons]}

    def questions(self) -> dict[str, str]:
        """Return, by key, the question that a tap stands for."""
        return {button.key: button.asks for button in _flat(self) if button.asks}


def load(path: Path = MENU_FILE, *, site: str = "") -> Menu:
    """Return the checked menu of a file; `{site}` in a url becomes the service's address.

    Without an address the items that need it are left out.

    Raises:
        InvalidInput: the file is not a menu, or a limit is passed; names the field.
    """
    data = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    if not isinstance(data, dict) or set(data) != {"button"}:
        raise InvalidInput(f"{path.name}: the file must hold `button` and nothing else.")
    menu = Menu(_buttons(data["button"], "button", site))
    check(menu)
    return menu


def check(menu: Menu) -> None:
    """Refuse a menu that the platform would refuse.

    Raises:
        InvalidInput: names the field and its limit.
    """
    _count(menu.buttons, "button", COLUMNS_MAX)
    for number, column in enumerate(menu.buttons):
        place = f"button[{number}]"
        _bytes(column.name, f"{place}.name", COLUMN_NAME_BYTES)
        if column.items:
            _count(column.items, f"{place}.sub_button", ITEMS_MAX)
        else:
            _check_target(column, place)
        for below, item in enumerate(column.items):
            inner = f"{place}.sub_button[{below}]"
            _bytes(item.name, f"{inner}.name", ITEM_NAME_BYTES)
            if item.items:
                raise InvalidInput(f"{inner}.sub_button: only two levels are allowed.")
            _check_target(item, inner)
    hosts = {urlsplit(button.url).hostname for button in _flat(menu) if button.url}
    if len(hosts) > DOMAINS_MAX:
        raise InvalidInput(f"url: at most {DOMAINS_MAX} domains in one menu.")


def from_live(answer: Mapping[str, Any]) -> Menu:
    """Return the live menu from `get_current_selfmenu_info` or `menu/get`; empty when closed."""
    if answer.get("is_menu_open") == 0:
        return Menu(())
    holder = answer.get("selfmenu_info") or answer.get("menu") or {}
    return Menu(tuple(_live(button) for button in holder.get("button", [])))


def diff(live: Menu, wanted: Menu) -> list[str]:
    """Return what publishing would change, one line each; an empty list means nothing.

    `+` is new, `-` goes away, `~` changes: `~ 1/2 key: old → new`. Places are column/item from 1.
    """
    before, after = _lines(live), _lines(wanted)
    changed = []
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        if old is None:
            changed.append(f"+ {place}: {new}")
        elif new is None:
            changed.append(f"- {place}: {old}")
        elif old != new:
            changed.append(f"~ {place}: {old} → {new}")
    return changed


def _buttons(data: Any, place: str, site: str) -> tuple[Button, ...]:
    if not isinstance(data, list):
        raise InvalidInput(f"{place}: must be a list.")
    made = [_button(item, f"{place}[{number}]", site) for number, item in enumerate(data)]
    return tuple(button for button in made if site or not button.url.startswith(_SITE))


def _button(data: Any, place: str, site: str) -> Button:
    known = {"name", "key", "url", "sub_button", "asks"}
    if not isinstance(data, dict) or not set(data) <= known:
        raise InvalidInput(f"{place}: may hold only {', '.join(sorted(known))}.")
    texts = {field: data.get(field, "") for field in ("name", "key", "url", "asks")}
    for field, value in texts.items():
        if not isinstance(value, str):
            raise InvalidInput(f"{place}.{field}: must be a text.")
    if len(data.keys() & {"key", "url", "sub_button"}) != 1:
        raise InvalidInput(f"{place}: needs exactly one of key, url and sub_button.")
    texts["url"] = texts["url"].replace(_SITE, site.rstrip("/") or _SITE)
    items: tuple[Button, ...] = ()
    if "sub_button" in data:
        items = _buttons(data["sub_button"], f"{place}.sub_button", site)
    if texts["asks"] and not texts["key"]:
        raise InvalidInput(f"{place}.asks: only an item with a key can ask.")
    return Button(**texts, items=items)


def _check_target(button: Button, place: str) -> None:
    if button.url:
        _bytes(button.url, f"{place}.url", URL_BYTES)
        if urlsplit(button.url).scheme not in ("http", "https") or not urlsplit(button.url).netloc:
            raise InvalidInput(f"{place}.url: must begin with http:// or https://.")
        return
    _bytes(button.key, f"{place}.key", KEY_BYTES)
    if not _KEY_FORM(button.key):
        raise InvalidInput(f"{place}.key: only letters, digits and `_ . : -` are allowed.")


def _bytes(text: str, place: str, limit: int) -> None:
    size = len(text.encode())
    if not 0 < size <= limit:
        raise InvalidInput(f"{place}: must have 1 to {limit} bytes, has {size}.")


def _count(buttons: Sequence[Button], place: str, limit: int) -> None:
    if not 0 < len(buttons) <= limit:
        raise InvalidInput(f"{place}: must have 1 to {limit} entries, has {len(buttons)}.")


def _flat(menu: Menu) -> list[Button]:
    return [button for column in menu.buttons for button in (column, *column.items)]


def _live(data: Mapping[str, Any]) -> Button:
    below = data.get("sub_button") or []
    listed = below.get("list", []) if isinstance(below, Mapping) else below
    kind = str(data.get("type", ""))
    return Button(
        name=str(data.get("name", "")),
        key=str(data.get("key", "")) if kind == "click" else "",
        url=str(data.get("url", "")) if kind == "view" else "",
        items=tuple(_live(item) for item in listed),
        other=kind if kind not in ("", "click", "view") else "",
    )


def _lines(menu: Menu) -> dict[str, str]:
    """Return every field of every button under its place, `1/2 key`."""
    lines = {}
    for number, column in enumerate(menu.buttons, 1):
        for place, button in [(f"{number}", column)] + [
            (f"{number}/{below}", item) for below, item in enumerate(column.items, 1)
        ]:
            fields = {"name": button.name, "key": button.key, "url": button.url}
            fields["type"] = button.other
            lines.update({f"{place} {name}": value for name, value in fields.items() if value})
    return lines
