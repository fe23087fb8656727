"""The points of an outline with their lessons; a new outline is tried, shown, and taken in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web

from bot.console import audit
from bot.console.forms import Form
from bot.console.page import UPLOAD_BYTES, Page, get, post
from bot.console.visit import Visit
from bot.courses import store, syllabus
from bot.courses.access import READ, SYLLABUS
from bot.courses.syllabus import PROVISIONAL, Tried
from bot.courses.words import words
from bot.errors import InvalidInput
from bot.spreadsheet.writing import xlsx_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def show(visit: Visit) -> web.Response:
    """Show the points of an outline: those without lessons stand out."""
    async with visit.rt.db.read() as tx:
        listed = await syllabus.outlines(tx)
        known = [name for name, _ in listed]
        chosen = visit.query("outline") if visit.query("outline") in known else ""
        chosen = chosen or next(iter(known), "")
        told = await syllabus.told(tx, chosen)
        seen = {row.id: row.title for row in await store.listed(tx, visit.actor)}
    points = [(p, [m for m in lessons if m.course in seen]) for p, lessons in told]
    stages = {
        stage: [pair for pair in points if pair[0].stage == stage] for stage in words()["stages"]
    }
    return visit.render(
        "courses/syllabus.html", outlines=listed, chosen=chosen, stages=stages, titles=seen,
        words=words(), is_ours=chosen.startswith(PROVISIONAL), count=len(points),
        holes=sum(not lessons for _, lessons in points), only=bool(visit.query("holes")),
    )  # fmt: skip


async def template(visit: Visit) -> web.Response:
    """Send the points of an outline as a workbook: also the template for a new one."""
    async with visit.rt.db.read() as tx:
        known = [name for name, _ in await syllabus.outlines(tx)]
        asked = visit.query("outline")
        told = await syllabus.told(tx, asked if asked in known else next(iter(known), ""))
    stages = words()["stages"]
    rows = [[p.code, stages[p.stage], p.title, " ".join(p.topics)] for p, _ in told]
    return visit.download("syllabus.xlsx", xlsx_of(syllabus.columns(), rows), _XLSX)


async def ask(visit: Visit) -> web.Response:
    """Show the form for a table of points."""
    return _form(visit, visit.blank(), None)


def _form(
    visit: Visit, form: Form, tried: Tried | None, status: int = HTTPStatus.OK
) -> web.Response:
    points = [
        {"code": p.code, "stage": p.stage, "title": p.title, "topics": " ".join(p.topics)}
        for p in (tried.points if tried else ())
    ]
    return visit.render(
        "courses/syllabus_import.html", status=status, form=form, tried=tried, words=words(),
        kept=json.dumps(points, ensure_ascii=False), outline=form.values.get("outline", "").strip(),
    )  # fmt: skip


async def look(visit: Visit) -> web.Response:
    """Read a table and show what taking it in would do; nothing is changed."""
    form = await visit.form()
    sent, tried = form.files.get("file"), None
    try:
        syllabus.name_of(form.text("outline", most=20))
    except InvalidInput as refused:
        form.refuse(refused, "outline")
    if sent is None or not sent.name:
        form.wrong("file", "course.no_file")
    elif form:
        try:
            tried = syllabus.read(sent.name, sent.content)
        except InvalidInput as refused:
            form.refuse(refused, "file")
    status = HTTPStatus.OK if tried else HTTPStatus.UNPROCESSABLE_ENTITY
    return _form(visit, form, tried, status)


async def take(visit: Visit) -> web.Response:
    """Keep the points that were shown as an outline, and map lessons to them."""
    form = await visit.form()
    outline = syllabus.name_of(form.text("outline", most=20))
    tried = syllabus.look(list(enumerate(_sent(form), 1)))
    if tried.faults or not tried.points:
        raise InvalidInput("syllabus.no_rows")
    async with visit.rt.db.write() as tx:
        pairs = await syllabus.keep(tx, outline, tried.points)
        await audit.note(
            visit.rt, tx, visit.actor, "syllabus.taken", f"outline:{outline}",
            points=len(tried.points), pairs=pairs,
        )  # fmt: skip
    return visit.redirect("/syllabus", done="syllabus.taken", outline=outline)


def _sent(form: Form) -> Sequence[Mapping[str, str]]:
    """Return the rows that the page kept; they are looked at anew."""
    try:
        rows = json.loads(form.values.get("points", ""))
        found = [{str(k): str(v) for k, v in row.items()} for row in rows]
    except (ValueError, AttributeError, TypeError) as error:
        raise InvalidInput("syllabus.no_rows") from error
    return found[: syllabus.LIMITS.rows]


PAGES: tuple[Page, ...] = (
    get("/syllabus", READ, show),
    get("/syllabus/points.xlsx", READ, template),
    get("/syllabus/import", SYLLABUS, ask),
    post("/syllabus/import", SYLLABUS, look, body_bytes=UPLOAD_BYTES),
    post("/syllabus/take", SYLLABUS, take, body_bytes=UPLOAD_BYTES),
)
