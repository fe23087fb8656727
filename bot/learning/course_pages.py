"""One course: what it is good for, its lessons, how to begin or go on; for everybody to read."""

from __future__ import annotations

from aiohttp import web

from bot.h5.page import Page, greet
from bot.h5.visit import Visit
from bot.learning import learner, page_words
from bot.library import find
from bot.people import joining


async def show(visit: Visit) -> web.Response:
    """Show a course; who takes it sees how far they are."""
    taken = await learner.opened(visit, visit.request.match_info["course"])
    states, has_agreed = {}, True
    if taken.row is None and visit.session is not None:
        async with visit.rt.db.read() as tx:
            found = await tx.execute(joining.has_agreed(visit.session.person))
            has_agreed = found.first() is not None
    if taken.row is not None:
        async with visit.rt.db.read() as tx:
            found = await learner.states(tx, [taken.row.id])
        states = {lesson: row for (_, lesson), row in found.items()}
    return visit.render(
        "learning/course.html", taken=taken, course=taken.course, states=states,
        related=_related(visit, taken.course.related), words=page_words,
        done=visit.request.query.get("done", ""), has_agreed=has_agreed,
    )  # fmt: skip


def _related(visit: Visit, names: tuple[str, ...]) -> list[str]:
    """Return the questions of the entries in force today that belong to a course."""
    if not find.is_loaded(visit.rt):
        return []
    held = find.now(visit.rt).entries
    return [held[name].question for name in names if name in held]


PAGES: tuple[Page, ...] = (greet("/school/{course}", show),)
