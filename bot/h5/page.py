"""A page is data: method, path, handler, and what opens it: nothing, a link, or a login."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.h5.visit import Visit

Handler = Callable[[Visit], Awaitable[web.StreamResponse]]
_PARAMETER = re.compile(r"{\w+}")


@dataclass(frozen=True, slots=True)
class Page:
    """One route below `/h`. With a `purpose` only a link of that purpose opens it.

    Its path then holds `{key}`, and the handler gets the link's parent as `visit.person`. With
    `login` the parent has logged in and is `visit.person` likewise; a page that `greets` is for
    everybody, and `visit.session` is there if somebody has logged in. `sdk` lets the page load the
    platform's script. `counts`: a form of everybody's that changes nothing but sums. `body_bytes`
    is the largest form it takes; 0: that of every page.
    """

    method: str
    path: str
    handler: Handler
    purpose: str = ""
    login: bool = False
    sdk: bool = False
    counts: bool = False
    body_bytes: int = 0
    greets: bool = False

    def __post_init__(self) -> None:
        assert bool(self.purpose) == ("{key}" in self.path), self.path
        assert not (self.purpose and self.login), "one door a page"
        known = self.purpose or self.login or self.counts
        assert self.method == "GET" or known, "who changes must be known"
        assert not (self.counts and (self.purpose or self.login)), "sums tell of nobody"
        assert not self.greets or (self.method == "GET" and not known), "one door a page"

    def leads(self, path: str) -> bool:
        """Say whether a path below `/h` is one this page is shown at, after a login."""
        if not (self.login or self.greets) or self.method != "GET":
            return False
        form = _PARAMETER.sub("[A-Za-z0-9_-]{1,64}", self.path)
        return re.fullmatch(form, path) is not None


def get(
    path: str, handler: Handler, purpose: str = "", *, login: bool = False, sdk: bool = False
) -> Page:
    """Return a page that shows something and changes nothing."""
    return Page("GET", path, handler, purpose, login, sdk)


def greet(path: str, handler: Handler) -> Page:
    """Return a page for everybody that shows more to who has logged in."""
    return Page("GET", path, handler, greets=True)


def post(
    path: str, handler: Handler, purpose: str = "", *, login: bool = False, body_bytes: int = 0
) -> Page:
    """Return a page that changes something; its form carries the token of link or session."""
    return Page("POST", path, handler, purpose, login, body_bytes=body_bytes)


def tally(path: str, handler: Handler) -> Page:
    """Return a page that takes a form from everybody and changes nothing but sums."""
    return Page("POST", path, handler, counts=True)
