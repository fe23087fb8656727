"""The list of entries, and the editor with its preview."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.curation import actions, editing, queries, shown
from bot.curation.actions import Change, Conflict
from bot.curation.states import State
from bot.errors import InvalidInput, NotAllowed
from bot.library import find
from bot.org import tree
from knowledge.entry import AGES, Entry


async def listed(visit: Visit) -> web.Response:
    """Show the entries that fit the filters."""
    wanted = filters(visit)
    async with visit.rt.db.read() as tx:
        page, rows = await _page(visit, tx, wanted)
        counts = await queries.counts_by_state(tx, visit.actor)
        areas = await shown.area_names(tx, visit, {r.area for r in rows})
    return visit.render(
        "curation/entries.html", rows=rows, page=page, counts=counts, wanted=wanted, areas=areas,
        topics=shown.topics(), tops=shown.tops(), today=visit.today,
    )  # fmt: skip


async def _page(
    visit: Visit, tx: AsyncConnection, wanted: queries.Wanted
) -> tuple[Pager, list[Any]]:
    if wanted.words:
        ids = await queries.found(tx, visit.actor, wanted)
        page = Pager.of(visit, len(ids))
        chosen = ids[page.offset : page.offset + page.size]
        return page, await queries.named(tx, visit.actor, chosen)
    page = Pager.of(visit, await queries.count(tx, visit.actor, wanted))
    size = {"offset": page.offset, "limit": page.size}
    return page, await queries.listed(tx, visit.actor, wanted, **size)


def filters(visit: Visit) -> queries.Wanted:
    """Return what the address filters the list by."""
    risk = visit.query("risk")
    state = visit.query("state")
    return queries.Wanted(
        words=visit.query("q"),
        topic=visit.query("topic"),
        state=state if state in list(State) else "",
        risk=int(risk) if risk in ("0", "1", "2", "3") else None,
        due_before=visit.today if visit.query("due") else None,
    )


async def blank(visit: Visit) -> web.Response:
    """Show the editor of a new entry."""
    topic = visit.query("topic")
    values = editing.blank(visit.today, topic=topic, owner=visit.actor.name)
    form = visit.blank(None, **values)
    return await _editor(visit, form, None)


async def create(visit: Visit) -> web.Response:
    """Keep a new entry as a draft."""
    form = await visit.form()
    entry = await _read(visit, form, None)
    if entry is not None:
        try:
            async with visit.rt.db.write() as tx:
                note = form.values.get("note", "").strip()
                await actions.create(visit.rt, tx, visit.actor, entry, Change(note=note))
            return visit.redirect(f"/entries/{entry.id}", done="entry.created")
        except InvalidInput as refused:
            form.refuse(refused, "slug")
        except NotAllowed:
            form.refuse("entry.outside")
    return await _editor(visit, form, None, status=HTTPStatus.UNPROCESSABLE_ENTITY)


async def show(visit: Visit) -> web.Response:
    """Show the editor of an entry, or the entry alone to those who may not change it."""
    async with visit.rt.db.read() as tx:
        working = await queries.row(tx, visit.actor, visit.part("entry"))
    form = visit.blank({"ages": working.entry.ages}, **editing.filled(working.entry))
    form.values["revision"] = str(working.revision)
    return await _editor(visit, form, working)


async def save(visit: Visit) -> web.Response:
    """Keep a new revision; when somebody else was faster, show both texts and ask."""
    form = await visit.form()
    async with visit.rt.db.read() as tx:
        working = await queries.row(tx, visit.actor, visit.part("entry"), "entries.edit")
    entry = await _read(visit, form, working.entry)
    if entry is None:
        return await _editor(visit, form, working, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    change = Change(note=form.values.get("note", "").strip(), on=form.whole("revision", 1, 10**8))
    try:
        async with visit.rt.db.write() as tx:
            await actions.save(visit.rt, tx, visit.actor, entry, change)
            if form.values.get("then") == "submit":
                await actions.submit(visit.rt, tx, visit.actor, entry.id, change.note)
    except Conflict:
        return await _merge(visit, form, entry)
    except InvalidInput as refused:
        form.refuse(shown.refusal(visit, refused))
        return await _editor(visit, form, working, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotAllowed:
        form.refuse("entry.outside")
        return await _editor(visit, form, working, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    done = "entry.submitted" if form.values.get("then") == "submit" else "entry.saved"
    return visit.redirect(f"/entries/{entry.id}", done=done)


async def _read(visit: Visit, form: Form, before: Entry | None) -> Entry | None:
    """Return the entry as typed; None when a field is wrong, or anew leads to no entry."""
    paths = await shown.paths(visit, before.area if before else None)
    entry = editing.read(form, paths, visit.today, before=before)
    if entry is None:
        return None
    async with visit.rt.db.read() as tx:
        known = {before.successor, *before.related} if before else set()
        for name, ids in (("successor", (entry.successor,)), ("related", entry.related)):
            for other in ids:
                if other and other not in known and not await queries.exists(tx, other):
                    form.wrong(name, "entry.leads_nowhere", entry=other)
    return entry if form else None


async def _merge(visit: Visit, form: Form, mine: Entry) -> web.Response:
    """Show what somebody else saved beside what was typed; nothing is lost either way."""
    async with visit.rt.db.read() as tx:
        theirs = await queries.row(tx, visit.actor, mine.id, "entries.edit")
        history = await queries.history(tx, mine.id)
    return visit.render(
        "curation/merge.html",
        status=HTTPStatus.CONFLICT,
        form=form,
        theirs=theirs,
        by=history[0].by_name,
        fields=shown.fields_diff(theirs.entry, mine),
        values=form.values | {"revision": str(theirs.revision)},
        lists={name: chosen for name, chosen in form.lists.items() if name == "ages"},
    )


async def _editor(
    visit: Visit, form: Form, working: queries.Working | None, *, status: int = HTTPStatus.OK
) -> web.Response:
    context: dict[str, Any] = {"working": working, "history": [], "talk": [], "crumbs": []}
    async with visit.rt.db.read() as tx:
        if working is not None:
            context["history"] = await queries.history(tx, working.entry.id)
            context["talk"] = await queries.talk(tx, working.entry.id)
            context["authors"] = await queries.authors(tx, working)
        units = await tree.districts(tx)
    own = visit.actor.areas("entries.edit")
    area = working.entry.area if working else None
    may_edit = visit.may("entries.edit", area, working.entry.topic if working else None)
    return visit.render(
        "curation/editor.html",
        status=status,
        form=form,
        may_edit=may_edit,
        problems=editing.problems(working.entry) if working else [],
        area_options=[
            (path, name or visit.text("area.all"))
            for path, name in shown.area_options(units, own, area, visit.today)
        ],
        topic_options=shown.topic_options(),
        ages=[(age, visit.text(f"age.{age}")) for age in AGES],
        boxes=editing.BOXES,
        topics=shown.topics(),
        **context,
    )


async def preview(visit: Visit) -> web.Response:
    """Show what is typed as a parent's phone would, with what the lint says of it."""
    form = await visit.form()
    before = None
    name = form.values.get("entry", "")
    async with visit.rt.db.read() as tx:
        if name:
            before = (await queries.row(tx, visit.actor, name)).entry
        await tx.run_sync(lambda connection: find.refresh(visit.rt, connection))
    paths = await shown.paths(visit, before.area if before else None)
    entry = editing.sketch(form, paths, visit.today, before)
    return visit.render(
        "curation/preview.html",
        lines=shown.phone(visit.rt, entry) if entry else [],
        problems=editing.problems(entry) if entry else [],
        size=len("".join(form.values.get("answer", "").split())),
        hits=shown.other_hits(visit.rt, entry, before) if entry else [],
    )


PAGES: tuple[Page, ...] = (
    get("/entries", "entries.read", listed),
    get("/entries/new", "entries.edit", blank),
    post("/entries/new", "entries.edit", create),
    post("/entries/preview", "entries.read", preview),
    get("/entries/{entry}", "entries.read", show),
    post("/entries/{entry}", "entries.edit", save),
)
