"""Publish: choose, try out, look at what changes, then release or ask a second person."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import select

from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.curation import gating, past, publishing, queries, shown
from bot.curation.states import State
from bot.curation.tables import entries, publications
from bot.errors import InvalidInput, NotAllowed, NotFound
from bot.library import find

_RECENT = 8


async def show(visit: Visit) -> web.Response:
    """Show what may be published, the last runs of the gate and the last publications."""
    ready = queries.Wanted(state=State.APPROVED)
    async with visit.rt.db.read() as tx:
        rows = await queries.listed(tx, visit.actor, ready, offset=0, limit=200)
        runs = await past.runs(tx, visit.actor, _RECENT)
        page = Pager.of(visit, await past.count(tx, visit.actor), size=10)
        done = await past.listed(tx, visit.actor, offset=page.offset, limit=page.size)
    return visit.render(
        "curation/publish.html", rows=rows, runs=runs, page=page, past=done,
        topics=shown.topics(), chosen=visit.query("entry"),
    )  # fmt: skip


async def try_out(visit: Visit) -> web.Response:
    """Run the gate over the chosen entries."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        wanted = await gating.approved(tx, visit.actor, form.lists.get("entry", []))
    number = await gating.try_out(visit.rt, visit.actor, wanted)
    return visit.redirect(f"/publish/{number}")


async def run(visit: Visit) -> web.Response:
    """Show what the gate said of a candidate."""
    return await _run(visit)


async def _run(visit: Visit, fault: str = "", status: int = HTTPStatus.OK) -> web.Response:
    number = visit.number("run")
    async with visit.rt.db.read() as tx:
        row = await gating.gate_run(tx, number)
        wanted = json.loads(row.entries)
        known = await _summaries(tx, visit, wanted)
        await _hide_foreign(tx, wanted, known)
        await tx.run_sync(lambda connection: find.refresh(visit.rt, connection))
        released = await tx.scalar(
            select(publications.c.id).where(publications.c.gate == number).limit(1)
        )
    base = find.now(visit.rt)
    names = {i: e.summary for i, e in base.entries.items()} | known
    form = visit.blank()
    form.fault = fault or None
    return visit.render(
        "curation/run.html",
        status=status,
        run=row,
        report=json.loads(row.report),
        wanted=wanted,
        names=names,
        form=form,
        released=released,
        is_stale=row.before != base.index.version or visit.now - row.at > publishing.FRESH,
        topics=shown.topics(),
        has_part=await _reaches(visit, wanted),
    )


async def _summaries(tx: Any, visit: Visit, wanted: dict[str, str | None]) -> dict[str, str]:
    rows = await tx.execute(
        select(entries.c.entry, entries.c.summary).where(
            entries.c.entry.in_(list(wanted)), queries.seen(visit.actor)
        )
    )
    return {r.entry: r.summary for r in rows}


async def _hide_foreign(tx: Any, wanted: dict[str, str | None], seen: dict[str, str]) -> None:
    """Refuse a run that holds an entry this person may not read: its report quotes them all."""
    there = await tx.execute(select(entries.c.entry).where(entries.c.entry.in_(list(wanted))))
    if {row.entry for row in there} - seen.keys():
        raise NotFound


async def _reaches(visit: Visit, wanted: dict[str, str | None]) -> bool:
    """Say whether the person may publish everything that is in this run."""
    try:
        async with visit.rt.db.read() as tx:
            await gating.require_all(tx, visit.actor, wanted, "entries.publish")
    except NotFound:
        return False
    return True


async def release(visit: Visit) -> web.Response:
    """Publish what this run looked at."""
    form = await visit.form()
    note = form.text("note", most=200, needed=False)
    try:
        await publishing.release(visit.rt, visit.actor, visit.number("run"), note=note)
    except InvalidInput as refused:
        return await _run(visit, visit.text(str(refused)), HTTPStatus.CONFLICT)
    return visit.redirect("/publish", done="publish.done")


async def ask(visit: Visit) -> web.Response:
    """Ask a second person to let a blocked candidate pass."""
    form = await visit.form()
    return await _decide(visit, "publish.asked", gating.ask_to_pass, form.raw("why"))


async def let_pass(visit: Visit) -> web.Response:
    """Let it pass, as the second person."""
    return await _decide(visit, "publish.passed", gating.let_pass)


async def _decide(visit: Visit, done: str, action: Any, *values: str) -> web.Response:
    number = visit.number("run")
    try:
        async with visit.rt.db.write() as tx:
            await action(visit.rt, tx, visit.actor, number, *values)
    except (InvalidInput, NotAllowed) as refused:
        if not str(refused).startswith(("publish.", "entry.")):
            raise
        return await _run(visit, visit.text(str(refused)), HTTPStatus.CONFLICT)
    return visit.redirect(f"/publish/{number}", done=done)


async def publication(visit: Visit) -> web.Response:
    """Show what one publication changed."""
    number = visit.number("publication")
    async with visit.rt.db.read() as tx:
        row, rows = await past.publication(tx, visit.actor, number)
        wanted = await publishing.back_to(tx, number)
    return visit.render(
        "curation/publication.html", row=row, rows=rows, wanted=wanted, today=visit.today
    )


async def roll_back(visit: Visit) -> web.Response:
    """Try out the base as it was after a publication."""
    async with visit.rt.db.read() as tx:
        wanted = await publishing.back_to(tx, visit.number("publication"))
        await gating.require_all(tx, visit.actor, wanted, "entries.publish")
    if not wanted:
        raise InvalidInput("publish.none")
    number = await gating.try_out(visit.rt, visit.actor, wanted, kind="rollback")
    return visit.redirect(f"/publish/{number}")


PAGES: tuple[Page, ...] = (
    get("/publish", "entries.read", show),
    post("/publish", "entries.publish", try_out),
    get("/publish/{run}", "entries.read", run),
    post("/publish/{run}/release", "entries.publish", release),
    post("/publish/{run}/ask", "entries.publish", ask),
    post("/publish/{run}/pass", "gate.override", let_pass),
    get("/publications/{publication}", "entries.read", publication),
    post("/publications/{publication}/back", "entries.publish", roll_back),
)
