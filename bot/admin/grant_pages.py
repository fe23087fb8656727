"""Grants: proposed by one, approved by another, ended by either."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.admin import actions, people
from bot.admin.invite_pages import grant_choices, read_grant
from bot.admin.staff_pages import grant_names
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.start_pages import Card
from bot.console.visit import PREFIX, Visit
from bot.errors import InvalidInput, NotAllowed, NotFound


async def listed(visit: Visit, *, fault: str = "", status: int = HTTPStatus.OK) -> web.Response:
    """Show the grants that wait for a second person."""
    async with visit.rt.db.read() as tx:
        rows = await people.waiting(tx, visit.actor)
        names = await grant_names(tx, [row.grant.area for row in rows])
    return visit.render("admin/grants.html", status=status, rows=rows, fault=fault, **names)


async def blank(visit: Visit) -> web.Response:
    """Show the form of another grant for a colleague."""
    return await _form(visit, visit.blank())


async def propose(visit: Visit) -> web.Response:
    """Note a grant; it counts once a second person approves it."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        person = await people.get(tx, visit.actor, visit.number("person"))
    grant = await read_grant(visit, form)
    if form:
        try:
            async with visit.rt.db.write() as tx:
                await actions.propose(visit.rt, tx, visit.actor, person, grant)
        except (InvalidInput, NotAllowed) as refused:
            form.refuse(str(refused))
        else:
            return visit.redirect(f"/staff/{person.id}", done="grant.proposed")
    return await _form(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _form(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        person = await people.get(tx, visit.actor, visit.number("person"))
    offered = await grant_choices(visit, form.values.get("area", ""))
    return visit.render("admin/grant_new.html", status=status, form=form, person=person, **offered)


async def approve(visit: Visit) -> web.Response:
    """Approve a grant, as a second person."""
    async with visit.rt.db.write() as tx:
        row = await people.grant(tx, visit.actor, visit.number("grant"))
        await actions.approve(visit.rt, tx, visit.actor, row)
    return visit.redirect("/staff/grants", done="grant.approved")


async def end(visit: Visit) -> web.Response:
    """End a grant, or refuse one that waits."""
    number, form = visit.number("grant"), await visit.form()
    try:
        async with visit.rt.db.write() as tx:
            row = await people.grant(tx, visit.actor, number)
            await actions.end(visit.rt, tx, visit.actor, row)
    except InvalidInput as refused:
        return await listed(
            visit, fault=visit.text(str(refused)), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    came_from = f"/staff/{row.staff}" if form.values.get("back") == "person" else "/staff/grants"
    if came_from != "/staff/grants" and not await _is_still_seen(visit, row.staff):
        came_from = "/staff"
    return visit.redirect(came_from, done="grant.ended")


async def _is_still_seen(visit: Visit, person: int) -> bool:
    """Say whether the colleague is still seen: the grant may have been the last one here."""
    async with visit.rt.db.read() as tx:
        try:
            await people.get(tx, visit.actor, person)
        except NotFound:
            return False
    return True


async def waiting(visit: Visit) -> int | None:
    """Return the number beside the menu item."""
    async with visit.rt.db.read() as tx:
        return await people.waiting_for(tx, visit.actor) or None


async def cards(visit: Visit) -> list[Card]:
    """Return the card of the first page: grants this person could approve."""
    if not visit.may(people.EDIT):
        return []
    number = await waiting(visit)
    if not number:
        return []
    return [
        Card(
            title=visit.text("grants.card"),
            value=str(number),
            text=visit.text("grants.card_text"),
            href=f"{PREFIX}/staff/grants",
            icon="user-check",
            kind="warning",
        )
    ]


PAGES: tuple[Page, ...] = (
    get("/staff/grants", people.EDIT, listed),
    post("/staff/grants/{grant}/approve", people.EDIT, approve),
    post("/staff/grants/{grant}/end", people.EDIT, end),
    get("/staff/{person}/grants/new", people.EDIT, blank),
    post("/staff/{person}/grants/new", people.EDIT, propose),
)
