"""Import: a file is tried, shown row by row, and taken in as drafts with one click."""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import UPLOAD_BYTES, Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.curation import importing
from bot.curation.exchange import columns, sheets
from bot.errors import InvalidInput, NotFound
from knowledge import entry as reading

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of changes or faults on a page.
_ROWS = 50


async def show(visit: Visit) -> web.Response:
    """Show the form for a file, and the files sent before."""
    return await _form(visit, visit.blank())


async def _form(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        runs = await importing.recent(tx, visit.actor)
    shown = [_brief(run) for run in runs]
    return visit.render("curation/imports.html", status=status, form=form, runs=shown)


def _brief(run: Any) -> dict[str, Any]:
    counts = json.loads(run.plan)["counts"]
    return {"id": run.id, "at": run.at, "name": run.name, "taken_at": run.taken_at, **counts}


async def upload(visit: Visit) -> web.Response:
    """Try a file out."""
    form = await visit.form()
    sent = form.files.get("file")
    if sent is None or not sent.name:
        form.wrong("file", "import.no_file")
        return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        number = await importing.look(visit.rt, visit.actor, sent.name, sent.content)
    except InvalidInput as refused:
        form.refuse(refused, "file")
        return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/imports/{number}")


async def look(visit: Visit) -> web.Response:
    """Show what taking the file in would do, or has done."""
    async with visit.rt.db.read() as tx:
        run = await importing.run(tx, visit.actor, visit.number("import"))
    told = json.loads(run.plan)
    view = "changes" if visit.query("view") == "changes" or not told["faults"] else "faults"
    page = Pager.of(visit, len(told[view]), size=_ROWS)
    return visit.render(
        "curation/import.html", run=run, told=told, view=view, page=page,
        rows=told[view][page.offset : page.offset + page.size], header=columns.header,
        total=sum(told["counts"].values()),
    )  # fmt: skip


async def faulty(visit: Visit) -> web.Response:
    """Send the rows with faults as a workbook to mend."""
    async with visit.rt.db.read() as tx:
        run = await importing.run(tx, visit.actor, visit.number("import"))
    if not run.faulty:
        raise NotFound
    return visit.download(f"import-{run.id}-faults.xlsx", base64.b64decode(run.faulty), _XLSX)


async def conflicts(visit: Visit) -> web.Response:
    """Send the rows that were left because somebody edited their entries."""
    async with visit.rt.db.read() as tx:
        run = await importing.run(tx, visit.actor, visit.number("import"))
    rows = json.loads(run.entries) if run.taken_at else []
    if not rows:
        raise NotFound
    content = sheets.to_xlsx(reading.from_json(row["entry"]) for row in rows)
    return visit.download(f"import-{run.id}-conflicts.xlsx", content, _XLSX)


async def take(visit: Visit) -> web.Response:
    """Take the file in as drafts; nothing goes live."""
    number = visit.number("import")
    ready = await importing.prepare(visit.rt, visit.actor, number)
    async with visit.rt.db.write() as tx:
        await importing.take(visit.rt, tx, visit.actor, ready)
    return visit.redirect(f"/imports/{number}", done="import.taken")


PAGES: tuple[Page, ...] = (
    get("/imports", "entries.edit", show),
    post("/imports", "entries.edit", upload, body_bytes=UPLOAD_BYTES),
    get("/imports/{import}", "entries.edit", look),
    post("/imports/{import}", "entries.edit", take),
    get("/imports/{import}/faults.xlsx", "entries.edit", faulty),
    get("/imports/{import}/conflicts.xlsx", "entries.edit", conflicts),
)
