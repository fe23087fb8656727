"""What the search over everything finds of courses: by title or id, within what one may see."""

from __future__ import annotations

from bot.console.start_pages import Group, Row
from bot.console.visit import PREFIX, Visit
from bot.courses import store
from bot.courses.access import READ

_SHOWN = 8


async def search(visit: Visit, words: str) -> list[Group]:
    """Return the courses whose title or id holds the words."""
    group = Group(visit.text("course.group"), "book-2")
    if visit.may(READ):
        async with visit.rt.db.read() as tx:
            rows = await store.listed(tx, visit.actor)
        fits = [r for r in rows if words in r.title or words in r.id]
        group.rows.extend(Row(r.title, r.id, f"{PREFIX}/courses/{r.id}") for r in fits[:_SHOWN])
    return [group]
