"""The test box: one text, a list of texts, and an answer looked up by its short id."""

from __future__ import annotations

import asyncio
from collections import Counter
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.curation import queries, shown, trying
from bot.curation.trying import LINE_MAX, LINES_MAX
from bot.dialogue import codes
from bot.errors import NotFound
from bot.library import candidate, find
from bot.library.find import Base
from knowledge.entry import Entry


async def show(visit: Visit) -> web.Response:
    """Show the empty box."""
    return _page(visit, visit.blank())


def _page(visit: Visit, form: Form, status: int = HTTPStatus.OK, **found: Any) -> web.Response:
    context = {"trial": None, "lines": None, "entries": {}, "draft": None} | found
    return visit.render(
        "curation/try.html", status=status, form=form, topics=shown.topics(), **context
    )


async def ask(visit: Visit) -> web.Response:
    """Try one text; nothing of it is kept."""
    form = await visit.form()
    text = form.text("text", most=LINE_MAX)
    if not form:
        return _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    base = await _base(visit)
    trial = await asyncio.to_thread(trying.one, visit.rt, text)
    return _page(visit, form, trial=trial, entries=_named(base))


async def _base(visit: Visit) -> Base:
    async with visit.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(visit.rt, connection))
    return find.now(visit.rt)


def _named(base: Base) -> dict[str, Entry]:
    return dict(base.entries)


async def batch(visit: Visit) -> web.Response:
    """Try a list, on what parents get now or with one draft put in; nothing of it is kept."""
    form = await visit.form()
    listed = trying.lines(form.text("lines", most=LINES_MAX * (LINE_MAX + 2)))
    if len(listed) > LINES_MAX or any(len(line) > LINE_MAX for line in listed):
        form.wrong("lines", "try.too_much", most=LINES_MAX, longest=LINE_MAX)
    draft = await _draft(visit, form)
    base = await _base(visit)
    if not form:
        return _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if draft is not None:
        base = (await candidate.build(visit.rt, [draft])).base
    scope = trying.scope_of(visit.rt, draft)
    found = await asyncio.to_thread(trying.many, visit.rt, base, scope, listed)
    unknown = {x.expected for x in found if x.expected} - {"-", *base.entries}
    return _page(
        visit, form, lines=found, entries=_named(base), draft=draft, unknown=sorted(unknown),
        passed=sum(x.passed is True for x in found), asked=sum(x.passed is not None for x in found),
        offered=sum(x.offered for x in found), bands=Counter(x.band for x in found),
    )  # fmt: skip


async def _draft(visit: Visit, form: Form) -> Entry | None:
    name = form.text("draft", most=128, needed=False)
    if not name:
        return None
    try:
        async with visit.rt.db.read() as tx:
            return (await queries.row(tx, visit.actor, name)).entry
    except NotFound:
        form.wrong("draft", "gap.no_entry")
        return None


async def find_answer(visit: Visit) -> web.Response:
    """Lead from a typed id to its page."""
    code = codes.read(visit.query("code"))
    if len(code) != codes.LENGTH or not set(code) <= set(codes.ALPHABET):
        form = visit.blank(code=visit.query("code"))
        form.wrong("code", "try.code")
        return _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/answers/{code}")


async def answer(visit: Visit) -> web.Response:
    """Show what was asked and answered under an id, why, and whether it would be so again."""
    async with visit.rt.db.read() as tx:
        found = await trying.look_up(visit.rt, tx, visit.actor, visit.part("code"))
    return visit.render(
        "curation/answer.html",
        status=HTTPStatus.OK if found else HTTPStatus.NOT_FOUND,
        code=codes.read(visit.part("code")),
        found=found,
        entries=_named(find.now(visit.rt)),
        days=visit.rt.settings.decision_days,
        form=visit.blank(),
    )


PAGES: tuple[Page, ...] = (
    get("/try", "try", show),
    post("/try", "try", ask),
    post("/try/batch", "try", batch),
    get("/answers", "try", find_answer),
    get("/answers/{code}", "try", answer),
)
