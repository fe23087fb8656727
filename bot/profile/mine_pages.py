"""The parent's own corner: messages, to-dos, what was agreed to, the children, the way out."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.dialogue import aside
from bot.errors import NotFound
from bot.h5 import links, mine
from bot.h5.page import get, post
from bot.h5.visit import Visit
from bot.org import tree
from bot.people.families import children
from bot.profile import standing, wishes
from bot.profile.family import called

_CONSENTS = "/mine/consents"
_NUMBER_MOST = 4  # characters of a page's number


async def show(visit: Visit) -> web.Response:
    """Show what there is, and the ways on."""
    async with visit.rt.db.read() as tx:
        found: dict[str, Any] = {
            "unread": await mine.unread(visit.rt, tx, visit.person),
            "todos": len(await mine.todos(visit.rt, tx, visit.person)),
            "wishes": await standing.read(tx, visit.person),
            "children": await _children(visit, tx),
        }
    return visit.render("profile/mine.html", **found)


async def _children(visit: Visit, tx: AsyncConnection) -> list[tuple[str, str]]:
    """Return grade and class of each child, as they are called today."""
    today = day(visit.now)
    rows = children.c
    found = await tx.execute(
        select(rows.stage, rows.entry_year, rows.unit)
        .where(rows.account == visit.person[0], rows.openid == visit.person[1])
        .order_by(rows.id)
    )
    told = found.all()
    units = await tree.named(tx, [row.unit for row in told if row.unit])
    return [
        (
            called(row.stage, row.entry_year, today),
            units[row.unit].label(today) if row.unit in units else "",
        )
        for row in told
    ]


async def show_messages(visit: Visit) -> web.Response:
    """Show a page of the messages, newest first."""
    text = visit.request.query.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) < _NUMBER_MOST
    async with visit.rt.db.read() as tx:
        shown = await mine.messages(visit.rt, tx, visit.person, int(text) if is_number else 1)
    return visit.render("profile/messages.html", shown=shown)


async def show_message(visit: Visit) -> web.Response:
    """Show one message; who sees it has read it.

    Raises:
        NotFound: it is none of this parent's.
    """
    name = visit.request.match_info["message"]
    async with visit.rt.db.write() as tx:
        found = await mine.message(visit.rt, tx, visit.person, name)
    if found is None:
        raise NotFound
    return visit.render("profile/message.html", message=found, can_open=_is_safe(found.url))


def _is_safe(url: str) -> bool:
    """Say whether a message's address may be tapped: a path of ours, or another site by TLS."""
    parts = urlsplit(url)
    is_own = not parts.scheme and not parts.netloc and url.startswith(f"{links.PREFIX}/")
    return is_own or (parts.scheme == "https" and bool(parts.netloc))


async def show_todos(visit: Visit) -> web.Response:
    """Show what the parent may still do."""
    async with visit.rt.db.read() as tx:
        found = await mine.todos(visit.rt, tx, visit.person)
    listed: list[dict[str, Any]] = [{"todo": t, "can_open": _is_safe(t.url)} for t in found]
    return visit.render("profile/todos.html", todos=listed)


async def show_consents(visit: Visit) -> web.Response:
    """Show what counts of the parent's wishes."""
    async with visit.rt.db.read() as tx:
        found = await standing.read(tx, visit.person)
    is_done = "done" in visit.request.query
    return visit.render("profile/consents.html", wishes=found, is_done=is_done)


async def change_consents(visit: Visit) -> web.Response:
    """Turn one of them on or off."""
    await wishes.change(visit)
    return visit.redirect(f"{links.PREFIX}{_CONSENTS}", done="1")


async def open_data(visit: Visit) -> web.Response:
    """Make a link to everything that is kept, as the chat does, and go there."""

    def work(turn: Any) -> str:
        return links.give(visit.rt, turn.write, visit.person, secrets.token_hex(8), visit.now)

    address = await aside.act(visit.rt, visit.person, work)
    return visit.redirect(urlsplit(address).path)


PAGES = (
    get("/mine", show, login=True),
    get("/mine/messages", show_messages, login=True),
    get("/mine/messages/{message}", show_message, login=True),
    get("/mine/todos", show_todos, login=True),
    get(_CONSENTS, show_consents, login=True),
    post(_CONSENTS, change_consents, login=True),
    post("/mine/data", open_data, login=True),
)
