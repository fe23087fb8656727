"""A page is data: path, permission, handler. The site checks the permission before the handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.console.visit import Visit

Handler = Callable[[Visit], Awaitable[web.StreamResponse]]

#: Instead of a permission: for whoever is logged in, and for everybody.
STAFF, ANYBODY = "staff", "anybody"
#: Largest body of a form, and of a page that takes a file.
FORM_BYTES = 256 * 1024
UPLOAD_BYTES = 11 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """One route of the console, below `/console`.

    `permission` is a name of roles.yaml, `STAFF` or `ANYBODY`; who lacks it is refused before the
    handler runs. The handler asks `visit.actor` for the rows it may see.
    """

    method: str
    path: str
    permission: str
    handler: Handler
    body_bytes: int = FORM_BYTES


def get(path: str, permission: str, handler: Handler) -> Page:
    """Return a page that shows something and changes nothing."""
    return Page("GET", path, permission, handler)


def post(path: str, permission: str, handler: Handler, *, body_bytes: int = FORM_BYTES) -> Page:
    """Return a page that changes something; it needs the token of the session."""
    return Page("POST", path, permission, handler, body_bytes)
