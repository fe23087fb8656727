"""The courses parents may begin today, kept in memory; read again when one was published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from bot.runtime import Runtime
from bot.school import courses as versions
from bot.school.course_tables import courses
from knowledge.courses import Course, load
from knowledge.entry import Status

#: Reads in the transaction at hand (`Turn.read`; `lambda q: tx.execute(q).all()`).
Read = Callable[[Select[Any]], Sequence[Any]]
_SHELF = "school.catalogue"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Published courses with their versions, as they stood at a revision."""

    revision: tuple[int, int, int]
    courses: Mapping[str, Course]
    numbers: Mapping[str, int]


def current(rt: Runtime, read: Read) -> Catalogue:
    """Return what parents may begin now: one short read, or two when something has changed.

    A version is never changed or published twice and a course never deleted, so the sums tell.
    """
    held: Catalogue | None = rt.shelf.get(_SHELF)
    told = read(
        select(
            func.count(),
            func.coalesce(func.sum(courses.c.version), 0),
            func.count(courses.c.retired_at),
        ).select_from(courses)
    )
    if not told:  # a trial reads nothing
        return held or Catalogue((0, 0, 0), {}, {})
    state = told[0]
    if held is None or held.revision != tuple(state):
        rows = read(versions.published())
        found = {row.course: versions.opened(rt, row) for row in rows}
        numbers = {row.course: row.number for row in rows}
        held = rt.shelf[_SHELF] = Catalogue((state[0], state[1], state[2]), found, numbers)
    return held


def from_files(rt: Runtime) -> None:
    """Take the published courses of the files as they are, where there is no database."""
    found = {one.id: one for one in load() if one.status == Status.PUBLISHED}
    rt.shelf[_SHELF] = Catalogue((0, 0, 0), found, dict.fromkeys(found, 1))


def version(rt: Runtime, read: Read, course: str, number: int) -> Course | None:
    """Return a version of a course, from memory where this process has read it before."""
    known = versions.remembered(rt, course, number)
    if known is not None:
        return known
    rows = read(versions.content(course, number))
    return versions.opened(rt, rows[0]) if rows else None
