"""The first page after login, and the search over everything a person may see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.console.page import STAFF, Page, get
from bot.console.visit import Visit


@dataclass(frozen=True, slots=True)
class Card:
    """A figure of the first page: what waits for this person, and where."""

    title: str
    value: str
    text: str
    href: str
    icon: str
    kind: str = "primary"


@dataclass(frozen=True, slots=True)
class Row:
    """One result of the search."""

    label: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one feature."""

    title: str
    icon: str
    rows: list[Row] = field(default_factory=list)


Cards = Callable[[Visit], Awaitable[list[Card]]]
Search = Callable[[Visit, str], Awaitable[list[Group]]]


def pages(cards: Sequence[Cards], searches: Sequence[Search]) -> tuple[Page, ...]:
    """Return the two pages; features bring their cards and what they can be searched for."""

    async def start(visit: Visit) -> web.Response:
        shown: list[Any] = [card for found in cards for card in await found(visit)]
        return visit.render("console/home.html", cards=shown)

    async def search(visit: Visit) -> web.Response:
        words = visit.query("q")
        found = [group for look in searches for group in await look(visit, words)] if words else []
        groups = [group for group in found if group.rows]
        return visit.render("console/search.html", q=words, groups=groups)

    return (get("/", STAFF, start), get("/search", STAFF, search))
