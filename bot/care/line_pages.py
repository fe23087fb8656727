"""Hotlines: when each was last phoned, what is overdue, and `phoned today` with one click."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.clock import day
from bot.console import audit
from bot.console.page import Page, get, post
from bot.console.visit import Visit
from bot.db.upsert import upsert
from bot.errors import NotFound
from bot.safety import lines
from bot.safety.rules import rules
from bot.safety.tables import reviews

REVIEW = "hotlines.review"
_SOON = timedelta(days=7)


async def show(visit: Visit) -> web.Response:
    """Show every hotline, what is due first."""
    await lines.follow(visit.rt)
    known, dates, today = lines.shown(), lines.reviewed(visit.rt), day(visit.now)
    kept = timedelta(days=rules().review_days)
    rows = [
        {
            "line": known[number],
            "reviewed": reviewed,
            "due": reviewed + kept,
            "is_late": not lines.is_fresh(visit.rt, number, reviewed),
            "is_always": number in rules().always,
            "is_soon": reviewed + kept - today <= _SOON,
        }
        for number, reviewed in sorted(dates.items(), key=lambda item: (item[1], item[0]))
    ]
    return visit.render("care/lines.html", rows=rows, days=rules().review_days)


async def reviewed(visit: Visit) -> web.Response:
    """Note that a number was phoned today: from the next message on it is shown everywhere."""
    number = visit.part("number")
    if number not in lines.shown():
        raise NotFound
    row = {"reviewed_on": day(visit.now), "by": visit.actor.id, "at": visit.now}
    async with visit.rt.db.write() as tx:
        is_sqlite = tx.dialect.name == "sqlite"
        await tx.execute(
            upsert(reviews, ("number",), tuple(row), is_sqlite=is_sqlite), {"number": number} | row
        )
        await audit.note(visit.rt, tx, visit.actor, "hotlines.reviewed", f"hotline:{number}")
    await lines.follow(visit.rt)
    return visit.redirect("/hotlines", done="hotlines.done")


async def badge(visit: Visit) -> int | None:
    """Return how many numbers have fallen out of the crisis texts."""
    return len(lines.overdue(visit.rt)) or None


PAGES: tuple[Page, ...] = (
    get("/hotlines", REVIEW, show),
    post("/hotlines/{number}/reviewed", REVIEW, reviewed),
)
