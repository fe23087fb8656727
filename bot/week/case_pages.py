"""Case cards for the staff: written, agreed to, photographed, handed out, taken back."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import Row

from bot.console.forms import Form
from bot.console.page import UPLOAD_BYTES, Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound
from bot.week import access, cases, counting, landing_pages, packing, photos, wall
from bot.week.access import EDIT

_MOST = 10_000_000
_NEEDED = ("title", "who", "what")


async def show(visit: Visit) -> web.Response:
    """Show the cards."""
    async with visit.rt.db.read() as tx:
        found = await cases.listed(tx, visit.actor)
        names = dict(await access.every(tx))
    return visit.render("week/cards.html", cards=found, names=names)


async def blank(visit: Visit) -> web.Response:
    """Show an empty form."""
    return await _form(visit, None, visit.blank())


async def look(visit: Visit) -> web.Response:
    """Show a card with its consents, photos and packs."""
    async with visit.rt.db.read() as tx:
        card = await cases.one(tx, visit.actor, visit.number("card"))
    return await _form(visit, card, _filled(visit, card))


def _filled(visit: Visit, card: Row[Any]) -> Form:
    texts = {name: getattr(card, name) for name in cases.LENGTHS}
    return visit.blank(**texts, area=card.area, revision=str(card.revision))


async def _form(
    visit: Visit, card: Row[Any] | None, form: Form, status: int = HTTPStatus.OK, *,
    also: Form | None = None,
) -> web.Response:  # fmt: skip
    more: dict[str, Any] = {"consents": [], "pictures": [], "packs": [], "clicks": {}}
    standing = cases.Standing(0, 0)
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
        if card is not None:
            packs = await cases.handed_out(tx, card.id)
            more = {
                "consents": await cases.consents(tx, card.id),
                "pictures": await cases.pictures(tx, card.id),
                "packs": packs,
                "clicks": await counting.clicked(tx, [p.link for p in packs]),
            }
            standing = (await cases.standings(tx, [card.id]))[card.id]
    return visit.render(
        "week/card.html", status=status, card=card, form=form, places=own, standing=standing,
        also=also or visit.blank(), lengths=cases.LENGTHS, most=photos.COUNT_MAX, **more,
    )  # fmt: skip


async def add(visit: Visit) -> web.Response:
    """Add a card."""
    return await _put(visit, None)


async def change(visit: Visit) -> web.Response:
    """Change a card."""
    async with visit.rt.db.read() as tx:
        card = await cases.one(tx, visit.actor, visit.number("card"))
    return await _put(visit, card)


async def _put(visit: Visit, card: Row[Any] | None) -> web.Response:
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, EDIT)
    values: dict[str, Any] = {
        name: form.text(name, most=most, needed=name in _NEEDED)
        for name, most in cases.LENGTHS.items()
    }
    values["area"] = form.one_of("area", [path for path, _ in own])
    values["year"] = card.year if card else landing_pages.chosen(visit.today).year
    revision = form.whole("revision", 1, _MOST) if card else 1
    if form:
        try:
            async with visit.rt.db.write() as tx:
                made = await cases.put(visit.rt, tx, visit.actor, values, card, revision)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            return visit.redirect(f"/week/cards/{made}", done="week.saved")
    return await _form(visit, card, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def agree(visit: Visit) -> web.Response:
    """Note a consent."""
    form = await visit.form()
    async with visit.rt.db.write() as tx:
        card = await cases.one(tx, visit.actor, visit.number("card"))
        name, scope = form.text("name", most=40), form.text("scope", most=60)
        given_on, proof = form.day("given_on"), form.text("proof", most=120)
        if given_on is not None and given_on > visit.today:
            form.wrong("given_on", "case.later")
        if form and given_on is not None:
            await cases.agree(
                visit.rt, tx, visit.actor, card,
                name=name, scope=scope, given_on=given_on, proof=proof,
            )  # fmt: skip
            return visit.redirect(f"/week/cards/{card.id}", done="case.agreed")
    return await _form(
        visit, card, _filled(visit, card), HTTPStatus.UNPROCESSABLE_ENTITY, also=form
    )


async def take_back(visit: Visit) -> web.Response:
    """Note that a consent was taken back."""
    form = await visit.form()
    number = form.whole("agreement", 1, _MOST)
    async with visit.rt.db.write() as tx:
        card = await cases.one(tx, visit.actor, visit.number("card"))
        await cases.take_back(visit.rt, tx, visit.actor, card, number)
    await wall.forget_files(visit.rt)
    return visit.redirect(f"/week/cards/{card.id}", done="case.withdrawn")


async def add_photos(visit: Visit) -> web.Response:
    """Add a photo."""
    form, number = await visit.form(), visit.number("card")
    files = [one.content for one in form.files.values() if one.content]
    if not files:
        raise InvalidInput("photo.none")
    await packing.take_photos(visit.rt, visit.actor, number, files)
    return visit.redirect(f"/week/cards/{number}", done="week.saved")


async def drop_photo(visit: Visit) -> web.Response:
    """Let a photo go."""
    form, number = await visit.form(), visit.number("card")
    async with visit.rt.db.write() as tx:
        card = await cases.one(tx, visit.actor, number)
        await cases.forget_photo(tx, card.id, form.text("photo", most=32))
    await wall.forget_files(visit.rt)
    return visit.redirect(f"/week/cards/{number}", done="week.removed")


async def photo(visit: Visit) -> web.Response:
    """Send a picture of a card."""
    async with visit.rt.db.read() as tx:
        card = await cases.one(tx, visit.actor, visit.number("card"))
        names = {row.name for row in await cases.pictures(tx, card.id)}
    name = visit.part("image")
    content = await asyncio.to_thread(photos.read, visit.rt, name) if name in names else None
    if content is None:
        raise NotFound
    return web.Response(body=content, content_type="image/jpeg")


async def pack(visit: Visit) -> web.Response:
    """Hand a pack out."""
    form = await visit.form()
    source = form.text("source", most=40)
    if not form:
        raise InvalidInput("case.no_source")
    made = await packing.pack(visit.rt, visit.actor, visit.number("card"), source)
    return visit.download(made.name, made.content, "application/zip")


PAGES: tuple[Page, ...] = (
    get("/week/cards", EDIT, show),
    get("/week/cards/new", EDIT, blank),
    post("/week/cards/new", EDIT, add),
    get("/week/cards/{card}", EDIT, look),
    post("/week/cards/{card}", EDIT, change),
    post("/week/cards/{card}/consents", EDIT, agree),
    post("/week/cards/{card}/withdrawn", EDIT, take_back),
    post("/week/cards/{card}/photos", EDIT, add_photos, body_bytes=UPLOAD_BYTES),
    post("/week/cards/{card}/photos/drop", EDIT, drop_photo),
    get("/week/cards/{card}/photos/{image}", EDIT, photo),
    post("/week/cards/{card}/export", EDIT, pack),
)
