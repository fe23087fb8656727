"""The shelf: what is offered today, and single versions, from memory; the database is asked which.

A look at the shelf costs one small read; a version's text is read once a process.
"""

from __future__ import annotations

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.runtime import Runtime
from bot.school import courses
from bot.school.course_tables import course_versions
from bot.school.course_tables import courses as rows
from knowledge.courses import Course

_OFFERED = (
    select(rows.c.id, rows.c.version)
    .where(rows.c.version > 0, rows.c.retired_at.is_(None))
    .order_by(rows.c.id)
)


async def offered(rt: Runtime, tx: AsyncConnection) -> list[Course]:
    """Return the courses that may be begun today, by id."""
    wanted = [(row.id, row.version) for row in await tx.execute(_OFFERED)]
    found = await many(rt, tx, wanted)
    return [found[key] for key in wanted]


async def one(rt: Runtime, tx: AsyncConnection, course: str, number: int) -> Course:
    """Return one version of a course.

    Raises:
        NotFound: there is none.
    """
    held = courses.remembered(rt, course, number)
    if held is not None:
        return held
    row = (await tx.execute(courses.content(course, number))).first()
    if row is None:
        raise NotFound
    return courses.opened(rt, row)


async def many(
    rt: Runtime, tx: AsyncConnection, wanted: list[tuple[str, int]]
) -> dict[tuple[str, int], Course]:
    """Return versions by course and number; what is not in memory is read at once."""
    found = {key: held for key in wanted if (held := courses.remembered(rt, *key)) is not None}
    missing = [key for key in wanted if key not in found]
    if missing:
        v = course_versions.c
        read = select(v.course, v.number, v.content)
        for row in await tx.execute(read.where(tuple_(v.course, v.number).in_(missing))):
            found[row.course, row.number] = courses.opened(rt, row)
    return found
