"""The page of one's own data: look, take away, limit, delete; what words do in the chat."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.dialogue import aside
from bot.dialogue.turn import Turn
from bot.h5.links import DATA
from bot.h5.page import get, post
from bot.h5.visit import Visit
from bot.profile import copies, erasing, standing, wishes
from bot.profile.erasing import Held, Via

#: Rows of one kind that the page shows; the file has all of them.
SHOWN_MOST = 50
_VIEWS = "views"
_ZIP = "my-data.zip"
_PATH = f"/{DATA}/{{key}}"


async def show(visit: Visit) -> web.Response:
    """Show everything that is kept about this parent, and what counts of their wishes."""
    async with visit.rt.db.read() as tx:
        kinds = await copies.gather(visit.rt, tx, visit.person)
        standing_now = await standing.read(tx, visit.person)
    return visit.render(
        "profile/data.html",
        looks=next(kind for kind in kinds if kind.name == _VIEWS),
        kinds=[kind for kind in kinds if kind.name != _VIEWS],
        wishes=standing_now,
        most=SHOWN_MOST,
        is_done="done" in visit.request.query,
    )


async def take(visit: Visit) -> web.Response:
    """Send the file with everything."""
    async with visit.rt.db.read() as tx:
        kinds = await copies.gather(visit.rt, tx, visit.person)
    readme = visit.renderer.page("profile/readme.txt", {"kinds": kinds, "now": visit.now})
    content = await asyncio.to_thread(copies.packed, kinds, readme, visit.now)
    return visit.download(_ZIP, content, "application/zip")


async def change(visit: Visit) -> web.Response:
    """Turn a kind of reminder, or a use of what is known, on or off."""
    await wishes.change(visit)
    return visit.redirect(visit.path(), done="1")


async def ask(visit: Visit) -> web.Response:
    """Say what a deletion deletes and what stays, and ask for the word."""
    held = await aside.act(visit.rt, visit.person, erasing.held_of)
    return _asked(visit, held, is_wrong=False)


async def delete(visit: Visit) -> web.Response:
    """Delete everything, as the chat does, if the word was typed."""
    typed = (await visit.form()).get("word", "")

    def work(turn: Turn) -> tuple[bool, Held | None]:
        if not erasing.is_confirmed(turn, typed):
            return False, erasing.held_of(turn)
        return True, erasing.forget(turn, Via.PAGE)

    is_done, held = await aside.act(visit.rt, visit.person, work)
    if not is_done:
        return _asked(visit, held, is_wrong=True)
    return visit.render("profile/deleted.html", held=held)


def _asked(visit: Visit, held: Held | None, *, is_wrong: bool) -> web.Response:
    word = visit.rt.say("delete_me", "confirm")
    return visit.render("profile/delete.html", held=held, is_wrong=is_wrong, word=word)


PAGES = (
    get(_PATH, show, DATA),
    get(f"{_PATH}/file", take, DATA),
    post(f"{_PATH}/wishes", change, DATA),
    get(f"{_PATH}/delete", ask, DATA),
    post(f"{_PATH}/delete", delete, DATA),
)
