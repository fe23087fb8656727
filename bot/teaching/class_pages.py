"""我的班 for class teachers: the code, counts, a text to forward, a plan for twenty minutes."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit, picture
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound
from bot.h5 import links
from bot.org.tree import Unit
from bot.people import code_tables
from bot.people.audience_figures import LEAST
from bot.people.code_tables import Code
from bot.school import code_making
from bot.teaching import access, guiding, households, modules
from bot.teaching.access import CLASS, EDIT, READ
from bot.teaching.modules import Module
from bot.teaching.words import words


async def show(visit: Visit) -> web.Response:
    """Show one's class, or the one in `class` of those one looks after."""
    async with visit.rt.db.read() as tx:
        own = await access.places(tx, visit.actor, READ, CLASS)
        if not own:
            return visit.render("teaching/none.html")
        unit = await _unit(visit, tx) if visit.query("class") else own[0]
        names = await access.labels(tx, [one.path for one in own] + [unit.path], visit.today)
        listed = await modules.published(visit.rt, tx)
        figures = await households.figures(
            tx, unit.path, visit.today, modules.topic_of(listed)
        )  # fmt: skip
        module = await modules.of_week(tx, listed, unit, visit.today)
        code = await _code(tx, unit)
    return visit.render(
        "teaching/class.html", unit=unit, own=own, names=names, figures=figures, module=module,
        suiting=modules.suiting(listed, unit, visit.today), code=code, least=LEAST,
        texts=forward(names[unit.path], module), inline=picture.inline,
        visits_link=links.page(visit.rt, "visits"),
    )  # fmt: skip


async def make_code(visit: Visit) -> web.Response:
    """Make the code of one's own class; a second time changes nothing."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        unit = await access.place(tx, visit.actor, EDIT, CLASS, form.values.get("class", ""))
        code = await _code(tx, unit)
    if code is None:
        await code_making.of_place(visit.rt, visit.actor, unit)
    return visit.redirect("/teaching", **{"class": unit.path}, done="teaching.code_made")


async def print_code(visit: Visit) -> web.Response:
    """Show the code of one's own class, to be printed and hung up."""
    async with visit.rt.db.read() as tx:
        unit = await _unit(visit, tx)
        code, names = await _code(tx, unit), await access.labels(tx, [unit.path], visit.today)
    if code is None:
        raise NotFound
    return visit.render(
        "teaching/code.html", unit=unit, name=names[unit.path], code=code, inline=picture.inline
    )


async def _unit(visit: Visit, tx: AsyncConnection, permission: str = READ) -> Unit:
    return await access.place(tx, visit.actor, permission, CLASS, visit.query("class"))


async def _code(tx: AsyncConnection, unit: Unit) -> Code | None:
    scene = code_tables.scene(unit)
    return (await code_tables.by_scene(tx, [scene])).get(scene)


def forward(name: str, module: Module | None) -> dict[str, str]:
    """Return the texts a teacher may copy into the class's own group."""
    said = {"code": words().forward["code"].format(name=name)}
    if module is not None:
        lesson = module.lesson
        values: dict[str, Any] = {"title": lesson.title, "minutes": lesson.minutes}
        said["lesson"] = words().forward["lesson"].format(**values)
    return said


async def draw(visit: Visit) -> web.Response:
    """Send the picture of a class's code, to be saved on the phone."""
    async with visit.rt.db.read() as tx:
        unit = await _unit(visit, tx)
        code = await _code(tx, unit)
    if code is None:
        raise NotFound
    content = await asyncio.to_thread(picture.png, code.url)
    return visit.download(f"class-{unit.path.replace('/', '-')}.png", content, "image/png")


async def guide(visit: Visit) -> web.Response:
    """Show the plan of twenty minutes for this week's module, to be read or printed."""
    async with visit.rt.db.read() as tx:
        unit = await _unit(visit, tx)
        names = await access.labels(tx, [unit.path], visit.today)
        listed = await modules.published(visit.rt, tx)
        module = await modules.of_week(tx, listed, unit, visit.today)
    if module is None:
        raise NotFound
    made = guiding.of(module, visit.rt.hotlines)
    return visit.render(
        "teaching/guide.html", unit=unit, name=names[unit.path], module=module, guide=made
    )


async def choose(visit: Visit) -> web.Response:
    """Take another module for this week."""
    form = await visit.form()
    async with visit.rt.db.write() as tx:
        unit = await access.place(
            tx, visit.actor, EDIT, CLASS, form.values.get("class", "")
        )  # fmt: skip
        suiting = modules.suiting(await modules.published(visit.rt, tx), unit, visit.today)
        known = {one.key: one for one in suiting}
        wanted = form.one_of("module", known)
        if not form:
            raise InvalidInput("form.choose")
        await modules.choose(visit.rt, tx, unit, known[wanted])
        await audit.note(
            visit.rt, tx, visit.actor, "teaching.module", f"unit:{unit.path}", area=unit.path,
            lesson=wanted,
        )  # fmt: skip
    return visit.redirect("/teaching", **{"class": unit.path}, done="teaching.chosen")


PAGES: tuple[Page, ...] = (
    get("/teaching", READ, show),
    post("/teaching", EDIT, choose),
    get("/teaching/code", READ, print_code),
    post("/teaching/code", EDIT, make_code),
    get("/teaching/code.png", READ, draw),
    get("/teaching/guide", READ, guide),
)
