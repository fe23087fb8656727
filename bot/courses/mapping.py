"""Which lessons cover which points of an outline: by stage and topic, worked out anew each time.

Learning records name lessons, never points: a new outline changes none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.school import courses as reading
from bot.school.course_tables import point_lessons, points
from knowledge.courses import Course


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an outline; lessons about one of its topics, for its stage, cover it."""

    code: str
    stage: str
    title: str
    topics: tuple[str, ...]


def covers(course: Course, point: Point) -> Iterator[str]:
    """Yield the lessons of a course that cover a point.

    A course that names the point itself covers it with all its lessons, or with those about the
    point's topics where it has some.
    """
    about = [lesson.name for lesson in course.lessons if lesson.topic in point.topics]
    if point.code in course.points:
        yield from about or [lesson.name for lesson in course.lessons]
    elif point.stage in course.stages:
        yield from about


async def renew(tx: AsyncConnection, outline: str | None = None) -> int:
    """Map the points of one outline, or of all, to the lessons parents may begin today.

    Returns how many pairs there are.
    """
    wanted = (
        select(points) if outline is None else select(points).where(points.c.outline == outline)
    )
    rows = list(await tx.execute(wanted))
    offered = [reading.loads(row.content) for row in await tx.execute(reading.published())]
    pairs = list(_pairs(rows, offered))
    old = delete(point_lessons)
    await tx.execute(old if outline is None else old.where(point_lessons.c.outline == outline))
    if pairs:
        await tx.execute(insert(point_lessons), pairs)
    return len(pairs)


def _pairs(rows: Iterable[Any], offered: list[Course]) -> Iterator[dict[str, str]]:
    for row in rows:
        point = of(row)
        for course in offered:
            for lesson in covers(course, point):
                key = {"outline": row.outline, "code": row.code}
                yield key | {"course": course.id, "lesson": lesson}


def of(row: Any) -> Point:
    """Return the point of a row."""
    return Point(row.code, row.stage, row.title, tuple(filter(None, row.topics.split(","))))
