"""The staff: who there is, what they may do where, and what can be done with an account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.admin import actions, people, places
from bot.admin.invite_pages import link_page
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.people import roles
from bot.people.actor import Actor
from bot.runtime import Runtime

Change = Callable[[Runtime, AsyncConnection, Actor, people.Person], Awaitable[None]]


async def listed(visit: Visit) -> web.Response:
    """Show the colleagues who fit the filters."""
    wanted = people.Wanted(
        visit.query("q"), visit.query("role"), visit.query("area"), visit.query("state")
    )
    async with visit.rt.db.read() as tx:
        page = Pager.of(visit, await people.count(tx, visit.actor, wanted))
        rows = await people.listed(tx, visit.actor, wanted, offset=page.offset, limit=page.size)
        areas = await places.choices(tx, visit.actor, people.READ)
        waiting = await people.waiting_for(tx, visit.actor)
        names = await grant_names(tx, [g.grant.area for p in rows for g in p.grants])
    return visit.render(
        "admin/staff.html", rows=rows, page=page, wanted=wanted, waiting=waiting, areas=areas,
        **names,
    )  # fmt: skip


async def grant_names(tx: AsyncConnection, paths: list[str]) -> dict[str, Any]:
    """Return what templates need to name a grant: roles, places and topics."""
    known = roles.load().roles
    return {
        "role_names": {k: r.name for k, r in known.items()},
        "place_names": dict(await places.full_names(tx, sorted({p for p in paths if p}))),
        "topic_names": dict(places.topic_choices()),
    }


async def show(visit: Visit, *, fault: str = "", status: int = HTTPStatus.OK) -> web.Response:
    """Show one colleague."""
    async with visit.rt.db.read() as tx:
        person = await people.get(tx, visit.actor, visit.number("person"))
        is_managed = await people.is_managed(tx, visit.actor, person.id)
        names = await grant_names(tx, [g.grant.area for g in person.grants])
    return visit.render(
        "admin/person.html", status=status, person=person, is_managed=is_managed, fault=fault,
        **names,
    )  # fmt: skip


async def reset(visit: Visit) -> web.Response:
    """Show a link to set a new password, once."""
    async with visit.rt.db.write() as tx:
        person = await people.get(tx, visit.actor, visit.number("person"))
        key = await actions.reset(visit.rt, tx, visit.actor, person)
    return link_page(visit, key, person.name, "reset")


def _changing(change: Change, done: str) -> Callable[[Visit], Awaitable[web.Response]]:
    async def page(visit: Visit) -> web.Response:
        number = visit.number("person")
        try:
            async with visit.rt.db.write() as tx:
                person = await people.get(tx, visit.actor, number)
                await change(visit.rt, tx, visit.actor, person)
        except InvalidInput as refused:
            return await show(
                visit, fault=visit.text(str(refused)), status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
        return visit.redirect(f"/staff/{number}", done=done)

    return page


PAGES: tuple[Page, ...] = (
    get("/staff", people.READ, listed),
    get("/staff/{person}", people.READ, show),
    post("/staff/{person}/reset", people.EDIT, reset),
    post("/staff/{person}/close", people.EDIT, _changing(actions.close, "staff.closed")),
    post("/staff/{person}/open", people.EDIT, _changing(actions.reopen, "staff.opened")),
    post(
        "/staff/{person}/second-factor",
        people.EDIT,
        _changing(actions.drop_second_factor, "staff.second_factor_dropped"),
    ),
)
