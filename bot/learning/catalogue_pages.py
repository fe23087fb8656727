"""The catalogue for everybody: by programme, by stage and topic; own children's courses first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.h5.page import Page, greet
from bot.h5.visit import Visit
from bot.learning import learner, page_words
from bot.school import fitting, shelf
from bot.school.course_tables import programmes
from bot.school.fitting import Kid
from bot.school.states import Standing
from knowledge.courses import Course

_BRANDS = select(programmes).order_by(programmes.c.place, programmes.c.id)
_RUNNING = (Standing.ACTIVE, Standing.RESTING)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The courses of one programme, under its title and its lead."""

    key: str
    title: str
    lead: str
    courses: tuple[Course, ...]


async def show(visit: Visit) -> web.Response:
    """Show what is offered, as far as the chosen stage, topic and programme go."""
    async with visit.rt.db.read() as tx:
        offered = await shelf.offered(visit.rt, tx)
        brands = (await tx.execute(_BRANDS)).all()
        taken, kids = await _own(visit, tx)
    shelves = _shelves(offered, brands)
    shown = [course for one in shelves for course in one.courses]
    wish = _wish(visit, shown, shelves)
    left = [c for c in shown if _matches(c, wish, shelves)]
    own = fitting.fitting(left, kids) if not wish["stage"] else []
    return visit.render(
        "learning/catalogue.html", wish=wish, own=own, kids=kids,
        running=[t for t in taken if t.row is not None and t.row.state in _RUNNING],
        began={t.course.id: t.row.state for t in taken if t.row is not None},
        shelves=[(one, _rest(one, left, own)) for one in shelves], count=len(left),
        brand=next((one for one in shelves if one.key == wish["programme"]), None),
        stages={s: n for s, n in page_words.words()["stages"].items() if _has(shown, s)},
        tops=page_words.tops(shown), words=page_words,
    )  # fmt: skip


async def _own(visit: Visit, tx: AsyncConnection) -> tuple[list[learner.Taken], list[Kid]]:
    if not visit.session:
        return [], []
    taken = await learner.every(visit.rt, tx, visit.person)
    return taken, await learner.kids(tx, visit.person, day(visit.now))


def _shelves(offered: Sequence[Course], brands: Sequence[Row[Any]]) -> list[Shelf]:
    """Return the programmes that hold something; a closed one is not shown, an unknown one last.

    A course names its programme by its title.
    """
    known = {row.title: row for row in brands} | {row.id: row for row in brands}
    by: dict[str, list[Course]] = {row.id: [] for row in brands}
    for course in offered:
        row = known.get(course.programme)
        by.setdefault(row.id if row else course.programme, []).append(course)
    rows = {row.id: row for row in brands}
    return [
        Shelf(key, rows[key].title, rows[key].lead, tuple(found))
        if key in rows
        else Shelf(key, key, "", tuple(found))
        for key, found in by.items()
        if found and (key not in rows or rows[key].is_open)
    ]


def _wish(visit: Visit, shown: Sequence[Course], shelves: Sequence[Shelf]) -> dict[str, str]:
    """Return what is asked for; what nobody can ask for counts as nothing."""
    known = {
        "stage": {stage for course in shown for stage in course.stages},
        "topic": set(page_words.tops(shown)),
        "programme": {one.key for one in shelves},
    }
    asked = {name: visit.request.query.get(name, "") for name in known}
    return {name: text if text in known[name] else "" for name, text in asked.items()}


def _matches(course: Course, wish: dict[str, str], shelves: Sequence[Shelf]) -> bool:
    stage, topic, programme = wish["stage"], wish["topic"], wish["programme"]
    return (
        (not stage or stage in course.stages)
        and (not topic or any(t.partition(".")[0] == topic for t in course.topics))
        and (not programme or any(course in s.courses for s in shelves if s.key == programme))
    )


def _rest(one: Shelf, left: Sequence[Course], own: Sequence[Course]) -> list[Course]:
    return [c for c in one.courses if c in left and c not in own]


def _has(shown: Sequence[Course], stage: str) -> bool:
    return any(stage in course.stages for course in shown)


PAGES: tuple[Page, ...] = (greet("/school", show),)
