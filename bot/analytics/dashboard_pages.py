"""The dashboard and its exports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from aiohttp import web

from bot.analytics import charts, export, queries
from bot.analytics.board import ASKED
from bot.analytics.queries import Figures
from bot.analytics.reading import READ, View
from bot.analytics.sheet import Names, Sheet
from bot.analytics.sheets import sheets
from bot.console import audit
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.render import moment
from bot.console.start_pages import Card
from bot.console.visit import PREFIX, Visit
from bot.org.tree import Unit
from knowledge.entry import AGES
from knowledge.topics import topics

PERIODS = (7, 30, 90)
_USUAL = 30
#: The longest period, and the shortest: single days of two periods could be subtracted.
_LONGEST, _SHORTEST = 366, 7
_OWN = "own"


async def show(visit: Visit) -> web.StreamResponse:
    """Show the figures of a period, a district, an age band."""
    async with visit.rt.db.read() as tx:
        own = await queries.districts(tx, visit.actor)
        form = _asked(visit, visit.request.query)
        view = _view(visit, form, own)
        if view is None:
            return _page(visit, form, own, None, [], status=422)
        found = await queries.figures(tx, visit.actor, view, visit.today)
    return _page(visit, form, own, found, sheets(found, _names(visit, own)))


async def save(visit: Visit) -> web.StreamResponse:
    """Send what is on the screen as a file, and note who took it."""
    sent = await visit.form()
    kind = sent.one_of("format", ("csv", "xlsx"))
    form = _asked(visit, sent.values)
    async with visit.rt.db.read() as tx:
        own = await queries.districts(tx, visit.actor)
        view = _view(visit, form, own)
        if view is None or not sent:
            return _page(visit, form, own, None, [], status=422)
        visit.actor.require("dashboard.export", view.district)
        found = await queries.figures(tx, visit.actor, view, visit.today)
    await _note(visit, kind, view)
    return _file(visit, kind, found, own)


async def cards(visit: Visit) -> list[Card]:
    """Return the questions of the last seven days, for whoever may see them."""
    if not visit.may(READ):
        return []
    view = View(visit.today - timedelta(days=PERIODS[0] - 1), visit.today)
    async with visit.rt.db.read() as tx:
        line = await queries.asked_in(tx, visit.actor, view, visit.today)
    count, share = line.counts[ASKED], line.share("answer")
    text = "dashboard.card" if share is not None else "dashboard.card_plain"
    return [
        Card(
            visit.text("dashboard.card_title"),
            visit.text("dashboard.small") if count is None else f"{count:,}",
            visit.text(text, share=f"{(share or 0) * 100:.0f}%"),
            f"{PREFIX}/dashboard",
            "chart-bar",
        )
    ]


def _asked(visit: Visit, given: Any) -> Form:
    names = ("days", "from", "to", "district", "stage")
    values = {name: str(given.get(name, "")).strip()[:200] for name in names}
    return visit.blank(None, **values)


def _view(visit: Visit, form: Form, own: list[Unit]) -> View | None:
    """Return what the form asks for; None leaves a message beside what is wrong."""
    first, last = _period(form, visit.today)
    district = form.one_of("district", ["", *(d.path for d in own)])
    stage = form.one_of("stage", ["", *AGES])
    return View(first, last, district, stage) if form and first and last else None


def _period(form: Form, today: date) -> tuple[date | None, date | None]:
    form.values["days"] = form.values["days"] or str(_USUAL)
    chosen = form.one_of("days", [*map(str, PERIODS), _OWN])
    if chosen != _OWN:
        return today - timedelta(days=int(chosen or 1) - 1) if form else None, today
    first, last = form.day("from"), form.day("to")
    if first is not None and last is not None:
        _check(form, first, last, today)
    return first, last


def _check(form: Form, first: date, last: date, today: date) -> None:
    if last > today:
        form.wrong("to", "dashboard.future")
    if (last - first).days + 1 < _SHORTEST:
        form.wrong("from", "dashboard.short", days=_SHORTEST)
    if (last - first).days + 1 > _LONGEST:
        form.wrong("from", "dashboard.long", days=_LONGEST)


def _names(visit: Visit, own: list[Unit]) -> Names:
    called = {key: topic.name for key, topic in topics().items()}
    return Names(visit.text, called, {d.path: d.label(visit.today) for d in own})


def _page(
    visit: Visit,
    form: Form,
    own: list[Unit],
    found: Figures | None,
    made: list[Sheet],
    *,
    status: int = 200,
) -> web.Response:
    return visit.render(
        "analytics/dashboard.html",
        status=status,
        form=form,
        figures=found,
        sheets=made,
        option=charts.option,
        height=charts.height,
        periods=PERIODS,
        districts=[(d.path, d.label(visit.today)) for d in own],
        stages=AGES,
        may_export=visit.may("dashboard.export"),
    )


async def _note(visit: Visit, kind: str, view: View) -> None:
    async with visit.rt.db.write() as tx:
        await audit.note(
            visit.rt,
            tx,
            visit.actor,
            "dashboard.export",
            f"dashboard:{kind}",
            area=view.district,
            first=view.first,
            last=view.last,
            stage=view.stage,
        )


def _file(visit: Visit, kind: str, found: Figures, own: list[Unit]) -> web.Response:
    names, title = _names(visit, own), visit.text("dashboard.name")
    made, view = sheets(found, names), found.view
    district = names.districts.get(view.district, visit.text("dashboard.all"))
    about = [
        (title,),
        (visit.text("dashboard.about.period"), f"{view.first} / {view.last}"),
        (visit.text("dashboard.about.district"), district),
        (visit.text("dashboard.about.stage"), visit.text(f"dashboard.stage.{view.stage}")),
        (visit.text("dashboard.about.made"), moment(visit.now)),
        (visit.text("dashboard.rule_part" if found.is_part else "dashboard.rule"),),
    ]
    name = f"dashboard-{view.first}-{view.last}.{kind}"
    if kind == "csv":
        return visit.download(name, export.to_csv(about, made), export.CSV)
    return visit.download(name, export.to_xlsx(title, about, made), export.XLSX)


PAGES: tuple[Page, ...] = (
    get("/dashboard", READ, show),
    post("/dashboard/export", "dashboard.export", save),
)
