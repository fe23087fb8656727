"""Health: what is looked at, what went wrong, and the send fence."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.console import audit
from bot.console.page import Page, get, post
from bot.console.start_pages import Card
from bot.console.visit import PREFIX, Visit
from bot.delivery import fence, incidents
from bot.delivery.incidents import Incident
from bot.ops import finding, health, jobs

_SHOWN = timedelta(days=30)


async def show(visit: Visit) -> web.Response:
    """Show every check; the platform is asked only when `?full=1` says so."""
    full = bool(visit.query("full"))
    found = await health.examine(visit.rt, offline=not full)
    async with visit.rt.db.read() as tx:
        seen = await incidents.listed(tx, since=visit.now - _SHOWN)
        raised = await fence.is_up(tx)
        beat = await jobs.heartbeat(tx)
    return visit.render(
        "ops/health.html",
        findings=[(f, group(visit, f.what), f.sentence("zh")) for f in found],
        incidents=[(i, sentence(i)) for i in seen],
        fence=raised,
        beat=beat,
        full=full,
    )


def group(visit: Visit, what: str) -> str:
    """Return what a group of checks is called."""
    key = f"group.{what}"
    return visit.text(key if key in visit.renderer.messages else "group.other")


def sentence(incident: Incident) -> str:
    """Return an incident in words."""
    return finding.sentence(incident.key, incident.values, "zh")


async def lift(visit: Visit) -> web.Response:
    """Lower the fence: from now on messages leave by the account's initiative again."""
    async with visit.rt.db.write() as tx:
        lifted = await fence.lift(tx)
        if lifted is not None:
            await audit.note(
                visit.rt, tx, visit.actor, "fence.lifted", raised_at=lifted.raised_at,
                why=lifted.reason,
            )  # fmt: skip
    return visit.redirect("/health", done="fence.lifted")


async def badge(visit: Visit) -> int | None:
    """Count what is open."""
    async with visit.rt.db.read() as tx:
        return len(await incidents.open_keys(tx)) or None


async def cards(visit: Visit) -> list[Card]:
    """Return the card of the first page, while something is wrong."""
    if not visit.may("ops.read"):
        return []
    async with visit.rt.db.read() as tx:
        count = len(await incidents.open_keys(tx))
    if not count:
        return []
    title, text = visit.text("health.card"), visit.text("health.card_text")
    return [Card(title, str(count), text, f"{PREFIX}/health", "heartbeat", "danger")]


PAGES: tuple[Page, ...] = (
    get("/health", "ops.read", show),
    post("/health/fence", "ops.backup", lift),
)
