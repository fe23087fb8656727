"""The inbox: the list of tickets, and a ticket with its talk, its window and its context."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.forms import Form
from bot.console.page import Page, get
from bot.console.pager import Pager
from bot.console.start_pages import Card, Group, Row
from bot.console.visit import PREFIX, Visit
from bot.dialogue import codes
from bot.handoff import access, actions, live, queries, view
from bot.handoff.hours import desk
from bot.handoff.queries import Filter, Ticket
from bot.handoff.tables import CODE, State
from bot.org import tree
from knowledge.topics import topics

TABS = ("active", "waiting", "open", "mine", "closed")
_PARTS = ("talk", "send", "aside")


async def listed(visit: Visit) -> web.Response:
    """Show the tickets of a tab, what is most urgent first."""
    tab = visit.query("tab") if visit.query("tab") in TABS else TABS[0]
    wanted = Filter(
        state=tab if tab in set(State) else "",
        is_active=tab in ("active", "mine"),
        topic=_topic(visit.query("topic")),
        mine=visit.actor.id if tab == "mine" else None,
    )
    async with visit.rt.db.read() as tx:
        pager = Pager.of(visit, await queries.count(tx, visit.actor, wanted))
        found = await queries.listed(tx, visit.actor, wanted, offset=pager.offset, limit=pager.size)
        counts = await queries.counts(tx, visit.actor, visit.now)
        rows = [(ticket, await view.words(visit, tx, ticket)) for ticket in found]
        known = await queries.topics(tx, visit.actor)
    name = "inbox_rows" if visit.is_partial else "inbox"
    return visit.render(
        f"handoff/{name}.html",
        rows=rows,
        counts=counts,
        tab=tab,
        tabs=[(t, counts.get(t, counts["waiting"] + counts["open"])) for t in TABS],
        topic=wanted.topic,
        topics=[("", visit.text("inbox.all_topics"))]
        + [(t, view.topic_name(visit, t)) for t in known],
        pager=pager,
    )


async def show(visit: Visit) -> web.Response:
    """Show a ticket, or (to htmx) the part of it that changed."""
    return await page(visit, visit.number("ticket"), visit.blank())


async def page(visit: Visit, number: int, form: Form, *, failed: str = "") -> web.Response:
    """Show a ticket with a form as typed; `failed` names the form that was refused."""
    part = visit.query("part") if visit.query("part") in _PARTS else ""
    async with visit.rt.db.read() as tx:
        sheet = await view.sheet(visit, tx, number)
        choices = await _choices(visit, tx, sheet.ticket)
    await _record(visit, sheet, is_part=visit.is_partial)
    name = f"ticket_{part}" if visit.is_partial and part else "ticket"
    return visit.render(
        f"handoff/{name}.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK,
        s=sheet,
        t=sheet.ticket,
        form=form,
        blank=visit.blank(),
        failed=failed,
        form_id=form.values.get("form") or secrets.token_hex(12),
        urgent=access.is_urgent(sheet.ticket),
        may_answer=visit.actor.may(queries.ANSWER, sheet.ticket.area, sheet.ticket.topic),
        canned=desk().canned,
        **choices,
    )


async def _choices(visit: Visit, tx: AsyncConnection, ticket: Ticket) -> dict[str, Any]:
    """Return to whom and where a ticket may be given."""
    root = await tree.children(tx, "")
    places = [*root, *await tree.districts(tx)]
    others = [c for c in await actions.colleagues(tx, ticket) if c[0] != ticket.claimed_by]
    tops = {leaf.partition(".")[0]: t.top_name for leaf, t in topics().items()}
    return {
        "colleagues": others,
        "places": [(unit.path, unit.name) for unit in places],
        "tops": [("", visit.text("inbox.topic_unknown")), *tops.items()],
    }


async def _record(visit: Visit, sheet: view.Sheet, *, is_part: bool) -> None:
    """Record that words are shown; the parts of an open page that follow count as one look."""
    if not sheet.is_readable or not _shows_words(sheet):
        return
    assert sheet.access is not None
    async with visit.rt.db.write() as tx:
        if is_part and await access.has_just_looked(tx, visit.actor, sheet.ticket, visit.now):
            return
        await access.looked(visit.rt, tx, visit.actor, sheet.ticket, sheet.access)


def _shows_words(sheet: view.Sheet) -> bool:
    return bool(sheet.turns) or any(line["side"] == "parent" for line in sheet.talk)


def _topic(typed: str) -> str:
    """Return a topic or a whole top as typed, nothing for anything else."""
    known = topics()
    return typed if typed in known or any(t.startswith(f"{typed}.") for t in known) else ""


async def badge(visit: Visit) -> int | None:
    """Return how many tickets wait."""
    async with visit.rt.db.read() as tx:
        return await queries.waiting(tx, visit.actor) or None


async def cards(visit: Visit) -> list[Card]:
    """Return what waits in the inbox and among the wishes to read."""
    found = []
    async with visit.rt.db.read() as tx:
        counts = await queries.counts(tx, visit.actor, visit.now)
        wishes = await access.waiting(tx, visit.actor)
    if visit.may(queries.READ):
        late, kind = counts["overdue"], "danger" if counts["overdue"] else "primary"
        text = visit.text("inbox.card_late" if late else "inbox.card_text", n=late)
        title, href = visit.text("inbox.card"), f"{PREFIX}/inbox"
        found.append(Card(title, str(counts["waiting"]), text, href, "inbox", kind))
    if visit.may(access.APPROVE):
        title, text = visit.text("access.card"), visit.text("access.card_text")
        href = f"{PREFIX}/inbox/grants"
        found.append(Card(title, str(wishes), text, href, "shield-lock", "info"))
    return found


async def search(visit: Visit, typed: str) -> list[Group]:
    """Find a ticket by its code."""
    code = codes.read(typed)
    if len(code) != CODE or not set(code) <= set(codes.ALPHABET):
        return []
    async with visit.rt.db.read() as tx:
        found = await queries.listed(tx, visit.actor, Filter(code=code), offset=0, limit=1)
    rows = [
        Row(t.code, visit.text(f"inbox.state_{t.state}"), f"{PREFIX}/inbox/{t.id}") for t in found
    ]
    return [Group(visit.text("inbox.title"), "inbox", rows)]


PAGES: tuple[Page, ...] = (
    get("/inbox", queries.READ, listed),
    get("/inbox/events", queries.READ, live.events),
)
TICKET: tuple[Page, ...] = (get("/inbox/{ticket}", queries.READ, show),)
