"""The steps of one entry: to review, judged, scheduled, retired, and back to an old revision."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from http import HTTPStatus

from aiohttp import web

from bot.clock import GUANGZHOU
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.curation import actions, publishing, queries, shown
from bot.errors import InvalidInput, NotAllowed


async def submit(visit: Visit) -> web.Response:
    """Send a draft to review."""
    name = visit.part("entry")
    return await _step(visit, name, "entry.submitted", actions.submit, "")


async def review(visit: Visit) -> web.Response:
    """Approve a text or send it back."""
    name, form = visit.part("entry"), await visit.form()
    comment = form.text("comment", most=500, needed=False)
    if form.one_of("verdict", ("approve", "return")) == "approve":
        approve = partial(actions.approve, on=form.whole("revision", 1, 10**8))
        return await _step(visit, name, "entry.approved", approve, comment)
    return await _step(visit, name, "entry.returned", actions.send_back, comment)


async def schedule(visit: Visit) -> web.Response:
    """Set or take back the instant of a publication; times are Guangzhou's."""
    name, form = visit.part("entry"), await visit.form()
    at = None
    if not form.values.get("cancel"):
        try:
            typed = datetime.fromisoformat(form.values.get("at", ""))
        except ValueError:
            raise InvalidInput("publish.past") from None
        at = typed.replace(tzinfo=GUANGZHOU)
    done = "entry.scheduled" if at else "entry.unscheduled"
    return await _step(visit, name, done, actions.schedule, at)


async def ask_retire(visit: Visit) -> web.Response:
    """Ask for the reason before an answer is taken away."""
    async with visit.rt.db.read() as tx:
        working = await queries.row(tx, visit.actor, visit.part("entry"), "entries.publish")
    return visit.render("curation/retire.html", working=working, form=visit.blank())


async def retire(visit: Visit) -> web.Response:
    """Take an answer away at once."""
    name, form = visit.part("entry"), await visit.form()
    why = form.text("why", most=200)
    if form:
        await publishing.retire(visit.rt, visit.actor, name, why)
        return visit.redirect(f"/entries/{name}", done="entry.retired")
    async with visit.rt.db.read() as tx:
        working = await queries.row(tx, visit.actor, name, "entries.publish")
    return visit.render(
        "curation/retire.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        working=working,
        form=form,
    )


async def revision(visit: Visit) -> web.Response:
    """Compare an old revision with the working copy."""
    name, number = visit.part("entry"), visit.number("revision")
    async with visit.rt.db.read() as tx:
        working = await queries.row(tx, visit.actor, name)
        old = await queries.revision(tx, name, number)
    return visit.render(
        "curation/revision.html",
        working=working,
        number=number,
        fields=shown.fields_diff(old, working.entry),
        lines=shown.phone(visit.rt, old),
    )


async def restore(visit: Visit) -> web.Response:
    """Make an old revision the working copy."""
    name = visit.part("entry")
    return await _step(visit, name, "entry.restored", actions.restore, visit.number("revision"))


async def _step(
    visit: Visit, name: str, done: str, action: actions.Step, value: object
) -> web.Response:
    """Do one step; what it refuses is said on a page of its own, with the way back."""
    try:
        async with visit.rt.db.write() as tx:
            await action(visit.rt, tx, visit.actor, name, value)
    except (InvalidInput, NotAllowed) as refused:
        if not str(refused).startswith(("entry.", "review.", "publish.")):
            raise
        return visit.render(
            "console/error.html",
            status=HTTPStatus.CONFLICT,
            sentence=shown.refusal(visit, refused),
            request_id="",
            back=f"/console/entries/{name}",
        )
    return visit.redirect(f"/entries/{name}", done=done)


PAGES: tuple[Page, ...] = (
    post("/entries/{entry}/submit", "entries.edit", submit),
    post("/entries/{entry}/review", "entries.review", review),
    post("/entries/{entry}/schedule", "entries.publish", schedule),
    get("/entries/{entry}/retire", "entries.publish", ask_retire),
    post("/entries/{entry}/retire", "entries.publish", retire),
    get("/entries/{entry}/revisions/{revision}", "entries.read", revision),
    post("/entries/{entry}/revisions/{revision}", "entries.edit", restore),
)
