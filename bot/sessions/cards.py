"""The three-minute card of a session: the first card of its lesson, or its own text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.runtime import Runtime
from bot.school import courses
from bot.school.course_tables import course_versions
from knowledge import hotlines
from knowledge.courses import Card


def content(session: Row[Any]) -> Select[Any]:
    """Return the row of the published course a session's lesson belongs to."""
    return courses.published().where(course_versions.c.course == session.course)


def of(rt: Runtime, session: Row[Any], row: Any | None) -> Card:
    """Return the card; hotline numbers are filled in, and an unknown lesson is no fault."""
    lessons = courses.opened(rt, row).lessons if row is not None else ()
    found = next((one for one in lessons if one.name == session.lesson), None)
    card = found.cards[0] if found is not None and found.cards else None
    shown = card or Card(session.title, session.text)
    return Card(shown.title, hotlines.fill(shown.body))


async def read(rt: Runtime, tx: AsyncConnection, session: Row[Any]) -> Card:
    """Read the card of a session."""
    row = (await tx.execute(content(session))).first() if session.lesson else None
    return of(rt, session, row)
