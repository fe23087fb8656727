"""What a parent sees of stars and certificates; nobody else does, and nothing is compared."""

from __future__ import annotations

import json
from http import HTTPStatus

from aiohttp import web

from bot.awards import holding, issuing, picture, proving, rules
from bot.clock import day
from bot.drawing import glyphs
from bot.errors import InvalidInput, NotFound
from bot.h5.page import Page, get, post
from bot.h5.visit import Visit

_LIST = "/mine/certificates"


async def show_stars(visit: Visit) -> web.Response:
    """Show the stars, what they come from, and the rules."""
    found, counts = await holding.counted(visit.rt, visit.person)
    levels = rules.levels(day(visit.now))
    return visit.render(
        "awards/stars.html", stars=found, counts=counts, words=rules.stars(),
        levels=[(rules.number(n), rules.asked(needs)) for n, needs in enumerate(levels.needs, 1)],
        version=levels.version, most=rules.STARS,
    )  # fmt: skip


async def listed(visit: Visit) -> web.Response:
    """Show one's certificates; what is earned is issued at once."""
    found = await holding.listed(visit.rt, visit.person)
    shown = [(row, json.loads(row.snapshot)) for row in found]
    return visit.render(
        "awards/certificates.html", certificates=shown, done=visit.request.query.get("done", ""),
        is_kept=any(row.is_kept for row in found), note=rules.certificates()["note"],
    )  # fmt: skip


async def show(visit: Visit) -> web.Response:
    """Show a certificate: the form for its name first, then the picture."""
    return await _page(visit, "", "")


async def _page(
    visit: Visit, fault: str, name: str, *, lacking: str = "", status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        row = await holding.one(tx, visit.person, visit.request.match_info["serial"])
    content = json.loads(row.snapshot)
    return visit.render(
        "awards/certificate.html", status=status, row=row, content=content, fault=fault, name=name,
        lacking=lacking, most=holding.NAME_MOST, absent=glyphs.missing(content["name"]),
        words=rules.certificates(), star=holding.star_of(row.rule),
        masked=proving.masked(content["name"]), done=visit.request.query.get("done", ""),
    )  # fmt: skip


async def settle(visit: Visit) -> web.Response:
    """Put a name on a certificate, or none; only once, for then its picture goes around."""
    form = await visit.form()
    name = form.get("name", "") if form.get("as") == "name" else ""
    try:
        name = holding.read_name(name)
    except InvalidInput as refused:
        return await _page(visit, str(refused), name, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    lacking = glyphs.missing(name)
    if lacking and form.get("starred") != name:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return await _page(visit, "", name, lacking=lacking, status=status)
    async with visit.rt.db.write() as tx:
        row = await holding.one(tx, visit.person, visit.request.match_info["serial"])
        if row.settled_at is None:
            await issuing.settle(visit.rt, tx, row, name)
    return visit.redirect(f"/h{_LIST}/{row.serial}", done="settled")


async def keep(visit: Visit) -> web.Response:
    """Take down whether certificates stay verifiable when everything else is erased."""
    form = await visit.form()
    async with visit.rt.db.write() as tx:
        await holding.keep(tx, visit.person, wish=form.get("keep") == "1")
    return visit.redirect(f"/h{_LIST}", done="kept" if form.get("keep") == "1" else "unkept")


async def show_picture(visit: Visit) -> web.Response:
    """Send the picture; there is none before the name is settled, and none of a revoked one."""
    async with visit.rt.db.read() as tx:
        row = await holding.one(tx, visit.person, visit.request.match_info["serial"])
    if row.settled_at is None or row.revoked_at is not None:
        raise NotFound
    return web.Response(body=await picture.drawn(visit.rt, row), content_type="image/png")


PAGES: tuple[Page, ...] = (
    get("/mine/stars", show_stars, login=True),
    get(_LIST, listed, login=True),
    post(f"{_LIST}/keep", keep, login=True),
    get(f"{_LIST}/{{serial}}", show, login=True),
    post(f"{_LIST}/{{serial}}", settle, login=True),
    get(f"{_LIST}/{{serial}}/picture", show_picture, login=True),
)
