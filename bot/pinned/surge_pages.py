"""Surges and the week's rising topics for the staff."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.errors import InvalidInput
from bot.library import find
from bot.org import scope, tree
from bot.pinned import colleagues, queries, surge_actions, surge_queries
from bot.pinned.queries import Pinned
from bot.pinned.surge_queries import EDIT, READ
from bot.pinned.tables import ALIVE
from knowledge.topics import topics


async def show(visit: Visit) -> web.Response:
    """Show the surges to look after, or those that are closed."""
    alive = visit.query("state") != "closed"
    async with visit.rt.db.read() as tx:
        total = await surge_queries.count(tx, visit.actor, alive=alive)
        page = Pager.of(visit, total)
        rows = await surge_queries.listed(
            tx, visit.actor, alive=alive, offset=page.offset, limit=page.size
        )
        told = await surge_queries.wordings(tx, rows)
        names = await colleagues.names(tx, [r.assignee for r in rows if r.assignee])
        places = await _places(visit, tx, [r.area for r in rows])
    return visit.render(
        "pinned/surges.html", rows=rows, page=page, told=told, names=names, places=places,
        alive=alive,
    )  # fmt: skip


async def look(visit: Visit) -> web.Response:
    """Show one surge."""
    return await _page(visit, visit.blank())


async def _page(visit: Visit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        row = await surge_queries.one(tx, visit.actor, visit.number("surge"))
        told = (await surge_queries.wordings(tx, [row]))[row.id]
        able = await colleagues.able(tx, EDIT, row.area, row.topic)
        names = await colleagues.names(tx, [n for n in (row.assignee, row.closed_by) if n])
        places = await _places(visit, tx, [row.area])
        written = await queries.of_surge(tx, visit.actor, row.id)
    can_edit = row.state in ALIVE and visit.may(EDIT, row.area, row.topic)
    return visit.render(
        "pinned/surge.html", status=status, form=form, row=row, told=told, able=able, names=names,
        place=places[row.area], topic=_topic(visit, row.topic), written=written,
        can_edit=can_edit, can_write=visit.may(EDIT, row.area),
    )  # fmt: skip


async def assign(visit: Visit) -> web.Response:
    """Give it to a colleague."""
    return await _act(visit, "assign", "surge.assigned")


async def close(visit: Visit) -> web.Response:
    """Close it with a note."""
    return await _act(visit, "close", "surge.closed")


async def _act(visit: Visit, what: str, done: str) -> web.Response:
    form, number = await visit.form(), visit.number("surge")
    async with visit.rt.db.read() as tx:
        await surge_queries.one(tx, visit.actor, number, EDIT)
    person = form.whole("person", 1, 10**8) if what == "assign" else 0
    note = form.text("note", most=surge_actions.NOTE_MAX) if what == "close" else ""
    if not form:
        return await _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        async with visit.rt.db.write() as tx:
            if what == "assign":
                await surge_actions.assign(visit.rt, tx, visit.actor, number, person)
            else:
                await surge_actions.close(visit.rt, tx, visit.actor, number, note)
    except InvalidInput as refused:
        form.refuse(refused)
        return await _page(visit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.redirect(f"/surges/{number}", done=done)


async def hot(visit: Visit) -> web.Response:
    """Show the rising topics of the week by district, each with an answer and who owns it."""
    wanted = visit.query("area")
    async with visit.rt.db.read() as tx:
        await tx.run_sync(lambda connection: find.refresh(visit.rt, connection))
        every = await surge_queries.topics_of(tx, visit.actor, visit.today, None)
        rows = [r for r in every if not wanted or r.area == wanted]
        told = await surge_queries.wordings(tx, rows)
        standing = await queries.standing(tx, visit.actor, visit.now)
        places = await _places(visit, tx, [r.area for r in every])
    return visit.render(
        "pinned/hot.html", rows=rows, told=told, places=places, wanted=wanted,
        topics={row.id: _topic(visit, row.topic) for row in rows},
        answers={row.id: _suggestion(visit, row, standing) for row in rows},
        can_write=visit.may(EDIT),
    )  # fmt: skip


def _suggestion(visit: Visit, row: Any, standing: list[Pinned]) -> dict[str, str] | None:
    """Return what to answer with and whose it is: what is pinned there, else the base's entry."""
    pinned = next(
        (p for p in standing if p.row.topic == row.topic and scope.contains(p.row.area, row.area)),
        None,
    )
    if pinned is not None:
        entry, path = pinned.entry, f"/pinned/{pinned.row.id}"
    elif row.entry in find.now(visit.rt).entries:
        entry = find.now(visit.rt).entries[row.entry]
        path = f"/entries/{entry.id}" if visit.may("entries.read", entry.area, entry.topic) else ""
    else:
        return None
    return {"words": entry.question, "owner": entry.owner, "path": path}


def _topic(visit: Visit, topic: str) -> str:
    known = topics().get(topic)
    return f"{known.top_name} / {known.name}" if known else visit.text("surge.no_topic")


async def _places(visit: Visit, tx: AsyncConnection, paths: list[str]) -> dict[str, str]:
    units = await tree.named(tx, [path for path in paths if path])
    names = {path: unit.label(visit.today) for path, unit in units.items()}
    return dict.fromkeys(paths, "") | {p: p for p in paths} | names | {"": visit.text("surge.city")}


PAGES: tuple[Page, ...] = (
    get("/surges", READ, show),
    get("/surges/{surge}", READ, look),
    post("/surges/{surge}/assign", EDIT, assign),
    post("/surges/{surge}/close", EDIT, close),
    get("/hot", READ, hot),
)
