"""The shelf as pages read it: what is offered today, and versions, from memory if read before."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.runtime import Runtime
from bot.school import catalogue, courses
from bot.school.course_tables import course_versions
from knowledge.courses import Course


async def offered(rt: Runtime, tx: AsyncConnection) -> list[Course]:
    """Return the courses that may be begun today, by id: one short read."""

    def read(connection: Connection) -> list[Course]:
        found = catalogue.current(rt, lambda wanted: connection.execute(wanted).all())
        return list(found.courses.values())

    return await tx.run_sync(read)


async def one(rt: Runtime, tx: AsyncConnection, course: str, number: int) -> Course:
    """Return one version of a course.

    Raises:
        NotFound: there is none.
    """
    found = await many(rt, tx, [(course, number)])
    if not found:
        raise NotFound
    return found[course, number]


async def many(
    rt: Runtime, tx: AsyncConnection, wanted: Collection[tuple[str, int]]
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
