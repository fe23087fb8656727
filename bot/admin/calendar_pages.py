"""The calendar for the staff: a year at a glance, and its rows with their sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from http import HTTPStatus

from aiohttp import web

from bot.calendar import months, state, store
from bot.calendar.days import ENTERED, Kind
from bot.calendar.store import Kept
from bot.calendar.tables import NAME_MAX, SOURCE_MAX
from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import InvalidInput

READ, EDIT = "calendar.read", "calendar.edit"
YEARS = range(2000, 2101)
_REVISION_MOST = 10_000_000
_PAGE = "/calendar"


async def show(visit: Visit) -> web.Response:
    """Show a year: its months, and the rows that touch it."""
    year = visit.whole("year", visit.today.year)
    year = min(max(year, YEARS[0]), YEARS[-1])
    async with visit.rt.db.read() as tx:
        calendar = await store.load(tx)
        rows = await store.listed(tx, date(year, 1, 1), date(year, 12, 31))
    return visit.render(
        "admin/calendar.html", year=year, rows=rows, months=months.of_year(calendar, year),
        kinds=state.words()["kinds"], years=YEARS, can_edit=visit.may(EDIT),
    )  # fmt: skip


async def blank(visit: Visit) -> web.Response:
    """Show an empty form."""
    return _form(visit, None, visit.blank(kind=Kind.TERM, reviewed_on=visit.today.isoformat()))


async def look(visit: Visit) -> web.Response:
    """Show one row in its form."""
    async with visit.rt.db.read() as tx:
        entry = await store.get(tx, visit.number("entry"))
    form = visit.blank(
        kind=entry.kind, first=entry.first.isoformat(), last=entry.last.isoformat(),
        name=entry.name, source=entry.source, reviewed_on=entry.reviewed_on.isoformat(),
        revision=str(entry.revision),
    )  # fmt: skip
    return _form(visit, entry, form)


async def add(visit: Visit) -> web.Response:
    """Add a row."""
    form = await visit.form()
    made = _read(visit, form)
    try:
        if made is not None:
            async with visit.rt.db.write() as tx:
                number = await store.add(tx, made, visit.now, visit.actor.id)
                await audit.note(
                    visit.rt, tx, visit.actor, "calendar.added", f"calendar:{number}",
                    after=_told(made),
                )  # fmt: skip
            return visit.redirect(_PAGE, done="calendar.added", year=str(made.first.year))
    except InvalidInput as refused:
        form.refuse(refused)
    return _form(visit, None, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def change(visit: Visit) -> web.Response:
    """Change a row; who was slower sees it and loses nothing that was typed."""
    form, number = await visit.form(), visit.number("entry")
    async with visit.rt.db.read() as tx:
        before = await store.get(tx, number)
    made, revision = _read(visit, form), form.whole("revision", 1, _REVISION_MOST)
    try:
        if made is not None and form:
            made = replace(made, id=number, revision=revision)
            async with visit.rt.db.write() as tx:
                await store.change(tx, made, visit.now, visit.actor.id)
                await audit.note(
                    visit.rt, tx, visit.actor, "calendar.changed", f"calendar:{number}",
                    before=_told(before), after=_told(made),
                )  # fmt: skip
            return visit.redirect(_PAGE, done="calendar.saved", year=str(made.first.year))
    except InvalidInput as refused:
        form.refuse(refused)
    return _form(visit, before, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def remove(visit: Visit) -> web.Response:
    """Take a row away."""
    number = visit.number("entry")
    async with visit.rt.db.write() as tx:
        gone = await store.get(tx, number)
        await store.remove(tx, number)
        await audit.note(
            visit.rt, tx, visit.actor, "calendar.removed", f"calendar:{number}",
            before=_told(gone),
        )  # fmt: skip
    return visit.redirect(_PAGE, done="calendar.removed", year=str(gone.first.year))


def _read(visit: Visit, form: Form) -> Kept | None:
    """Return the row of a form; faults stand beside its fields."""
    kind = form.one_of("kind", ENTERED)
    first, last = form.day("first"), form.day("last")
    name, source = form.text("name", most=NAME_MAX), form.text("source", most=SOURCE_MAX)
    reviewed_on = form.day("reviewed_on")
    for field, value in (("first", first), ("last", last)):
        if value is not None and value.year not in YEARS:
            form.wrong(field, "calendar.year")
    if reviewed_on is not None and reviewed_on > visit.today:
        form.wrong("reviewed_on", "calendar.future")
    if not form or first is None or last is None or reviewed_on is None:
        return None
    return Kept(Kind(kind), first, last, name, source, reviewed_on)


def _form(
    visit: Visit, entry: Kept | None, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    words = state.words()["kinds"]
    return visit.render(
        "admin/calendar_entry.html", status=status, entry=entry, form=form,
        kinds=[(kind.value, words[kind]) for kind in ENTERED],
    )  # fmt: skip


def _told(entry: Kept) -> dict[str, str]:
    names = ("kind", "first", "last", "name", "source", "reviewed_on")
    return {name: str(getattr(entry, name)) for name in names}


PAGES: tuple[Page, ...] = (
    get(_PAGE, READ, show),
    get(f"{_PAGE}/new", EDIT, blank),
    post(f"{_PAGE}/new", EDIT, add),
    get(f"{_PAGE}/{{entry}}", EDIT, look),
    post(f"{_PAGE}/{{entry}}", EDIT, change),
    post(f"{_PAGE}/{{entry}}/remove", EDIT, remove),
)
