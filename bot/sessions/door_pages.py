"""At the door: the rotating code with the live count, passes, make-ups, the printed poster."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import Row

from bot.console import picture
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.h5 import links
from bot.sessions import doors, gate_token, live, queries, rules
from bot.sessions.doors import COUNT_MAX, PASS_DIGITS
from bot.sessions.queries import CHECK, EDIT
from bot.sessions.rules import Moment

_REASON = 80


async def show(visit: Visit) -> web.Response:
    """Show the code of this minute, the digits, how many are there, and what the staff may enter.

    The count is of people in the room, so it is not hidden where it is small.
    """
    return await _page(visit, visit.blank(digits=_digits(visit.query("pass"))))


def _digits(text: str) -> str:
    is_pass = text.isascii() and text.isdigit() and len(text) == PASS_DIGITS
    return text if is_pass else ""


async def _page(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    found = await _figures(visit)
    return visit.render("sessions/door.html", status=status, form=form, most=COUNT_MAX, **found)


async def figures(visit: Visit) -> web.Response:
    """Show the same without what is typed: the page fetches it when the bell rings."""
    return visit.render("sessions/figures.html", **await _figures(visit))


async def _figures(visit: Visit) -> dict[str, Any]:
    async with visit.rt.db.read() as tx:
        session = await queries.one(tx, visit.actor, CHECK, visit.number("session"))
        there, counted = await queries.there(tx, session.id)
    moment = rules.moment(session, visit.now)
    is_open = session.state == rules.OPEN and moment in (Moment.IN_TIME, Moment.LATE)
    token = gate_token.token(session.secret, visit.now)
    address = links.page(visit.rt, f"gate/{session.code}/{token}") if is_open else ""
    return {
        "session": session, "there": there, "counted": counted, "moment": moment.value,
        "code": picture.inline(address) if address else "", "is_open": is_open,
        "when": rules.when(session),
    }  # fmt: skip


async def admit(visit: Visit) -> web.Response:
    """Check in the parent who shows a pass; with a reason it is a make-up."""
    form = await visit.form()
    digits = _digits(form.text("digits", most=PASS_DIGITS))
    if form and not digits:
        form.wrong("digits", "session.no_pass")

    async def work(tx: Any, session: Row[Any]) -> str:
        is_new = await doors.admit(visit.rt, tx, visit.actor, session, digits)
        return "session.admitted" if is_new else "session.was_there"

    return await _entered(visit, form, work, "digits")


async def make_up(visit: Visit) -> web.Response:
    """Enter a make-up: a pass, or how many people, and why."""
    form = await visit.form()
    reason = form.text("reason", most=_REASON)
    typed = form.text("made_up", most=PASS_DIGITS, needed=False)
    digits = _digits(typed)
    if typed and not digits:
        form.wrong("made_up", "session.no_pass")
    count = 0 if typed else form.whole("count", 1, COUNT_MAX)

    async def work(tx: Any, session: Row[Any]) -> str:
        if digits:
            is_new = await doors.admit(visit.rt, tx, visit.actor, session, digits, reason=reason)
            return "session.made_up" if is_new else "session.was_there"
        await doors.make_up(visit.rt, tx, visit.actor, session, count, reason)
        return "session.made_up"

    return await _entered(visit, form, work, "made_up" if digits else None)


async def _entered(
    visit: Visit, form: Form, work: Callable[[Any, Row[Any]], Awaitable[str]], field: str | None
) -> web.Response:
    number = visit.number("session")
    if form:
        try:
            async with visit.rt.db.write() as tx:
                session = await queries.one(tx, visit.actor, CHECK, number)
                done = await work(tx, session)
        except InvalidInput as refused:
            form.refuse(refused, field)
        else:
            return visit.redirect(f"/sessions/{number}/door", done=done)
    return await _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def poster(visit: Visit) -> web.Response:
    """Show a page to print: the platform's code, the digits, when and where."""
    return await _poster(visit, visit.blank())


async def _poster(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        session = await queries.one(tx, visit.actor, CHECK, visit.number("session"))
        url = await doors.poster(tx, session.id, visit.now)
        may_edit = await queries.is_seen(tx, visit.actor, EDIT, session.id)
    return visit.render(
        "sessions/poster.html", status=status, session=session, when=rules.when(session), form=form,
        code=picture.inline(url) if url else "", may_edit=may_edit,
    )  # fmt: skip


async def make_poster(visit: Visit) -> web.Response:
    """Have the platform make the code of a poster."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        session = await queries.one(tx, visit.actor, EDIT, visit.number("session"))
    try:
        await doors.make_poster(visit.rt, visit.actor, session)
    except InvalidInput as refused:
        form.refuse(refused)
        return await _poster(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/sessions/{session.id}/poster", done="session.poster_made")


PAGES: tuple[Page, ...] = (
    get("/sessions/{session}/door", CHECK, show),
    get("/sessions/{session}/figures", CHECK, figures),
    get("/sessions/{session}/events", CHECK, live.events),
    post("/sessions/{session}/admit", CHECK, admit),
    post("/sessions/{session}/make-up", CHECK, make_up),
    get("/sessions/{session}/poster", CHECK, poster),
    post("/sessions/{session}/poster", EDIT, make_poster),
)
