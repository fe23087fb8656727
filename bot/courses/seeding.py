"""Programmes, courses and the provisional outline of the files, brought in; safe to repeat.

What the console changed since the files were last read is never overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.courses import mapping, store, syllabus
from bot.courses.access import CITY
from bot.courses.states import State
from bot.runtime import Runtime
from bot.school import courses as reading
from bot.school.course_tables import course_versions, courses, points, programmes
from knowledge import courses as files
from knowledge.courses import Course
from knowledge.entry import Status


@dataclass(slots=True)
class Seeded:
    """What was done: ids of courses, and how many points were mapped to how many lessons."""

    added: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    #: Changed in the files, but the console changed or made the course: left as they are.
    left: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    unpublished: list[str] = field(default_factory=list)


async def seed(rt: Runtime, tx: AsyncConnection, folder: Path = files.COURSES) -> Seeded:
    """Bring in everything of the files.

    Raises:
        CoursesBroken: the courses have faults; nothing is brought in.
    """
    found = files.load(folder)
    await _programmes(tx)
    seeded = Seeded()
    for course in found:
        if course.status == Status.PUBLISHED:
            await _course(rt, tx, course, seeded)
        else:
            seeded.unpublished.append(course.id)
    await _outline(tx)
    await mapping.renew(tx)
    return seeded


async def _programmes(tx: AsyncConnection) -> None:
    """Add programmes that are not there; those that are may have been renamed since."""
    path = Path(__file__).with_name("programmes.yaml")
    given: Sequence[dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {row.id for row in await tx.execute(select(programmes.c.id))}
    rows = [
        {**one, "place": place, "is_open": True}
        for place, one in enumerate(given)
        if one["id"] not in known
    ]
    if rows:
        await tx.execute(insert(programmes), rows)


async def _course(rt: Runtime, tx: AsyncConnection, course: Course, seeded: Seeded) -> None:
    row = (await tx.execute(select(courses).where(courses.c.id == course.id))).first()
    versions = await store.versions(tx, course.id) if row else []
    from_files = [v for v in versions if v.made_by is None]
    if row is None:
        await _begin(rt, tx, course)
        seeded.added.append(course.id)
    elif from_files and from_files[0].content == course:
        seeded.same.append(course.id)
    elif row.retired_at or any(v.made_by is not None for v in _since(versions)):
        seeded.left.append(course.id)
    else:
        await _publish(rt, tx, course, versions[0].number + 1)
        seeded.renewed.append(course.id)


def _since(versions: Sequence[Any]) -> list[Any]:
    """Return the versions that are newer than the last one of the files, newest first."""
    numbers = [v.number for v in versions if v.made_by is None]
    return [v for v in versions if not numbers or v.number > numbers[0]]


async def _begin(rt: Runtime, tx: AsyncConnection, course: Course) -> None:
    await tx.execute(
        insert(courses).values(
            id=course.id, title=course.title, area=CITY, version=0, created_at=rt.clock.now()
        )
    )
    await _publish(rt, tx, course, 1)


async def _publish(rt: Runtime, tx: AsyncConnection, course: Course, number: int) -> None:
    now = rt.clock.now()
    await tx.execute(
        insert(course_versions).values(
            course=course.id, number=number, state=State.PUBLISHED, content=reading.dumps(course),
            made_at=now, decided_at=now,
        )
    )  # fmt: skip
    named = update(courses).where(courses.c.id == course.id)
    await tx.execute(named.values(version=number, title=course.title))


async def _outline(tx: AsyncConnection) -> None:
    """Keep the provisional outline, unless it is there as it is in the file."""
    name, given = syllabus.seed()
    rows = await tx.execute(select(points).where(points.c.outline == name).order_by(points.c.place))
    if tuple(map(mapping.of, rows)) != given:
        await syllabus.keep(tx, name, given)
