"""A page is data: method, path, handler, and whose link opens it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.h5.visit import Visit

Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Page:
    """One route below `/h`. With a `purpose` only a link of that purpose opens it.

    Its path then holds `{key}`, and the handler gets the link's parent as `visit.person`.
    """

    method: str
    path: str
    handler: Handler
    purpose: str = ""

    def __post_init__(self) -> None:
        assert bool(self.purpose) == ("{key}" in self.path), self.path
        assert self.method == "GET" or self.purpose, "only who has a link changes something"


def get(path: str, handler: Handler, purpose: str = "") -> Page:
    """Return a page that shows something and changes nothing."""
    return Page("GET", path, handler, purpose)


def post(path: str, handler: Handler, purpose: str) -> Page:
    """Return a page that changes something; its form carries the token of the link."""
    return Page("POST", path, handler, purpose)
