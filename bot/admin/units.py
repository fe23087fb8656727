"""Changes of the organisation: forms to nodes, nodes to rows, each noted in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.admin import places
from bot.console import audit
from bot.console.forms import Form
from bot.errors import InvalidInput, NotAllowed
from bot.org import grades, tree
from bot.org import tables as org
from bot.org.tree import Unit
from bot.people.actor import Actor
from bot.runtime import Runtime

NAME_MAX = 80
_SLUG_MAX = 40
_CLASSES_MAX = 60
_YEARS_BACK = 15
#: Which field a refusal of the tree belongs to.
_FIELDS = {
    "unit.slug": "slug",
    "unit.path_taken": "slug",
    "unit.name_missing": "name",
    "unit.entry_year": "entry_year",
    "unit.number": "number",
}


def field_of(refused: InvalidInput) -> str | None:
    """Return the field of the form that a refusal belongs to."""
    return _FIELDS.get(str(refused))


def read(form: Form, parent: Unit, kind: str, today: date) -> list[Unit]:
    """Return the nodes a form asks for: one, or the classes of a grade from one number to another.

    An empty path step at the end of a path means: number it.
    """
    if kind == "class":
        return list(_classes(form, parent))
    if kind == "grade":
        return [_grade(form, parent, today)]
    name, slug = form.text("name", most=NAME_MAX), form.text("slug", most=_SLUG_MAX, needed=False)
    stage = form.one_of("stage", grades.words().stages) if kind == "school" else None
    return [Unit(tree.child_path(parent.path, slug), parent.path, kind, name, stage)]


def _grade(form: Form, parent: Unit, today: date) -> Unit:
    year = grades.school_year(today)
    entry = form.whole("entry_year", year - _YEARS_BACK, year + 2)
    stage, slug = parent.stage or "", str(entry)
    if not grades.words().grades.get(stage):  # a school of several stages
        stage = form.one_of("stage", (k for k, v in grades.words().grades.items() if v))
        slug = f"{stage}-{entry}"
    name = grades.words().labels["cohort"].format(year=entry)
    return Unit(tree.child_path(parent.path, slug), parent.path, "grade", name, stage, entry)


def _classes(form: Form, parent: Unit) -> Iterator[Unit]:
    first = form.whole("number", 1, _CLASSES_MAX)
    last = form.whole("last", first, _CLASSES_MAX) if form.values.get("last") else first
    for n in range(first, last + 1):
        name = grades.words().labels["number"].format(number=n)
        path = tree.child_path(parent.path, str(n))
        yield Unit(path, parent.path, "class", name, parent.stage, parent.entry_year, n)


async def add(
    rt: Runtime, tx: AsyncConnection, actor: Actor, parent: Unit, made: list[Unit]
) -> str:
    """Add nodes below one; returns the path of the first.

    Raises:
        InvalidInput: the tree does not take one of them.
        NotAllowed: the parent lies outside, or is out of use.
    """
    actor.require(places.EDIT, parent.path)
    if parent.archived_at is not None:
        raise NotAllowed
    paths = []
    for unit in made:
        path = unit.path if unit.path.rpartition("/")[2] else await _numbered(tx, unit)
        given = Unit(path, unit.parent, unit.kind, unit.name, unit.stage, unit.entry_year,
                     unit.number)  # fmt: skip
        await tree.add(tx, given, rt.clock.now())
        await audit.note(
            rt, tx, actor, "unit.added", f"unit:{path}", area=path,
            after={"kind": unit.kind, "name": unit.name},
        )  # fmt: skip
        paths.append(path)
    return paths[0]


async def _numbered(tx: AsyncConnection, unit: Unit) -> str:
    """Return a free path below the parent: the kind and a number."""
    kept = org.units.c.parent == unit.parent
    count = await tx.scalar(select(func.count()).select_from(org.units).where(kept)) or 0
    while True:
        count += 1
        path = tree.child_path(unit.parent, f"{unit.kind}-{count}")
        taken = select(func.count()).select_from(org.units).where(org.units.c.path == path)
        if not await tx.scalar(taken):
            return path


async def rename(rt: Runtime, tx: AsyncConnection, actor: Actor, unit: Unit, name: str) -> None:
    """Give a node another name; grades and classes are named by computation.

    Raises:
        InvalidInput: it is a grade or a class, or the name is missing.
    """
    actor.require(places.EDIT, unit.path)
    if unit.kind in tree.COHORTS:
        raise InvalidInput("unit.name_computed")
    await tree.rename(tx, unit.path, name)
    await audit.note(
        rt, tx, actor, "unit.renamed", f"unit:{unit.path}", area=unit.path,
        before={"name": unit.name}, after={"name": name},
    )  # fmt: skip


async def archive(
    rt: Runtime, tx: AsyncConnection, actor: Actor, unit: Unit, at: datetime | None
) -> None:
    """Put a node and all below it out of use, or (None) back into it.

    Raises:
        InvalidInput: the root, or below something that is out of use.
    """
    actor.require(places.EDIT, unit.path)
    if not unit.parent:
        raise InvalidInput("unit.root")
    if at is None and (await tree.get(tx, unit.parent)).archived_at is not None:
        raise InvalidInput("unit.parent_archived")
    await tree.archive(tx, unit.path, at)
    action = "unit.restored" if at is None else "unit.archived"
    await audit.note(rt, tx, actor, action, f"unit:{unit.path}", area=unit.path)
