"""One course: its versions, what the rules find, and the form for all but its lessons."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.courses import access, actions, course_form, problems, showing, store
from bot.courses.access import EDIT, NO_TOPIC, PUBLISH, READ, REVIEW
from bot.courses.actions import Conflict
from bot.courses.states import State
from bot.courses.store import Version
from bot.courses.words import words
from bot.errors import NotFound
from knowledge import courses as rules
from knowledge.lessons import Lesson
from knowledge.topics import topics


async def show(visit: Visit) -> web.Response:
    """Show a course with its versions and what may be done next."""
    return await page(visit, visit.blank())


async def page(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    """Return the page of the course in the path."""
    async with visit.rt.db.read() as tx:
        row = await store.one(tx, visit.actor, visit.part("course"))
        versions = await store.versions(tx, row.id)
        history = await store.history(tx, row.id)
        names = dict(await access.places(tx, visit.actor, READ))
    draft = next((v for v in versions if v.is_open), None)
    current = next((v for v in versions if v.number == row.version), None)
    told = draft or current
    if told is None:
        raise NotFound
    may = {p.partition(".")[2]: visit.may(p, row.area, NO_TOPIC) for p in (EDIT, REVIEW, PUBLISH)}
    is_mine = draft is not None and visit.actor.id in draft.authors
    return visit.render(
        "courses/course.html", status=status, row=row, versions=versions, draft=draft,
        current=current, course=told.content, history=history, form=form, words=words(),
        problems=problems.told(rules.judge(draft.content)) if draft else [],
        topics=topics(), may=may, is_mine=is_mine, area=names.get(row.area, row.area),
        files={f"{one.name}.md": one for one in told.content.lessons},
    )  # fmt: skip


async def version(visit: Visit) -> web.Response:
    """Show one version: what differs from the one before it, and every lesson of it."""
    name, number = visit.part("course"), visit.number("version")
    async with visit.rt.db.read() as tx:
        row = await store.one(tx, visit.actor, name)
        this = await store.version(tx, name, number)
        old = await _beside(visit, tx, this, row)
    lesson = next(
        (one for one in this.content.lessons if one.name == visit.query("lesson")),
        next(iter(this.content.lessons), None),
    )
    return visit.render(
        "courses/version.html", row=row, this=this, old=old, words=words(), lesson=lesson,
        fields=showing.differences(old.content, this.content) if old else [],
        files={f"{one.name}.md": one.title for one in _lessons(old, this)},
        lines=showing.chat(lesson, visit.text) if lesson else [], paragraphs=showing.paragraphs,
        may_publish=visit.may(PUBLISH, row.area, NO_TOPIC), form=visit.blank(),
    )  # fmt: skip


def _lessons(*versions: Version | None) -> list[Lesson]:
    return [lesson for one in versions if one for lesson in one.content.lessons]


async def _beside(visit: Visit, tx: AsyncConnection, this: Version, row: Any) -> Version | None:
    """Return the version to compare with: the one asked for, in force, or published before."""
    versions = await store.versions(tx, this.course)
    asked = visit.whole("with", 0)
    published = [v for v in versions if v.state is State.PUBLISHED and v.number != this.number]
    wanted = asked or (row.version if this.is_open else 0)
    chosen = [v for v in published if v.number == wanted]
    chosen += [v for v in published if v.number < this.number]
    return next(iter(chosen), None)


async def edit(visit: Visit) -> web.Response:
    """Show the form of a course; where there is no draft, it begins with what parents see."""
    async with visit.rt.db.read() as tx:
        row = await store.one(tx, visit.actor, visit.part("course"), EDIT)
        told = await store.opened(tx, row.id) or await store.version(tx, row.id, row.version)
        brands = [b.title for b in await store.brands(tx)]
    lists, values = course_form.filled(told.content)
    form = visit.blank(lists, **values)
    form.values["on"] = told.token if told.is_open else ""
    for problem in problems.told(rules.judge(told.content)):
        if problem.file == "course.yaml":
            name = problem.field.partition("[")[0]
            form.errors[name] = " ".join(filter(None, (form.errors.get(name), problem.text)))
    return _form(visit, row, form, brands)


def _form(
    visit: Visit, row: Any, form: Form, brands: list[str], status: int = HTTPStatus.OK
) -> web.Response:
    listed = [(leaf, f"{t.top_name} / {t.name}") for leaf, t in topics().items()]
    return visit.render(
        "courses/edit.html", status=status, row=row, form=form, words=words(), topics=listed,
        brands=brands,
    )  # fmt: skip


async def save(visit: Visit) -> web.Response:
    """Keep the form as the draft; what the rules find is shown, and mended before the review."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        row = await store.one(tx, visit.actor, visit.part("course"), EDIT)
        told = await store.opened(tx, row.id) or await store.version(tx, row.id, row.version)
        brands = [b.title for b in await store.brands(tx)]
    course = course_form.read(form, told.content, brands)
    if form:
        try:
            async with visit.rt.db.write() as tx:
                on = form.values.get("on", "")
                await actions.save(visit.rt, tx, visit.actor, course, on)
        except Conflict as refused:
            form.refuse(refused)
            return _form(visit, row, form, brands, HTTPStatus.CONFLICT)
        return visit.redirect(f"/courses/{row.id}", done="course.saved")
    return _form(visit, row, form, brands, HTTPStatus.UNPROCESSABLE_ENTITY)


PAGES: tuple[Page, ...] = (
    get("/courses/{course}", READ, show),
    get("/courses/{course}/edit", EDIT, edit),
    post("/courses/{course}/edit", EDIT, save),
    get("/courses/{course}/versions/{version}", READ, version),
)
