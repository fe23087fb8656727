"""One course as an archive of its files: sent out as it is, brought in as a draft."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import UPLOAD_BYTES, Page, get, post
from bot.console.visit import Visit
from bot.courses import access, actions, archive, store
from bot.courses.access import EDIT, READ
from bot.courses.problems import Problem
from bot.errors import InvalidInput, NotAllowed, NotFound
from knowledge.courses import Course


async def export(visit: Visit) -> web.Response:
    """Send a version as an archive; it can be brought in again without loss."""
    async with visit.rt.db.read() as tx:
        row = await store.one(tx, visit.actor, visit.part("course"))
        this = await store.version(tx, row.id, visit.number("version"))
    name = f"{row.id}-{this.number}.zip"
    return visit.download(name, archive.packed(this.content), "application/zip")


async def show(visit: Visit) -> web.Response:
    """Show the form for an archive."""
    return await _form(visit, visit.blank(), [])


async def _form(
    visit: Visit, form: Form, problems: list[Problem], status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
    return visit.render(
        "courses/import.html", status=status, form=form, places=own, problems=problems
    )


async def upload(visit: Visit) -> web.Response:
    """Bring an archive in as a draft of its course; one with faults is only told of."""
    form = await visit.form()
    problems: list[Problem] = []
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
    area, sent = form.one_of("area", [path for path, _ in own]), form.files.get("file")
    if sent is None or not sent.name:
        form.wrong("file", "course.no_file")
    else:
        try:
            course, problems = archive.unpacked(sent.content)
            if course and not problems and form:
                await _take(visit, course, area)
                return visit.redirect(f"/courses/{course.id}", done="course.imported")
        except InvalidInput as refused:
            form.refuse(refused, "file")
        except (NotAllowed, NotFound):
            form.refuse("course.elsewhere", "file")
    return await _form(visit, form, problems, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _take(visit: Visit, course: Course, area: str) -> None:
    """Keep the course as a new one, or as the draft of the one there is.

    Raises:
        InvalidInput: there is a draft already, which is not overwritten.
        NotFound: the course is there, where one may not edit.
    """
    async with visit.rt.db.write() as tx:
        try:
            await actions.create(visit.rt, tx, visit.actor, course, area)
        except InvalidInput:
            await store.one(tx, visit.actor, course.id, EDIT)
            if await store.opened(tx, course.id):
                raise InvalidInput("course.has_draft") from None
            await actions.save(visit.rt, tx, visit.actor, course)


PAGES: tuple[Page, ...] = (
    get("/courses/{course}/versions/{version}/export", READ, export),
    get("/course-import", EDIT, show),
    post("/course-import", EDIT, upload, body_bytes=UPLOAD_BYTES),
)
