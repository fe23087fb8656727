"""Files of the directory: tried out, shown row by row, taken in with one click."""

from __future__ import annotations

import base64
import json
from http import HTTPStatus

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import UPLOAD_BYTES, Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.directory import exporting, importing
from bot.directory.queries import EDIT
from bot.errors import InvalidInput, NotFound

_ROWS = 50


async def show(visit: Visit) -> web.Response:
    """Show the form for a file, and the files sent before."""
    return await _form(visit, visit.blank())


async def _form(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        runs = await importing.recent(tx, visit.actor)
    shown = [
        {"id": r.id, "at": r.at, "name": r.name, "taken_at": r.taken_at,
         **json.loads(r.plan)["counts"]}
        for r in runs
    ]  # fmt: skip
    return visit.render("directory/imports.html", status=status, form=form, runs=shown)


async def upload(visit: Visit) -> web.Response:
    """Try a file out."""
    form = await visit.form()
    sent = form.files.get("file")
    if sent is None or not sent.name:
        form.wrong("file", "directory.no_file")
        return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        number = await importing.look(visit.rt, visit.actor, sent.name, sent.content)
    except InvalidInput as refused:
        form.refuse(refused, "file")
        return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/directory-imports/{number}")


async def look(visit: Visit) -> web.Response:
    """Show what taking the file in would do, or has done."""
    async with visit.rt.db.read() as tx:
        run = await importing.run(tx, visit.actor, visit.number("run"))
    told = json.loads(run.plan)
    view = "changes" if visit.query("view") == "changes" or not told["faults"] else "faults"
    page = Pager.of(visit, len(told[view]), size=_ROWS)
    return visit.render(
        "directory/import.html", run=run, told=told, view=view, page=page,
        rows=told[view][page.offset : page.offset + page.size],
        total=sum(told["counts"].values()),
    )  # fmt: skip


async def faulty(visit: Visit) -> web.Response:
    """Send the rows with faults as a workbook to mend."""
    async with visit.rt.db.read() as tx:
        run = await importing.run(tx, visit.actor, visit.number("run"))
    if not run.faulty:
        raise NotFound
    content = base64.b64decode(run.faulty)
    return visit.download(f"directory-faults-{run.id}.xlsx", content, exporting.WRITERS["xlsx"][1])


async def take(visit: Visit) -> web.Response:
    """Take the file in; parents see it with their next question."""
    number = visit.number("run")
    async with visit.rt.db.write() as tx:
        await importing.take(visit.rt, tx, visit.actor, number)
    return visit.redirect(f"/directory-imports/{number}", done="directory.taken")


PAGES: tuple[Page, ...] = (
    get("/directory-imports", EDIT, show),
    post("/directory-imports", EDIT, upload, body_bytes=UPLOAD_BYTES),
    get("/directory-imports/{run}", EDIT, look),
    post("/directory-imports/{run}", EDIT, take),
    get("/directory-imports/{run}/faults.xlsx", EDIT, faulty),
)
