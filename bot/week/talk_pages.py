"""Live talks for the staff: announced, moved, cancelled, with the address to see it again."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import Row

from bot.clock import GUANGZHOU
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.week import access, reminding, talks
from bot.week.access import EDIT, READ

_MOST = 10_000_000
_FIELDS = ("title", "speaker", "platform", "url", "replay_url")
_LENGTHS = {"title": 60, "speaker": 60, "platform": 40, "url": 300, "replay_url": 300}
#: Most minutes a replay may count; hours.yaml counts no more than this either.
_MINUTES_MOST, _MINUTES = 120, 45
_NEEDED = ("title", "platform", "url")


async def show(visit: Visit) -> web.Response:
    """Show the talks."""
    async with visit.rt.db.read() as tx:
        found = await talks.listed(tx, visit.actor)
        names = dict(await access.every(tx))
    return visit.render(
        "week/talks.html", talks=found, names=names, may_edit=visit.may(EDIT, None, access.NO_TOPIC)
    )


async def blank(visit: Visit) -> web.Response:
    """Show an empty form."""
    return await _form(visit, None, visit.blank(minutes=str(_MINUTES)))


async def look(visit: Visit) -> web.Response:
    """Show a talk in its form."""
    async with visit.rt.db.read() as tx:
        talk = await talks.one(tx, visit.actor, visit.number("talk"))
    at = talk.starts_at.astimezone(GUANGZHOU)
    form = visit.blank(
        **{name: getattr(talk, name) for name in _FIELDS}, area=talk.area,
        day=at.date().isoformat(), clock=at.strftime("%H:%M"), revision=str(talk.revision),
        minutes=str(talk.minutes),
    )  # fmt: skip
    return await _form(visit, talk, form)


async def _form(
    visit: Visit, talk: Row[Any] | None, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
    return visit.render("week/talk.html", status=status, talk=talk, form=form, places=own)


async def add(visit: Visit) -> web.Response:
    """Add a talk."""
    return await _put(visit, None)


async def change(visit: Visit) -> web.Response:
    """Change a talk; who booked it is told of another time."""
    async with visit.rt.db.read() as tx:
        talk = await talks.one(tx, visit.actor, visit.number("talk"))
    return await _put(visit, talk)


async def _put(visit: Visit, talk: Row[Any] | None) -> web.Response:
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
    values = _read(form, [path for path, _ in own])
    revision = form.whole("revision", 1, _MOST) if talk else 1
    if form:
        try:
            async with visit.rt.db.write() as tx:
                await talks.put(visit.rt, tx, visit.actor, values, talk, revision)
                if talk is not None and talk.starts_at != values["starts_at"]:
                    moved = await talks.one(tx, visit.actor, talk.id)
                    await reminding.tell_moved(visit.rt, tx, moved)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect("/week/talks", done="week.saved")
    return await _form(visit, talk, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _read(form: Form, own: list[str]) -> dict[str, Any]:
    """Return the row of a form; faults stand beside its fields."""
    values: dict[str, Any] = {
        name: form.text(name, most=_LENGTHS[name], needed=name in _NEEDED) for name in _FIELDS
    }
    for name in ("url", "replay_url"):
        parts = urlsplit(values[name])
        if values[name] and not (parts.scheme == "https" and parts.netloc):
            form.wrong(name, "live.https")
    values["minutes"] = form.whole("minutes", 0, _MINUTES_MOST)
    values["area"] = form.one_of("area", own)
    day, clock = form.day("day"), form.text("clock", most=5)
    try:
        at = datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=GUANGZHOU)
    except ValueError:
        form.wrong("clock", "week.clock")
        at = datetime(2000, 1, 1, tzinfo=GUANGZHOU)
    return values | {"starts_at": at, "year": at.year}


async def cancel(visit: Visit) -> web.Response:
    """Cancel a talk and tell those who booked it."""
    form = await visit.form()
    revision = form.whole("revision", 1, _MOST)
    async with visit.rt.db.write() as tx:
        talk = await talks.one(tx, visit.actor, visit.number("talk"))
        await talks.cancel(visit.rt, tx, visit.actor, talk, revision)
        await reminding.tell_cancelled(visit.rt, tx, talk)
    return visit.redirect("/week/talks", done="live.cancelled")


PAGES: tuple[Page, ...] = (
    get("/week/talks", READ, show),
    get("/week/talks/new", EDIT, blank),
    post("/week/talks/new", EDIT, add),
    get("/week/talks/{talk}", EDIT, look),
    post("/week/talks/{talk}", EDIT, change),
    post("/week/talks/{talk}/cancel", EDIT, cancel),
)
