"""The list of courses, the matrix of the curriculum, and a new course."""

from __future__ import annotations

import re
from http import HTTPStatus

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.courses import access, actions, course_form, matrix, store
from bot.courses.access import EDIT, READ
from bot.courses.words import words
from bot.errors import InvalidInput
from knowledge.entry import AGES
from knowledge.topics import topics

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHOWN = ("", "published", "open", "retired")


async def show(visit: Visit) -> web.Response:
    """Show the courses one may see."""
    state = visit.query("state") if visit.query("state") in _SHOWN else ""
    async with visit.rt.db.read() as tx:
        rows = await store.listed(tx, visit.actor)
        says = await store.contents(tx, rows)
    groups = {
        "": rows,
        "published": [r for r in rows if r.version and not r.retired_at],
        "open": [r for r in rows if r.draft],
        "retired": [r for r in rows if r.retired_at],
    }
    return visit.render(
        "courses/list.html", rows=groups[state], groups=groups, state=state, says=says,
        words=words(),
    )  # fmt: skip


async def show_matrix(visit: Visit) -> web.Response:
    """Show which ages and groups of topics have courses, and where there is a hole."""
    async with visit.rt.db.read() as tx:
        rows = [r for r in await store.listed(tx, visit.actor) if r.version and not r.retired_at]
        says = await store.contents(tx, rows)
    cells = matrix.made(says[row.id] for row in rows)
    tops = {leaf.partition(".")[0]: topic.top_name for leaf, topic in topics().items()}
    holes = sum(cell.is_hole for row in cells.values() for cell in row.values())
    return visit.render(
        "courses/matrix.html", cells=cells, tops=tops, ages=AGES, words=words(), holes=holes,
        count=len(rows), lessons=sum(len(says[r.id].lessons) for r in rows),
    )  # fmt: skip


async def blank(visit: Visit) -> web.Response:
    """Ask for what a new course is called."""
    return await _form(visit, visit.blank())


async def _form(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
        brands = await store.brands(tx)
    return visit.render("courses/new.html", status=status, form=form, places=own, brands=brands)


async def create(visit: Visit) -> web.Response:
    """Add a course as a draft."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
        brands = await store.brands(tx)
    name, title = form.text("id", most=40), form.text("title", most=40)
    if name and not _ID.fullmatch(name):
        form.wrong("id", "course.id")
    programme = form.one_of("programme", [b.title for b in brands])
    area = form.one_of("area", [path for path, _ in own])
    if form:
        course = course_form.blank(name, title, programme)
        try:
            async with visit.rt.db.write() as tx:
                await actions.create(visit.rt, tx, visit.actor, course, area)
        except InvalidInput as refused:
            form.refuse(refused, "id")
        else:
            return visit.redirect(f"/courses/{name}/edit", done="course.created")
    return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


PAGES: tuple[Page, ...] = (
    get("/courses", READ, show),
    get("/curriculum", READ, show_matrix),
    get("/new-course", EDIT, blank),
    post("/new-course", EDIT, create),
)
