"""The golden questions: listed, written, put aside, and asked all at once."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.curation import questions, shown, sitting
from bot.curation.questions import Question
from bot.errors import InvalidInput, NotAllowed
from bot.library import find

_EXPECTED_MAX = 5
_SHOWN = 200


async def listed(visit: Visit) -> web.Response:
    """Show the questions that fit the filters."""
    wanted = _filters(visit)
    async with visit.rt.db.read() as tx:
        page = Pager.of(visit, await questions.count(tx, visit.actor, wanted))
        rows = await questions.listed(tx, visit.actor, wanted, offset=page.offset, limit=page.size)
        names = await questions.summaries(tx, visit.actor, rows)
        last = await sitting.last(tx)
    return visit.render(
        "curation/golden.html", rows=[_row(r) for r in rows], page=page, wanted=wanted, names=names,
        topics=shown.topics(), tops=shown.tops(), last=last, sources=questions.SOURCES,
        kinds=questions.KINDS,
    )  # fmt: skip


def _filters(visit: Visit) -> questions.Wanted:
    kind, source = visit.query("kind"), visit.query("source")
    return questions.Wanted(
        text=visit.query("q"),
        topic=visit.query("topic"),
        kind=kind if kind in questions.KINDS else "",
        source=source if source in questions.SOURCES else "",
        active={"on": True, "off": False}.get(visit.query("active")),
    )


def _row(row: Any) -> dict[str, Any]:
    return dict(row._mapping) | {"expected": json.loads(row.expected)}  # noqa: SLF001 - SQLAlchemy's public name


async def blank(visit: Visit) -> web.Response:
    """Show the form of a new question."""
    return await _form(visit, visit.blank(text=visit.query("text")), None)


async def create(visit: Visit) -> web.Response:
    """Add a question."""
    return await _save(visit, None)


async def show(visit: Visit) -> web.Response:
    """Show a question, with how the base answers it now."""
    async with visit.rt.db.read() as tx:
        row = await questions.row(tx, visit.actor, visit.number("question"))
    expected = json.loads(row.expected)
    outside = {} if expected else {"outside": "1"}
    form = visit.blank({"expected": expected}, text=row.text, **outside)
    return await _form(visit, form, row)


async def save(visit: Visit) -> web.Response:
    """Change a question."""
    async with visit.rt.db.read() as tx:
        row = await questions.row(tx, visit.actor, visit.number("question"))
    return await _save(visit, row)


async def _save(visit: Visit, row: Any) -> web.Response:
    form = await visit.form()
    question = _read(form)
    if form:
        try:
            async with visit.rt.db.write() as tx:
                if row is None:
                    await questions.add(visit.rt, tx, visit.actor, question)
                else:
                    await questions.change(visit.rt, tx, visit.actor, row.id, question)
            return visit.redirect("/golden", done="golden.saved")
        except InvalidInput as refused:
            form.refuse(refused, "text" if str(refused) == "golden.twice" else "expected")
        except NotAllowed:
            form.refuse("golden.outside")
    return await _form(visit, form, row, HTTPStatus.UNPROCESSABLE_ENTITY)


def _read(form: Form) -> Question:
    text = " ".join(form.text("text", most=questions.TEXT_MAX).split())
    given = dict.fromkeys(e.strip() for e in form.lists.get("expected", ()) if e.strip())
    is_outside = bool(form.values.get("outside"))
    if is_outside == bool(given) or len(given) > _EXPECTED_MAX:
        form.wrong("expected", "golden.expected", most=_EXPECTED_MAX)
    return Question(text, tuple(given))


async def _form(visit: Visit, form: Form, row: Any, status: int = HTTPStatus.OK) -> web.Response:
    chosen = [e for e in form.lists.get("expected", []) if e.strip()]
    found = None
    async with visit.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(visit.rt, connection))
        if row is not None:
            names = await questions.summaries(tx, visit.actor, [row])
            found = find.find(visit.rt, row.text)
        else:
            names = {}
    base = find.now(visit.rt)
    return visit.render(
        "curation/question.html", status=status, form=form, row=row, names=names,
        slots=(chosen + [""] * 2)[: max(_EXPECTED_MAX, len(chosen))], found=found,
        hits=[(h, base.entries[h.entry].summary) for h in found.hits[:3]] if found else [],
        may_edit=visit.may("golden.edit", "", row.topic if row is not None else None),
    )  # fmt: skip


async def switch(visit: Visit) -> web.Response:
    """Put a question aside, or let it count again."""
    form = await visit.form()
    is_active = form.values.get("active") == "1"
    async with visit.rt.db.write() as tx:
        number = visit.number("question")
        await questions.switch(visit.rt, tx, visit.actor, number, is_active=is_active)
    return visit.redirect(
        "/golden", done="golden.woken_done" if is_active else "golden.rested_done"
    )


async def suggest(visit: Visit) -> web.Response:
    """Show entries that fit what is being typed, for the list below the field."""
    words = max(visit.request.query.getall("expected", [""]), key=len).strip()[:100]
    async with visit.rt.db.read() as tx:
        rows = await questions.suggestions(tx, visit.actor, words) if words else []
    return visit.render("curation/entry_options.html", rows=rows)


async def result(visit: Visit) -> web.Response:
    """Show what the last sitting found."""
    async with visit.rt.db.read() as tx:
        row = await sitting.last(tx)
        await tx.run_sync(lambda connection: find.refresh(visit.rt, connection))
    base = find.now(visit.rt)
    report = json.loads(row.report) if row else {}
    failed = [case for case in report.get("failed", []) if _concerns(visit, case)]
    page = Pager.of(visit, len(failed), size=50)
    return visit.render(
        "curation/sitting.html", run=row, report=report, page=page,
        failed=failed[page.offset : page.offset + page.size],
        worse=[c for c in report.get("worse", []) if _concerns(visit, c)][:_SHOWN],
        better=[c for c in report.get("better", []) if _concerns(visit, c)][:_SHOWN],
        names={i: e.summary for i, e in base.entries.items()}, topics=shown.topics(),
        is_old=row is not None and row.base != base.index.version,
    )  # fmt: skip


def _concerns(visit: Visit, case: dict[str, Any]) -> bool:
    """Say whether a person may see a case: those of no topic are everybody's."""
    return not case["topic"] or visit.may("entries.read", None, case["topic"])


async def sit(visit: Visit) -> web.Response:
    """Ask everything now."""
    await sitting.sit(visit.rt, visit.actor)
    return visit.redirect("/golden/run", done="golden.sat_done")


PAGES: tuple[Page, ...] = (
    get("/golden", "entries.read", listed),
    get("/golden/new", "golden.edit", blank),
    post("/golden/new", "golden.edit", create),
    get("/golden/entries", "entries.read", suggest),
    get("/golden/run", "entries.read", result),
    post("/golden/run", "golden.edit", sit),
    get("/golden/{question}", "entries.read", show),
    post("/golden/{question}", "golden.edit", save),
    post("/golden/{question}/active", "golden.edit", switch),
)
