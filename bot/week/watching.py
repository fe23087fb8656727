"""A replay as a lesson: who says that it was watched has it in the learning record, once.

Whether a video that another platform shows was watched to its end cannot be seen from here; the
parent says so, and the record is shown to nobody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidInput
from bot.people.families import Person
from bot.runtime import Runtime
from bot.school import record
from bot.school.record import Kind, Learned
from bot.week import talks

_WAY = "h5"


def is_lesson(talk: Row[Any], now: datetime) -> bool:
    """Say whether a talk is over, can be seen again, and counts."""
    is_over = bool(talk.starts_at + talks.LASTS <= now)
    return is_over and talk.state == talks.OPEN and bool(talk.replay_url) and talk.minutes > 0


async def is_noted(tx: AsyncConnection, talk: Row[Any], person: Person) -> bool:
    """Say whether a parent has this talk in the record."""
    return await tx.scalar(record.has(person, Kind.LIVE, _about(talk))) is not None


async def note(rt: Runtime, tx: AsyncConnection, talk: Row[Any], person: Person) -> None:
    """Note that a parent watched a replay; a second time changes nothing.

    Raises:
        InvalidInput: it is no lesson, or not yet.
    """
    now = rt.clock.now()
    if not is_lesson(talk, now):
        raise InvalidInput("the replay of this talk does not count")
    learned = Learned(
        Kind.LIVE, _about(talk), _about(talk), talk.title, talk.minutes, _WAY, now, talk.area
    )
    await tx.execute(*record.note(person, learned, is_sqlite=rt.db.is_sqlite))


def _about(talk: Row[Any]) -> str:
    return f"live:{talk.id}"
