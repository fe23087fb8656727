"""Codes for the staff: of a place and its classes, of events; pictures, a pack, a printed sheet."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import web

from bot.audiences import codes, packing, places, printing
from bot.audiences.codes import MAKE
from bot.audiences.packing import Sheet
from bot.console import picture
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound
from bot.org.tree import Unit
from bot.people import audience_saved
from bot.people.audience_shape import CITY
from bot.people.code_tables import Code
from bot.school import code_making
from bot.school.code_making import PERMANENT_MAX

_NAME_MAX, _SLUG_MAX = 40, 40
_KINDS = {"png": "image/png", "svg": "image/svg+xml"}


async def show(visit: Visit) -> web.Response:
    """Show the codes of one's places, or of the one in `path`; and of events."""
    return await _page(visit, visit.query("path"), visit.blank())


async def _page(visit: Visit, path: str, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    own, chosen = _own(visit), visit.query("q")
    async with visit.rt.db.read() as tx:
        if chosen and not path:
            path = await _found(visit, tx, form, chosen)
        offered = await places.offered(tx, own)
        top = await codes.unit(tx, visit.actor, path) if path else None
        rows = await codes.pack(tx, top, visit.today) if top else []
        listed = await codes.events(tx, visit.actor, visit.now)
        used = await code_making.permanent(tx)
        named = await places.labels(tx, [top.path] if top else [], visit.today)
    missing = [unit for unit, code in rows if code is None]
    name = named.get(top.path, "") if top else ""
    drawn = [packing.sheet(unit, code, visit.today) for unit, code in rows if code is not None]
    return visit.render(
        "audiences/codes.html", status=status, form=form, offered=offered, top=top, rows=rows,
        missing=len(missing), name=name, events=listed,
        unprintable=printing.missing(name, drawn) if drawn else "",
        used=used, most=PERMANENT_MAX, at_once=codes.AT_ONCE, asked=chosen,
        areas=_areas(visit, offered, own), inline=picture.inline,
    )  # fmt: skip


def _own(visit: Visit) -> tuple[str, ...]:
    return audience_saved.own(visit.actor, MAKE)


def _areas(visit: Visit, offered: list[Unit], own: tuple[str, ...]) -> list[tuple[str, str]]:
    city = [("*", visit.text("audiences.city"))] if CITY in own else []
    return city + [(u.path, u.label(visit.today)) for u in offered if u.parent or CITY not in own]


async def _found(visit: Visit, tx: object, form: Form, line: str) -> str:
    try:
        return (await places.named(tx, _own(visit), [line]))[0]  # type: ignore[arg-type]
    except places.NotOnePlace as refused:
        form.wrong("q", str(refused), place=refused.line)
        return ""


async def make(visit: Visit) -> web.Response:
    """Make the codes a place and its classes still lack."""
    form = await visit.form()
    path = form.values.get("path", "")
    async with visit.rt.db.read() as tx:
        top = await codes.unit(tx, visit.actor, path)
        wanted = [unit for unit, code in await codes.pack(tx, top, visit.today) if code is None]
    try:
        made = await codes.make(visit.rt, visit.actor, wanted)
    except InvalidInput as refused:
        form.refuse(refused)
        return await _page(visit, path, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    done = "codes.made" if made == len(wanted) else "codes.partly_warning"
    return visit.redirect("/codes", path=path, done=done if made else "codes.nothing")


async def event(visit: Visit) -> web.Response:
    """Make the code of an event."""
    form = await visit.form()
    name, slug = form.text("name", most=_NAME_MAX), form.text("slug", most=_SLUG_MAX)
    async with visit.rt.db.read() as tx:
        offered = await places.offered(tx, _own(visit))
    area = form.one_of("area", [value for value, _ in _areas(visit, offered, _own(visit))])
    if form:
        try:
            await codes.make_event(visit.rt, visit.actor, slug, name, CITY if area == "*" else area)
        except InvalidInput as refused:
            form.refuse(refused, "slug" if str(refused).startswith("codes.slug") else None)
        else:
            return visit.redirect("/codes", done="codes.made")
    return await _page(visit, "", form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def draw(visit: Visit) -> web.Response:
    """Send the picture of one code."""
    kind = visit.query("kind", "png")
    if kind not in _KINDS:
        raise NotFound
    async with visit.rt.db.read() as tx:
        code = await codes.one(tx, visit.actor, visit.query("scene"))
    content = await asyncio.to_thread(getattr(picture, kind), code.url)
    return visit.download(f"{_ascii(code)}.{kind}", content, _KINDS[kind])


def _ascii(code: Code) -> str:
    return code.scene.replace(":", "-").replace("/", "-")


async def pack(visit: Visit) -> web.Response:
    """Send the codes of a place and its classes as one archive."""
    top, name, sheets = await _sheets(visit, visit.query("path"))
    content = await asyncio.to_thread(packing.archive, name, sheets)
    file = f"codes-{top.path.replace('/', '-')}.zip"
    return visit.download(file, content, "application/zip")


async def printed(visit: Visit) -> web.Response:
    """Send the codes of a place and its classes as sheets to print, PDF.

    Raises:
        NotFound: none has been made yet.
    """
    top, name, sheets = await _sheets(visit, visit.query("path"))
    if not sheets:
        raise NotFound
    content = await asyncio.to_thread(printing.pdf, name, sheets, visit.text("product"))
    return visit.download(f"codes-{top.path.replace('/', '-')}.pdf", content, "application/pdf")


async def sheet(visit: Visit) -> web.Response:
    """Show a page to print: A4, one code a cell."""
    top, name, sheets = await _sheets(visit, visit.query("path"))
    return visit.render(
        "audiences/sheet.html", top=top, name=name, sheets=sheets, inline=picture.inline
    )


async def _sheets(visit: Visit, path: str) -> tuple[Unit, str, list[Sheet]]:
    async with visit.rt.db.read() as tx:
        top = await codes.unit(tx, visit.actor, path)
        rows = await codes.pack(tx, top, visit.today)
        named = await places.labels(tx, [top.path], visit.today)
    sheets = [packing.sheet(unit, code, visit.today) for unit, code in rows if code is not None]
    return top, named.get(top.path, top.name), sheets


PAGES: tuple[Page, ...] = (
    get("/codes", MAKE, show),
    post("/codes/make", MAKE, make),
    post("/codes/event", MAKE, event),
    get("/codes/picture", MAKE, draw),
    get("/codes/pack.zip", MAKE, pack),
    get("/codes/pack.pdf", MAKE, printed),
    get("/codes/print", MAKE, sheet),
)
