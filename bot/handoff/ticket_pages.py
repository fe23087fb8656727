"""Buttons of a ticket: take it, give it on, answer, close, ask for the words, propose an answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.forms import Form
from bot.console.page import Page, post
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.handoff import access, actions, canned, queries, sending, staff_pages
from bot.handoff.sending import Letter
from bot.handoff.tables import Sent

_FORM = re.compile(r"[0-9a-f]{24}")
_TEXT, _REASON, _NOTE = 600, 200, 200
_REASON_LEAST = 6
#: What a change may give back: a claimed line to be delivered.
_Change = Callable[[AsyncConnection, int], Awaitable[Letter | None]]


async def claim(visit: Visit) -> web.Response:
    """Take the ticket."""

    async def change(tx: AsyncConnection, number: int) -> None:
        await actions.claim(visit.rt, tx, visit.actor, number)

    return await _changed(visit, await visit.form(), "claim", "inbox.claimed", change)


async def release(visit: Visit) -> web.Response:
    """Put the ticket back."""

    async def change(tx: AsyncConnection, number: int) -> None:
        await actions.release(visit.rt, tx, visit.actor, number)

    return await _changed(visit, await visit.form(), "claim", "inbox.released", change)


async def hand(visit: Visit) -> web.Response:
    """Give the ticket to a colleague."""
    form = await visit.form()
    to = form.whole("to", 1, 99_999_999)

    async def change(tx: AsyncConnection, number: int) -> None:
        await actions.hand(visit.rt, tx, visit.actor, number, to)

    return await _changed(visit, form, "hand", "inbox.handed", change, leaves=True)


async def route(visit: Visit) -> web.Response:
    """Say where the ticket belongs."""
    form = await visit.form()
    area, topic = form.text("area"), form.text("topic", needed=False, most=64)

    async def change(tx: AsyncConnection, number: int) -> None:
        await actions.route(visit.rt, tx, visit.actor, number, area, topic)

    return await _changed(visit, form, "route", "inbox.routed", change, leaves=True)


async def reply(visit: Visit) -> web.Response:
    """Send a reply now, or keep it until the parent comes back."""
    form = await visit.form()
    text = form.text("text", most=_TEXT)
    number = form.values.get("form", "")
    if not _FORM.fullmatch(number):
        form.refuse("inbox.form")
    is_held = form.values.get("mode") == "hold"

    async def change(tx: AsyncConnection, ticket: int) -> Letter | None:
        if is_held:
            await sending.hold(visit.rt, tx, visit.actor, ticket, text, number)
            return None
        return await sending.say(visit.rt, tx, visit.actor, ticket, text, number)

    done = "inbox.held" if is_held else "inbox.sent"
    return await _changed(visit, form, "reply", done, change)


async def close(visit: Visit) -> web.Response:
    """Close the ticket; the parent is told and the bot returns."""
    form = await visit.form()
    remark = form.text("note", most=_NOTE, needed=False)

    async def change(tx: AsyncConnection, number: int) -> Letter | None:
        return await sending.close(visit.rt, tx, visit.actor, number, remark)

    return await _changed(visit, form, "close", "inbox.closed", change)


async def ask(visit: Visit) -> web.Response:
    """Ask for the parent's words, with a reason."""
    form = await visit.form()
    reason = form.text("reason", most=_REASON)
    if reason and len(reason) < _REASON_LEAST:
        form.wrong("reason", "access.reason", least=_REASON_LEAST)
    done = "access.asked"

    async def change(tx: AsyncConnection, number: int) -> None:
        nonlocal done
        stands = await access.ask(visit.rt, tx, visit.actor, number, reason)
        if stands is not None and stands.is_live:
            done = "access.emergency_open"

    return await _changed(visit, form, "access", lambda: done, change)


async def suggest(visit: Visit) -> web.Response:
    """Propose an answer to the curators."""
    form = await visit.form()
    question, answer = form.text("question", most=100), form.text("answer", most=_TEXT)

    async def change(tx: AsyncConnection, number: int) -> None:
        await actions.suggest(visit.rt, tx, visit.actor, number, question, answer)

    return await _changed(visit, form, "suggest", "inbox.suggested", change)


async def find(visit: Visit) -> web.Response:
    """Show published answers near what the staff member looks for."""
    form = await visit.form()
    found = await canned.find(visit.rt, form.text("q", most=100, needed=False))
    return visit.render("handoff/canned.html", found=found)


async def _changed(
    visit: Visit,
    form: Form,
    name: str,
    done: str | Callable[[], str],
    change: Callable[[AsyncConnection, int], Awaitable[Letter | None]],
    *,
    leaves: bool = False,
) -> web.Response:
    """Run a change in a transaction; what it claims is delivered after the commit.

    `leaves`: the ticket may be out of this person's scope now.
    """
    number = visit.number("ticket")
    letter = None
    if form:
        try:
            async with visit.rt.db.write() as tx:
                letter = await change(tx, number)
        except InvalidInput as refused:
            form.refuse(refused)
    if not form:
        return await staff_pages.page(visit, number, form, failed=name)
    said = done if isinstance(done, str) else done()
    if letter is not None:
        outcome = await sending.deliver(visit.rt, letter)
        if outcome is not Sent.SENT and letter.kind == sending.PERSON:
            said = f"inbox.{outcome}_warning"
    return visit.redirect("/inbox" if leaves else f"/inbox/{number}", done=said)


PAGES: tuple[Page, ...] = (
    post("/inbox/{ticket}/claim", queries.ANSWER, claim),
    post("/inbox/{ticket}/release", queries.ANSWER, release),
    post("/inbox/{ticket}/hand", queries.ANSWER, hand),
    post("/inbox/{ticket}/route", queries.ANSWER, route),
    post("/inbox/{ticket}/reply", queries.ANSWER, reply),
    post("/inbox/{ticket}/close", queries.ANSWER, close),
    post("/inbox/{ticket}/access", queries.READ, ask),
    post("/inbox/{ticket}/suggest", queries.ANSWER, suggest),
    post("/inbox/canned", queries.ANSWER, find),
)
