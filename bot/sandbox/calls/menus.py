"""The custom menu: create, read, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import menu
from bot.sandbox.calls.call import OK, Route
from bot.sandbox.errors import ApiError

if TYPE_CHECKING:
    from bot.sandbox.calls.call import Call
    from bot.sandbox.state import Platform


def create(platform: Platform, call: Call) -> dict[str, Any]:
    """Replace the menu; the phones show it at once, real ones after minutes."""
    buttons = menu.check(call.body, platform.config.menu_domains_max)
    platform.account.menu = {"button": buttons}
    platform.hub.publish("menu", platform.account.menu)
    return OK


def get(platform: Platform, _call: Call) -> dict[str, Any]:
    """Give the menu as it was created."""
    if platform.account.menu is None:
        raise ApiError(46003)
    return {"menu": platform.account.menu}


def delete(platform: Platform, _call: Call) -> dict[str, Any]:
    """Remove the menu."""
    platform.account.menu = None
    platform.hub.publish("menu", None)
    return OK


def current(platform: Platform, _call: Call) -> dict[str, Any]:
    """Give the menu that is live, in the shape of the console's."""
    if platform.account.menu is None:
        return {"is_menu_open": 0}
    return {"is_menu_open": 1, "selfmenu_info": menu.live(platform.account.menu["button"])}


ROUTES = {
    "/cgi-bin/menu/create": Route("POST", create, charset_code=40033),
    "/cgi-bin/menu/get": Route("GET", get),
    "/cgi-bin/menu/delete": Route("GET", delete),
    "/cgi-bin/get_current_selfmenu_info": Route("GET", current),
}
