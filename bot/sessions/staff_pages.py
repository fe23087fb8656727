"""Sessions for the staff: listed by place and day, made, changed, published, cancelled."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import Row

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.people.audience_figures import LEAST
from bot.sessions import editing, queries, rules, session_form, words
from bot.sessions.queries import CHECK, EDIT, NO_TOPIC, READ

_MOST = 10_000_000


async def show(visit: Visit) -> web.Response:
    """Show the sessions from a day on, of all one's places or of one."""
    first, area = _day(visit), visit.query("area")
    async with visit.rt.db.read() as tx:
        found = await queries.listed(tx, visit.actor, first, area)
        names = await queries.labels(tx, {one.area for one in found}, visit.today)
        mine = await queries.places(tx, visit.actor, visit.today)
        doors = await queries.all_seen(tx, visit.actor, CHECK, [one.id for one in found])
    form = visit.blank(day=first.isoformat(), area=area)
    return visit.render(
        "sessions/list.html", sessions=found, names=names, places=mine, form=form,
        kinds=words.kinds(), least=LEAST, may_edit=visit.may(EDIT, None, NO_TOPIC),
        may_check=doors,
    )  # fmt: skip


def _day(visit: Visit) -> date:
    try:
        return date.fromisoformat(visit.query("day"))
    except ValueError:
        return visit.today


async def blank(visit: Visit) -> web.Response:
    """Show an empty form."""
    kind = visit.query("kind", rules.KINDS[0])
    kind = kind if kind in rules.KINDS else rules.KINDS[0]
    return await _form(visit, None, session_form.blank(visit, kind))


async def look(visit: Visit) -> web.Response:
    """Show a session; who may change it gets its form."""
    async with visit.rt.db.read() as tx:
        session = await queries.one(tx, visit.actor, READ, visit.number("session"))
    return await _form(visit, session, session_form.filled(visit, session))


async def _form(
    visit: Visit, session: Row[Any] | None, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        offered = await session_form.choices(visit, tx)
        paths = [session.area] if session else []
        names = await queries.labels(tx, paths, visit.today)
        may_check = session is not None and await queries.is_seen(
            tx, visit.actor, CHECK, session.id
        )
    is_over = session is not None and session.ends_at <= visit.now
    can_edit = session is None or (
        not (is_over or session.state == rules.CANCELLED)
        and visit.may(EDIT, session.area, NO_TOPIC)
    )
    return visit.render(
        "sessions/session.html", status=status, session=session, form=form, offered=offered,
        names=names, may_check=may_check, can_edit=can_edit, is_over=is_over, kinds=words.kinds(),
    )  # fmt: skip


async def add(visit: Visit) -> web.Response:
    """Add a draft."""
    form, values = await _read(visit)
    if not form:
        return await _form(visit, None, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    async with visit.rt.db.write() as tx:
        number = await editing.make(visit.rt, tx, visit.actor, values)
    return visit.redirect(f"/sessions/{number}", done="session.made")


async def _read(visit: Visit) -> tuple[Form, dict[str, Any]]:
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        offered = await session_form.choices(visit, tx)
    return form, session_form.read(form, offered, visit.now)


async def change(visit: Visit) -> web.Response:
    """Change a session; who signed up is told of another time or place."""
    async with visit.rt.db.read() as tx:
        session = await queries.one(tx, visit.actor, EDIT, visit.number("session"))
    form, values = await _read(visit)
    revision = form.whole("revision", 1, _MOST)
    if form:
        try:
            async with visit.rt.db.write() as tx:
                await editing.change(visit.rt, tx, visit.actor, session, values, revision)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"/sessions/{session.id}", done="session.saved")
    return await _form(visit, session, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def publish(visit: Visit) -> web.Response:
    """Let parents see a draft."""
    return await _moved(visit, editing.publish, "session.published")


async def cancel(visit: Visit) -> web.Response:
    """Cancel a session and tell those who signed up."""
    return await _moved(visit, editing.cancel, "session.cancelled")


async def _moved(visit: Visit, move: Any, done: str) -> web.Response:
    form = await visit.form()
    revision = form.whole("revision", 1, _MOST)
    try:
        async with visit.rt.db.write() as tx:
            session = await queries.one(tx, visit.actor, EDIT, visit.number("session"))
            await move(visit.rt, tx, visit.actor, session, revision)
    except InvalidInput as refused:
        shown = session_form.filled(visit, session)
        shown.refuse(refused)
        return await _form(visit, session, shown, HTTPStatus.CONFLICT)
    return visit.redirect(f"/sessions/{session.id}", done=done)


PAGES: tuple[Page, ...] = (
    get("/sessions", READ, show),
    get("/sessions/new", EDIT, blank),
    post("/sessions/new", EDIT, add),
    get("/sessions/{session}", READ, look),
    post("/sessions/{session}", EDIT, change),
    post("/sessions/{session}/publish", EDIT, publish),
    post("/sessions/{session}/cancel", EDIT, cancel),
)
