"""What each role may do, as roles.yaml says it."""

from __future__ import annotations

from aiohttp import web

from bot.console.page import Page, get
from bot.console.visit import Visit
from bot.people import roles


async def show(visit: Visit) -> web.Response:
    """Show permissions against roles."""
    known = roles.load()
    return visit.render(
        "admin/roles.html", permissions=known.permissions, roles=list(known.roles.values())
    )


PAGES: tuple[Page, ...] = (get("/roles", "staff.read", show),)
