"""Courses and their versions as the staff reads them, within what each may see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console.tables import audits
from bot.courses import access
from bot.courses.access import READ
from bot.courses.states import OPEN, State
from bot.errors import NotFound
from bot.people.actor import Actor
from bot.school import courses as reading
from bot.school.course_tables import course_versions, courses, programmes
from knowledge.courses import Course

_HISTORY = 30


@dataclass(frozen=True, slots=True)
class Version:
    """One version with what it says; `token` changes with its text."""

    course: str
    number: int
    state: State
    content: Course
    made_by: int | None
    made_at: Any
    decided_at: Any
    note: str
    authors: tuple[int, ...]
    token: str

    @classmethod
    def of(cls, row: Any) -> Version:
        """Return the version of a row."""
        return cls(
            row.course, row.number, State(row.state), reading.loads(row.content), row.made_by,
            row.made_at, row.decided_at, row.note, tuple(json.loads(row.authors)),
            token_of(row.content),
        )  # fmt: skip

    @property
    def is_open(self) -> bool:
        """Say whether it still changes."""
        return self.state in OPEN


def token_of(content: str) -> str:
    """Return what tells one text of a draft from another."""
    return hashlib.sha256(content.encode()).hexdigest()[:16]


async def listed(tx: AsyncConnection, actor: Actor) -> list[Any]:
    """Return the courses one may see, by title, each with the state of its open version."""
    v = course_versions.c
    is_open = select(v.course, v.number, v.state).where(v.state.in_(OPEN)).subquery()
    query = (
        select(courses, is_open.c.number.label("draft"), is_open.c.state)
        .outerjoin(is_open, is_open.c.course == courses.c.id)
        .where(access.seen(actor, READ, courses.c.area))
        .order_by(courses.c.title, courses.c.id)
    )
    return list(await tx.execute(query))


async def contents(tx: AsyncConnection, rows: Sequence[Any]) -> dict[str, Course]:
    """Return what each course says: as published, or as drafted while nothing is."""
    wanted = {row.id: row.version or row.draft or 0 for row in rows}
    v = course_versions.c
    query = select(v.course, v.number, v.content).where(v.course.in_(wanted))
    found = await tx.execute(query.where(v.number.in_(set(wanted.values()))))
    return {r.course: reading.loads(r.content) for r in found if wanted[r.course] == r.number}


async def one(tx: AsyncConnection, actor: Actor, name: str, permission: str = READ) -> Any:
    """Return the row of a course.

    Raises:
        NotFound: there is none that the permission reaches.
    """
    query = select(courses).where(
        courses.c.id == name, access.seen(actor, permission, courses.c.area)
    )
    row = (await tx.execute(query)).first()
    if row is None:
        raise NotFound
    return row


async def version(tx: AsyncConnection, name: str, number: int) -> Version:
    """Return one version of a course that one may see.

    Raises:
        NotFound: there is none.
    """
    v = course_versions.c
    query = select(course_versions).where(v.course == name, v.number == number)
    row = (await tx.execute(query)).first()
    if row is None:
        raise NotFound
    return Version.of(row)


async def versions(tx: AsyncConnection, name: str) -> list[Version]:
    """Return every version of a course, newest first."""
    v = course_versions.c
    query = select(course_versions).where(v.course == name).order_by(v.number.desc())
    return [Version.of(row) for row in await tx.execute(query)]


async def opened(tx: AsyncConnection, name: str) -> Version | None:
    """Return the version of a course that still changes."""
    v = course_versions.c
    query = select(course_versions).where(v.course == name, v.state.in_(OPEN))
    row = (await tx.execute(query)).first()
    return Version.of(row) if row else None


async def next_number(tx: AsyncConnection, name: str) -> int:
    """Return the number that no version of a course has had."""
    v = course_versions.c
    return (await tx.scalar(select(func.max(v.number)).where(v.course == name)) or 0) + 1


async def history(tx: AsyncConnection, name: str) -> list[dict[str, Any]]:
    """Return what was done to a course, newest first."""
    a = audits.c
    query = select(audits).where(a.target == f"course:{name}").order_by(a.number.desc())
    rows = await tx.execute(query.limit(_HISTORY))
    return [
        {"action": r.action, "at": r.at, "login": r.login, **_told(json.loads(r.detail))}
        for r in rows
    ]


def _told(detail: dict[str, Any]) -> dict[str, Any]:
    return {"number": detail.get("number"), "why": detail.get("why", "")}


async def brands(tx: AsyncConnection) -> list[Any]:
    """Return the programmes in their order."""
    return list(await tx.execute(select(programmes).order_by(programmes.c.place)))
