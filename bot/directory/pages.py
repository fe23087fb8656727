"""The directory for the staff: list, one place, add and change."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from aiohttp import web

from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Handler, Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.directory import actions, exporting, importing, queries
from bot.directory.fields import Reading, texts
from bot.directory.place import Place
from bot.directory.queries import EDIT, NO_TOPIC, READ
from bot.directory.words import words
from bot.errors import InvalidInput


async def show(visit: Visit) -> web.Response:
    """Show the places one may see, by filters."""
    kind, area, status = visit.query("kind"), visit.query("area"), visit.query("status")
    asked = visit.query("q")
    wanted = queries.filtered(visit.actor, kind=kind, area=area, status=status, asked=asked)
    async with visit.rt.db.read() as tx:
        page = Pager.of(visit, await queries.count(tx, wanted))
        rows = await queries.listed(tx, wanted, offset=page.offset, limit=page.size)
        names = await queries.names(tx)
    return visit.render(
        "directory/places.html", rows=rows, page=page, names=names, words=words(),
        chosen={"kind": kind, "area": area, "status": status, "q": asked},
        can_edit=visit.may(EDIT, None, NO_TOPIC),
    )  # fmt: skip


async def look(visit: Visit) -> web.Response:
    """Show one place in its form, and beside it what parents are told."""
    async with visit.rt.db.read() as tx:
        place, revision = await queries.one(tx, visit.actor, visit.request.match_info["place"])
        names = await queries.names(tx)
    form = visit.blank(**texts(place, names), revision=str(revision))
    return await _form(visit, place, form)


async def blank(visit: Visit) -> web.Response:
    """Show an empty form."""
    return await _form(visit, None, visit.blank(kind=words().kinds["station"]))


async def _form(
    visit: Visit, place: Place | None, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        names = await queries.names(tx)
    may_edit = visit.may(EDIT, place.area if place else None, NO_TOPIC)
    own = [
        n
        for path, n in names.items()
        if visit.may(EDIT, path, NO_TOPIC) or (place and not may_edit)
    ]
    return visit.render(
        "directory/place.html", status=status, place=place, form=form, words=words(),
        names=names, districts=own, can_edit=may_edit, today=visit.today,
        pairs=_pairs,
    )  # fmt: skip


async def add(visit: Visit) -> web.Response:
    """Add a place."""
    form = await visit.form()
    made = await _read(visit, form, None)
    if made is not None:
        try:
            async with visit.rt.db.write() as tx:
                await actions.add(visit.rt, tx, visit.actor, made)
        except InvalidInput as refused:
            form.refuse(refused, "code")
        else:
            return visit.redirect(f"/directory/{made.code}", done="directory.added")
    return await _form(visit, None, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def change(visit: Visit) -> web.Response:
    """Change a place; who was slower sees it and loses nothing that was typed."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        code = visit.request.match_info["place"]
        before, now = await queries.one(tx, visit.actor, code, EDIT)
        names = await queries.names(tx)
    revision = form.whole("revision", 1, _MOST)
    made = await _read(visit, form, before)
    if made is not None:
        try:
            async with visit.rt.db.write() as tx:
                await actions.change(visit.rt, tx, visit.actor, before, made, revision)
        except InvalidInput as refused:
            _show_other(form, refused, texts(before, names), texts(made, names))
            form.values["revision"] = str(now)
        else:
            return visit.redirect(f"/directory/{made.code}", done="directory.saved")
    return await _form(visit, before, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _show_other(
    form: Form, refused: InvalidInput, theirs: Mapping[str, str], own: Mapping[str, str]
) -> None:
    """Say what stands there now beside each field where it is not what was typed."""
    form.refuse(refused)
    for name, text in theirs.items():
        if text != own[name]:
            form.wrong(name, "directory.now", text=text or "-")


async def _read(visit: Visit, form: Form, before: Place | None) -> Place | None:
    """Return the place of a form; faults stand beside its fields."""
    async with visit.rt.db.read() as tx:
        areas = await queries.areas(tx)
        kind = form.values.get("kind", "")
        known = {word: code for code, word in words().kinds.items()}
        code = before.code if before else await importing.new_code(tx, known.get(kind, "place"))
    given = form.values | {"code": before.code if before else ""}
    reading = Reading(given, areas, visit.today)
    made = reading.place(code)
    form.errors |= {name: problem for name, problem in reading.faults.items() if name}
    return made if form else None


#: Times a place may be changed.
_MOST = 10_000_000


def _pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return the options of a choice whose values are the words themselves."""
    return [(word, word) for word in words]


def _export(kind: str) -> Handler:
    async def export(visit: Visit) -> web.Response:
        async with visit.rt.db.read() as tx:
            found = await queries.listed(tx, queries.seen(visit.actor))
            names = await queries.names(tx)
        content = await asyncio.to_thread(exporting.write, kind, found, names)
        async with visit.rt.db.write() as tx:
            await audit.note(
                visit.rt, tx, visit.actor, "directory.exported", f"places.{kind}", count=len(found)
            )
        name = f"directory-{visit.today.isoformat()}.{kind}"
        return visit.download(name, content, exporting.WRITERS[kind][1])

    return export


PAGES: tuple[Page, ...] = (
    get("/directory", READ, show),
    *(get(f"/directory/exports/places.{k}", READ, _export(k)) for k in exporting.WRITERS),
    get("/directory/new", EDIT, blank),
    post("/directory/new", EDIT, add),
    get("/directory/{place}", READ, look),
    post("/directory/{place}", EDIT, change),
)
