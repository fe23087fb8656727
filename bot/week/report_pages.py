"""The report of a week: a page to print, and its figures as files."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from bot.console import audit
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.errors import NotFound
from bot.week import plans, report
from bot.week.access import READ
from bot.week.report import Figure, Report
from bot.week.words import words

_FIRST = (1980, 1, 1, 0, 0, 0)
#: What a spreadsheet would take for a formula.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


async def show(visit: Visit) -> web.Response:
    """Show the report."""
    found = await _report(visit)
    return visit.render(
        "week/report.html", report=found, plan=found.plan, told=_told(), words=words()
    )


async def _report(visit: Visit) -> Report:
    """Return the report of a plan that is frozen and one's own.

    Raises:
        NotFound: it is neither.
    """
    async with visit.rt.db.read() as tx:
        plan = await plans.owned(tx, visit.actor, visit.number("plan"))
        if not plan.is_frozen:
            raise NotFound
        return await report.compute(tx, plan)


async def export(visit: Visit) -> web.Response:
    """Send the figures as files."""
    found = await _report(visit)
    content = await asyncio.to_thread(packed, found)
    async with visit.rt.db.write() as tx:
        await audit.note(
            visit.rt, tx, visit.actor, "week.report", f"week:{found.plan.id}", area=found.plan.area
        )
    return visit.download(f"week-{found.plan.year}.zip", content, "application/zip")


def packed(found: Report) -> bytes:
    """Return a ZIP with a table for each part of the report."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, rows in _tables(found).items():
            text = io.StringIO()
            csv.writer(text).writerows(map(_safe, [_told()["files"][name], *rows]))
            info = zipfile.ZipInfo(name, date_time=_FIRST)
            file.writestr(info, ("\ufeff" + text.getvalue()).encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _tables(found: Report) -> Mapping[str, Sequence[Sequence[Any]]]:
    told = _told()
    wall = dict(found.wall_by_district)
    return {
        "reach.csv": [(told["channels"][k], _said(v)) for k, v in found.reached.items()],
        "reasons.csv": [(told["reasons"].get(k, k), _said(v)) for k, v in found.reasons.items()],
        "districts.csv": [
            (name or told["elsewhere"], _said(v), _said(wall[name]))
            for name, v in found.by_district
        ],
        "views.csv": [(told["views"].get(k, k), v) for k, v in found.views.items()],
        "quiz.csv": [
            (words().days[q.day], q.text, _said(q.count), _part(q.right)) for q in found.quiz
        ],
        "live.csv": [(title, day.isoformat(), _said(n)) for title, day, n in found.live],
        "topics.csv": [(t.name, t.count, _said(t.before)) for t in found.topics],
        "cases.csv": list(found.cases),
    }


def _said(figure: Figure) -> str | int:
    few: str = _told()["few"]
    return few if figure is None else figure


def _part(part: float | None) -> str:
    few: str = _told()["few"]
    return few if part is None else f"{part:.0%}"


def _safe(row: Sequence[Any]) -> list[Any]:
    """Return a row in which no cell is a formula."""
    return [f"'{c}" if isinstance(c, str) and c.startswith(_FORMULA) else c for c in row]


@cache
def _told() -> Mapping[str, Any]:
    path = Path(__file__).with_name("report.yaml")
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


PAGES: tuple[Page, ...] = (
    get("/week/plans/{plan}/report", READ, show),
    post("/week/plans/{plan}/report/export", READ, export),
)
