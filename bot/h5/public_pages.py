"""Pages for everybody: what the pages are for, and what becomes of personal data."""

from __future__ import annotations

from aiohttp import web

from bot.h5 import privacy
from bot.h5.page import get
from bot.h5.visit import Visit


async def start(visit: Visit) -> web.Response:
    """Say where the pages are opened from."""
    return visit.render("h5/start.html")


async def show_privacy(visit: Visit) -> web.Response:
    """Show the privacy text in force."""
    said, fields = privacy.words(), privacy.fields(visit.rt.settings)
    return visit.render("h5/privacy.html", said=said, fields=fields)


PAGES = (get("/", start), get("/privacy", show_privacy))
