"""The tree of the organisation: look, add, rename, put away, and see next September."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.admin import places, units
from bot.console.forms import Form
from bot.console.page import Page, get, post
from bot.console.pager import Pager
from bot.console.visit import Visit
from bot.errors import InvalidInput, NotFound
from bot.org import grades
from bot.org.tree import Unit

_FOUND = 50


async def show(visit: Visit) -> web.Response:
    """Show one node and those below it; without a path: where the person's part begins."""
    path, words = visit.query("path"), visit.query("q")
    async with visit.rt.db.read() as tx:
        if words:
            rows = await places.named(tx, visit.actor, words, limit=_FOUND)
            return await _list(visit, rows, words=words)
        if not path:
            rows = await places.tops(tx, visit.actor)
            if len(rows) != 1:
                return await _list(visit, rows)
            path = rows[0].unit.path
        unit = await places.get(tx, visit.actor, path)
    return await _one(visit, unit, visit.blank(name=unit.name))


async def _list(visit: Visit, rows: list[places.Listed], words: str = "") -> web.Response:
    async with visit.rt.db.read() as tx:
        names = await places.full_names(tx, [row.unit.path for row in rows])
    return visit.render("admin/units.html", rows=rows, words=words, full=dict(names))


async def _one(visit: Visit, unit: Unit, form: Form, status: int = HTTPStatus.OK) -> web.Response:
    async with visit.rt.db.read() as tx:
        page = Pager.of(visit, await places.count(tx, visit.actor, unit.path))
        rows = await places.children(
            tx, visit.actor, unit.path, offset=page.offset, limit=page.size
        )
        above = await places.above(tx, visit.actor, unit.path)
        has_cohorts = await places.cohorts_count(tx, visit.actor, unit.path) > 0
    words = grades.words()
    return visit.render(
        "admin/unit.html", status=status, unit=unit, rows=rows, page=page, above=above, form=form,
        kinds=words.kinds, below=words.below[unit.kind],
        below_names=[words.kinds[k] for k in words.below[unit.kind]],
        has_cohorts=has_cohorts, can_edit=visit.may(places.EDIT, unit.path),
    )  # fmt: skip


async def blank(visit: Visit) -> web.Response:
    """Show the form of a new node; its fields follow from the kind."""
    parent = await _parent(visit, visit.query("parent"))
    kind = visit.query("kind") or (grades.words().below[parent.kind] or ("",))[0]
    return await _form(visit, parent, kind, visit.blank())


async def add(visit: Visit) -> web.Response:
    """Add a node, or a row of classes, below another."""
    form = await visit.form()
    parent = await _parent(visit, form.values.get("parent", ""))
    kind = form.values.get("kind", "")
    if kind not in grades.words().below[parent.kind]:
        form.refuse("unit.kind_below")
    made = units.read(form, parent, kind, visit.today) if form else []
    if form:
        try:
            async with visit.rt.db.write() as tx:
                first = await units.add(visit.rt, tx, visit.actor, parent, made)
        except InvalidInput as refused:
            form.refuse(refused, units.field_of(refused))
        else:
            shown = first if len(made) == 1 else parent.path
            return visit.redirect("/units", path=shown, done="unit.added")
    return await _form(visit, parent, kind, form, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _parent(visit: Visit, path: str) -> Unit:
    async with visit.rt.db.read() as tx:
        parent = await places.get(tx, visit.actor, path, places.EDIT)
    if not grades.words().below[parent.kind]:
        raise NotFound
    return parent


async def _form(
    visit: Visit, parent: Unit, kind: str, form: Form, status: int = HTTPStatus.OK
) -> web.Response:
    words = grades.words()
    if kind not in words.below[parent.kind]:
        kind = words.below[parent.kind][0]
    stages = [(k, v) for k, v in words.stages.items() if kind != "grade" or words.grades[k]]
    return visit.render(
        "admin/unit_new.html", status=status, parent=parent, kind=kind, form=form,
        kinds=[(k, words.kinds[k]) for k in words.below[parent.kind]], stages=stages,
        school_year=grades.school_year(visit.today),
    )  # fmt: skip


async def rename(visit: Visit) -> web.Response:
    """Give a node another name."""
    form = await visit.form()
    unit = await _mine(visit, form)
    name = form.text("name", most=units.NAME_MAX)
    if not form:
        return await _one(visit, unit, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    async with visit.rt.db.write() as tx:
        await units.rename(visit.rt, tx, visit.actor, unit, name)
    return visit.redirect("/units", path=unit.path, done="unit.renamed")


async def archive(visit: Visit) -> web.Response:
    """Put a node and all below it out of use, or back into it."""
    form = await visit.form()
    unit = await _mine(visit, form)
    is_in_use = unit.archived_at is None
    async with visit.rt.db.write() as tx:
        await units.archive(visit.rt, tx, visit.actor, unit, visit.now if is_in_use else None)
    done = "unit.archived" if is_in_use else "unit.restored"
    return visit.redirect("/units", path=unit.path, done=done)


async def _mine(visit: Visit, form: Form) -> Unit:
    async with visit.rt.db.read() as tx:
        return await places.get(tx, visit.actor, form.values.get("path", ""), places.EDIT)


async def next_year(visit: Visit) -> web.Response:
    """Show what each grade is called today and from next September on; nothing is rewritten."""
    async with visit.rt.db.read() as tx:
        unit = await places.get(tx, visit.actor, visit.query("path"))
        page = Pager.of(visit, await places.cohorts_count(tx, visit.actor, unit.path))
        rows = await places.cohorts(tx, visit.actor, unit.path, offset=page.offset, limit=page.size)
    return visit.render(
        "admin/next_year.html", unit=unit, rows=rows, page=page,
        then=places.next_year(visit.today),
    )  # fmt: skip


PAGES: tuple[Page, ...] = (
    get("/units", places.READ, show),
    get("/units/new", places.EDIT, blank),
    post("/units/new", places.EDIT, add),
    post("/units/rename", places.EDIT, rename),
    post("/units/archive", places.EDIT, archive),
    get("/units/next-year", places.READ, next_year),
)
