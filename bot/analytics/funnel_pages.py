"""The funnel on the console: a unit and those right below it, and the same as a file."""

from __future__ import annotations

from aiohttp import web

from bot.analytics import charts, export, funnel_reading
from bot.analytics.funnel_reading import Shown
from bot.analytics.funnel_sheets import sheets
from bot.analytics.reading import READ
from bot.analytics.sheet import Names
from bot.console import audit
from bot.console.page import Page, get, post
from bot.console.render import moment
from bot.console.visit import Visit


async def show(visit: Visit) -> web.StreamResponse:
    """Show the funnel of a unit; without one, of the first the person may see."""
    path = visit.query("unit")
    async with visit.rt.db.read() as tx:
        starts = await funnel_reading.starts(tx, visit.actor, visit.today)
        if not path and not starts:
            return _page(visit, None, starts)
        path = path or starts[0][0]
        found = await funnel_reading.shown(tx, visit.actor, path, visit.today)
    return _page(visit, found, starts)


async def save(visit: Visit) -> web.StreamResponse:
    """Send what is on the screen as a file, and note who took it."""
    form = await visit.form()
    kind = form.one_of("format", ("csv", "xlsx"))
    path = form.values.get("unit", "").strip()[:255]
    async with visit.rt.db.read() as tx:
        found = await funnel_reading.shown(tx, visit.actor, path, visit.today)
        if not form:
            starts = await funnel_reading.starts(tx, visit.actor, visit.today)
            return _page(visit, found, starts, status=422)
    visit.actor.require("dashboard.export", path, "")
    async with visit.rt.db.write() as tx:
        about = f"funnel:{kind}"
        await audit.note(visit.rt, tx, visit.actor, "funnel.export", about, area=path)
    return _file(visit, kind, found)


def _page(
    visit: Visit, found: Shown | None, starts: list[tuple[str, str]], *, status: int = 200
) -> web.Response:
    return visit.render(
        "analytics/funnel.html",
        status=status,
        shown=found,
        starts=starts,
        sheets=sheets(found, _names(visit)) if found and found.counted_at else [],
        option=charts.option,
        height=charts.height,
        may_export=bool(found) and visit.may("dashboard.export", found.path if found else "", ""),
    )


def _names(visit: Visit) -> Names:
    return Names(visit.text, {}, {})


def _file(visit: Visit, kind: str, found: Shown) -> web.Response:
    title, made = visit.text("funnel.name"), sheets(found, _names(visit))
    counted = moment(found.counted_at) if found.counted_at else visit.text("dashboard.none")
    about = [
        (title,),
        (visit.text("funnel.col.unit"), found.own.name),
        (visit.text("funnel.counted_at"), counted),
        (visit.text("dashboard.about.made"), moment(visit.now)),
        (visit.text("funnel.rule"),),
    ]
    name = f"funnel-{found.path.replace('/', '-')}-{visit.today}.{kind}"
    if kind == "csv":
        return visit.download(name, export.to_csv(about, made), export.CSV)
    return visit.download(name, export.to_xlsx(title, about, made), export.XLSX)


PAGES: tuple[Page, ...] = (
    get("/dashboard/funnel", READ, show),
    post("/dashboard/funnel/export", "dashboard.export", save),
)
