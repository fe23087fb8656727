"""The quiz for the staff: a day's questions, one form each; a frozen plan's are only read."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import delete, insert, select, update

from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound
from bot.week import access, counting, plans
from bot.week.access import EDIT, READ
from bot.week.plans import Plan, Question
from bot.week.tables import questions
from bot.week.words import words

OPTIONS_LEAST, OPTIONS_MOST, OF_A_DAY = 2, 4, 5
_OPTION, _TEXT, _WHY = 60, 120, 300


async def show(visit: Visit) -> web.Response:
    """Show a day's questions, and how often each option was chosen."""
    return await _shown(visit, visit.number("plan"), None, None)


async def _shown(
    visit: Visit, number: int, form: Form | None, which: int | None, status: int = HTTPStatus.OK
) -> web.Response:
    async with visit.rt.db.read() as tx:
        plan = await plans.one(tx, visit.actor, number)
        asked = await plans.quiz(tx, plan.id)
        chosen = await counting.chosen(tx, plan.id)
    day = _day(form.values.get("day", "0") if form else visit.query("day", "0"))
    forms = {q.id: _filled(visit, q) for q in asked}
    blank = visit.blank(day=str(day), answer="0")
    if form is not None:
        blank, forms = (form, forms) if not which else (blank, forms | {which: form})
    return visit.render(
        "week/quiz.html", status=status, plan=plan, day=day, forms=forms, blank=blank,
        questions=[q for q in asked if q.day == day], chosen=chosen, words=words(),
        may_edit=visit.may(EDIT, plan.area, access.NO_TOPIC) and not plan.is_frozen,
        counts=[sum(q.day == d for q in asked) for d in range(plans.DAYS)], most=OPTIONS_MOST,
    )  # fmt: skip


def _day(text: str) -> int:
    return int(text) if text in {str(d) for d in range(plans.DAYS)} else 0


def _filled(visit: Visit, question: Question) -> Form:
    options = {f"option{n}": text for n, text in enumerate(question.options)}
    return visit.blank(
        day=str(question.day), text=question.text, why=question.why, answer=str(question.answer),
        **options,
    )  # fmt: skip


async def add(visit: Visit) -> web.Response:
    """Add a question."""
    async with visit.rt.db.read() as tx:
        plan = await plans.one(tx, visit.actor, visit.number("plan"), EDIT)
        asked = await plans.quiz(tx, plan.id)
    form = await visit.form()
    made = _read(form)
    if sum(q.day == made["day"] for q in asked) >= OF_A_DAY:
        form.refuse("week.quiz_full")
    return await _save(visit, plan, form, made, None)


async def change(visit: Visit) -> web.Response:
    """Change a question, or take it out."""
    plan, number = await _owned(visit)
    form = await visit.form()
    if form.values.get("then") == "remove":
        await _remove(visit, plan, number)
        day = _day(form.values.get("day", "0"))
        return visit.redirect(f"/week/plans/{plan.id}/quiz", done="week.removed", day=str(day))
    return await _save(visit, plan, form, _read(form), number)


async def _owned(visit: Visit) -> tuple[Plan, int]:
    """Return the plan of the question in the path, and its number.

    Raises:
        NotFound: it lies outside, or in another plan.
    """
    number = visit.number("question")
    async with visit.rt.db.read() as tx:
        plan = await tx.scalar(select(questions.c.plan).where(questions.c.id == number))
        if plan is None:
            raise NotFound
        return await plans.one(tx, visit.actor, plan, EDIT), number


def _read(form: Form) -> dict[str, Any]:
    """Return the row of a form; faults stand beside its fields."""
    day = form.one_of("day", [str(d) for d in range(plans.DAYS)])
    given = [form.text(f"option{n}", most=_OPTION, needed=False) for n in range(OPTIONS_MOST)]
    options = [text for text in given if text]
    if len(options) < OPTIONS_LEAST:
        form.wrong("option0", "week.options")
    answer = form.one_of("answer", [str(n) for n, text in enumerate(given) if text])
    right = given[int(answer)] if "answer" not in form.errors else ""
    return {
        "day": _day(day),
        "text": form.text("text", most=_TEXT),
        "options": json.dumps(options, ensure_ascii=False),
        "answer": options.index(right) if right else 0,
        "why": form.text("why", most=_WHY),
    }


async def _save(
    visit: Visit, plan: Plan, form: Form, made: dict[str, Any], number: int | None
) -> web.Response:
    if plan.is_frozen:
        form.refuse("week.is_frozen")
    if not form:
        return await _shown(visit, plan.id, form, number, HTTPStatus.UNPROCESSABLE_ENTITY)
    async with visit.rt.db.write() as tx:
        if number is None:
            await tx.execute(insert(questions).values(made | {"plan": plan.id}))
        else:
            await tx.execute(update(questions).where(questions.c.id == number).values(made))
        await audit.note(
            visit.rt, tx, visit.actor, "week.quiz_saved", f"week:{plan.id}", area=plan.area,
            text=made["text"],
        )  # fmt: skip
    day = str(made["day"])
    return visit.redirect(f"/week/plans/{plan.id}/quiz", done="week.saved", day=day)


async def _remove(visit: Visit, plan: Plan, number: int) -> None:
    if plan.is_frozen:
        raise InvalidInput("week.is_frozen")
    async with visit.rt.db.write() as tx:
        await tx.execute(delete(questions).where(questions.c.id == number))
        await audit.note(
            visit.rt, tx, visit.actor, "week.quiz_removed", f"week:{plan.id}", area=plan.area
        )


PAGES: tuple[Page, ...] = (
    get("/week/plans/{plan}/quiz", READ, show),
    post("/week/plans/{plan}/quiz", EDIT, add),
    post("/week/questions/{question}", EDIT, change),
)
