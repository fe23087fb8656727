"""Rosters of schools and classes: tried out, shown row by row, taken in with one click."""

from __future__ import annotations

import json
from http import HTTPStatus

from aiohttp import web

from bot.audiences import roster
from bot.audiences.roster_plan import EDIT
from bot.audiences.roster_reading import words
from bot.console.forms import Form
from bot.console.page import UPLOAD_BYTES, Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.spreadsheet.writing import xlsx_of

_ROWS = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def show(visit: Visit) -> web.Response:
    """Show the form for a file, and the files sent before."""
    return await _form(visit, visit.blank())


async def _form(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        runs = await roster.recent(tx, visit.actor)
    shown = [
        {"id": r.id, "at": r.at, "name": r.name, "taken_at": r.taken_at,
         **json.loads(r.plan)["rows"]}
        for r in runs
    ]  # fmt: skip
    return visit.render("audiences/rosters.html", status=status, form=form, runs=shown)


async def template(visit: Visit) -> web.Response:
    """Send an empty roster with one example."""
    return visit.download("roster.xlsx", xlsx_of(words().columns, words().example), _XLSX)


async def upload(visit: Visit) -> web.Response:
    """Try a file out."""
    form = await visit.form()
    sent = form.files.get("file")
    if sent is None or not sent.name:
        form.wrong("file", "roster.no_file")
        return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        number = await roster.look(visit.rt, visit.actor, sent.name, sent.content)
    except InvalidInput as refused:
        form.refuse(refused, "file")
        return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/roster/{number}")


async def look(visit: Visit) -> web.Response:
    """Show what taking the file in would do, or has done."""
    async with visit.rt.db.read() as tx:
        run = await roster.run(tx, visit.actor, visit.number("run"))
    told = json.loads(run.plan)
    view = "changes" if visit.query("view") == "changes" or not told["faults"] else "faults"
    page = Pager.of(visit, len(told[view]), size=_ROWS)
    return visit.render(
        "audiences/roster.html", run=run, told=told, view=view, page=page,
        rows=told[view][page.offset : page.offset + page.size], total=sum(told["rows"].values()),
    )  # fmt: skip


async def take(visit: Visit) -> web.Response:
    """Take the file in; parents can join the classes at once."""
    number = visit.number("run")
    async with visit.rt.db.write() as tx:
        await roster.take(visit.rt, tx, visit.actor, number)
    return visit.redirect(f"/roster/{number}", done="roster.taken")


PAGES: tuple[Page, ...] = (
    get("/roster", EDIT, show),
    post("/roster", EDIT, upload, body_bytes=UPLOAD_BYTES),
    get("/roster/template.xlsx", EDIT, template),
    get("/roster/{run}", EDIT, look),
    post("/roster/{run}", EDIT, take),
)
