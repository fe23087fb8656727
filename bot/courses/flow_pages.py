"""The steps of a course: to review, judged, published, retired, and back to an older version."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.forms import Form
from bot.console.page import Page, post
from bot.console.visit import Visit
from bot.courses import actions, course_pages
from bot.courses.access import EDIT, PUBLISH, REVIEW
from bot.errors import InvalidInput, NotAllowed

_NOTE = 400
Step = Callable[[AsyncConnection], Awaitable[object]]


async def submit(visit: Visit) -> web.Response:
    """Send the draft to review."""
    form = await visit.form()
    name = visit.part("course")

    async def step(tx: AsyncConnection) -> None:
        await actions.submit(visit.rt, tx, visit.actor, name)

    return await _step(visit, form, step, "course.submitted")


async def review(visit: Visit) -> web.Response:
    """Approve the text that was read, or send it back."""
    form = await visit.form()
    name, note = visit.part("course"), form.text("note", most=_NOTE, needed=False)
    approved = form.one_of("verdict", ("approve", "reject")) == "approve"

    async def step(tx: AsyncConnection) -> None:
        if approved:
            on = form.values.get("on", "")
            await actions.approve(visit.rt, tx, visit.actor, name, on, note)
        else:
            await actions.reject(visit.rt, tx, visit.actor, name, note)

    return await _step(visit, form, step, "course.approved" if approved else "course.rejected")


async def publish(visit: Visit) -> web.Response:
    """Publish the approved version."""
    form = await visit.form()
    name = visit.part("course")

    async def step(tx: AsyncConnection) -> None:
        await actions.publish(visit.rt, tx, visit.actor, name)

    return await _step(visit, form, step, "course.published")


async def retire(visit: Visit) -> web.Response:
    """Let nobody begin it any more, or let them again."""
    form = await visit.form()
    name, why = visit.part("course"), form.text("why", most=_NOTE)
    again = form.one_of("what", ("retire", "offer")) == "offer"

    async def step(tx: AsyncConnection) -> None:
        await actions.retire(visit.rt, tx, visit.actor, name, why, again=again)

    return await _step(visit, form, step, "course.offered" if again else "course.retired")


async def go_back(visit: Visit) -> web.Response:
    """Publish what an older version says as a new one."""
    form = await visit.form()
    name, why = visit.part("course"), form.text("why", most=_NOTE)
    number = visit.number("version")

    async def step(tx: AsyncConnection) -> None:
        await actions.go_back(visit.rt, tx, visit.actor, name, number, why)

    return await _step(visit, form, step, "course.went_back")


async def _step(visit: Visit, form: Form, step: Step, done: str) -> web.Response:
    """Do one step; what it refuses is said on the course's page."""
    if form:
        try:
            async with visit.rt.db.write() as tx:
                await step(tx)
            return visit.redirect(f"/courses/{visit.part('course')}", done=done)
        except (InvalidInput, NotAllowed) as refused:
            if not str(refused).startswith("course."):
                raise
            form.fault = visit.text(str(refused))
    return await course_pages.page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


PAGES: tuple[Page, ...] = (
    post("/courses/{course}/submit", EDIT, submit),
    post("/courses/{course}/review", REVIEW, review),
    post("/courses/{course}/publish", PUBLISH, publish),
    post("/courses/{course}/retire", PUBLISH, retire),
    post("/courses/{course}/versions/{version}", PUBLISH, go_back),
)
