"""The editor of a lesson with its preview on a phone; lessons are added, moved and taken out."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.courses import actions, course_form, course_pages, lesson_form, problems, showing, store
from bot.courses.access import EDIT
from bot.courses.actions import Conflict
from bot.courses.store import Version
from bot.errors import NotFound
from knowledge import courses as rules
from knowledge.courses import Course
from knowledge.lessons import Lesson
from knowledge.topics import topics

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


async def _told(visit: Visit) -> tuple[Any, Version]:
    """Return the course in the path, and its draft or what parents see of it."""
    async with visit.rt.db.read() as tx:
        row = await store.one(tx, visit.actor, visit.part("course"), EDIT)
        return row, (await store.opened(tx, row.id) or await store.version(tx, row.id, row.version))


def _lesson(visit: Visit, course: Course) -> Lesson:
    for lesson in course.lessons:
        if lesson.name == visit.part("lesson"):
            return lesson
    raise NotFound


async def show(visit: Visit) -> web.Response:
    """Show a lesson in its form, with what the rules find beside each field."""
    row, told = await _told(visit)
    lesson = _lesson(visit, told.content)
    form = visit.blank(None, **lesson_form.filled(lesson))
    form.values["on"] = told.token if told.is_open else ""
    form.errors |= lesson_form.errors(_problems(told.content, lesson))
    return _editor(visit, row, told.content, lesson, form)


def _problems(course: Course, lesson: Lesson) -> list[problems.Problem]:
    found = problems.told(rules.judge(course))
    return [problem for problem in found if problem.file == f"{lesson.name}.md"]


def _editor(
    visit: Visit, row: Any, course: Course, lesson: Lesson, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    listed = [("", ""), *((leaf, f"{t.top_name} / {t.name}") for leaf, t in topics().items())]
    return visit.render(
        "courses/lesson.html", status=status, row=row, course=course, lesson=lesson, form=form,
        topics=listed, rooms=lesson_form.shown(lesson), room=lesson_form.ROOM,
    )  # fmt: skip


async def save(visit: Visit) -> web.Response:
    """Keep a lesson in the draft, faulty or not: the faults are shown beside their fields."""
    form = await visit.form()
    row, told = await _told(visit)
    before = _lesson(visit, told.content)
    lesson = lesson_form.read(form, before.name)
    if not form:
        return _editor(visit, row, told.content, before, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    course = course_form.with_topics(course_form.with_lesson(told.content, lesson))
    try:
        async with visit.rt.db.write() as tx:
            await actions.save(visit.rt, tx, visit.actor, course, form.values.get("on", ""))
    except Conflict as refused:
        form.refuse(refused)
        return _editor(visit, row, told.content, before, form, HTTPStatus.CONFLICT)
    is_sound = not _problems(course, lesson)
    done = "course.lesson_saved" if is_sound else "course.lesson_faulty_warning"
    return visit.redirect(f"/courses/{row.id}/lessons/{lesson.name}", done=done)


async def preview(visit: Visit) -> web.Response:
    """Show what is typed as parents' chat and page would, with what the rules find."""
    form = await visit.form()
    _, told = await _told(visit)
    lesson = lesson_form.read(form, _lesson(visit, told.content).name)
    course = course_form.with_topics(course_form.with_lesson(told.content, lesson))
    return visit.render(
        "courses/preview.html", lesson=lesson, lines=showing.chat(lesson, visit.text),
        problems=_problems(course, lesson), paragraphs=showing.paragraphs,
    )  # fmt: skip


async def add(visit: Visit) -> web.Response:
    """Add an empty lesson at the end."""
    form = await visit.form()
    slug = form.text("slug", most=40)
    if slug and not _SLUG.fullmatch(slug):
        form.wrong("slug", "course.id")
    if not form:
        return await course_pages.page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    name = ""

    def longer(course: Course) -> Course:
        nonlocal name
        name = course_form.next_name(course, slug)
        return course_form.with_lesson(course, course_form.blank_lesson(name))

    await _change(visit, longer)
    return visit.redirect(f"/courses/{visit.part('course')}/lessons/{name}")


async def move(visit: Visit) -> web.Response:
    """Move a lesson one place nearer to the beginning."""
    await _change(visit, lambda course: course_form.earlier(course, visit.part("lesson")))
    return visit.redirect(f"/courses/{visit.part('course')}", done="course.saved")


async def remove(visit: Visit) -> web.Response:
    """Take a lesson out of the draft; published versions keep it."""
    await _change(visit, lambda course: course_form.without(course, visit.part("lesson")))
    return visit.redirect(f"/courses/{visit.part('course')}", done="course.lesson_removed")


async def _change(visit: Visit, change: Callable[[Course], Course]) -> None:
    async with visit.rt.db.write() as tx:
        row = await store.one(tx, visit.actor, visit.part("course"), EDIT)
        told = await store.opened(tx, row.id) or await store.version(tx, row.id, row.version)
        await actions.save(visit.rt, tx, visit.actor, change(told.content))


PAGES: tuple[Page, ...] = (
    post("/courses/{course}/lessons", EDIT, add),
    get("/courses/{course}/lessons/{lesson}", EDIT, show),
    post("/courses/{course}/lessons/{lesson}", EDIT, save),
    post("/courses/{course}/lessons/{lesson}/preview", EDIT, preview),
    post("/courses/{course}/lessons/{lesson}/earlier", EDIT, move),
    post("/courses/{course}/lessons/{lesson}/remove", EDIT, remove),
)
