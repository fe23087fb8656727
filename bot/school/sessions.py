"""Sessions made by a plan: rows as `bot/sessions` would have made them, with fresh secrets."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU, day
from bot.school.session_tables import sessions

DRAFT, OPEN = "draft", "open"
#: Minutes before the start that sign-in opens, and after it that one is still in time.
EARLY, LATE = 30, 15
_CODE_BYTES, _SECRET_BYTES = 9, 32
_SPOKEN = 10_000


@dataclass(frozen=True, slots=True)
class Made:
    """A session to be made. Without a place it is a draft; `capacity` 0: no limit."""

    area: str
    title: str
    starts_at: datetime
    minutes: int
    place: str
    programme: str
    kind: str = "onsite"
    text: str = ""
    course: str = ""
    lesson: str = ""
    capacity: int = 0
    plan: int | None = None


async def add(tx: AsyncConnection, made: Made, *, by: int | None, now: datetime) -> int:
    """Insert a session; returns its number. Its code, secret and spoken digits are new."""
    values = {name: getattr(made, name) for name in Made.__slots__}
    row = values | {
        "code": secrets.token_urlsafe(_CODE_BYTES),
        "secret": secrets.token_hex(_SECRET_BYTES),
        "spoken": await spoken(tx, made.starts_at),
        "ends_at": made.starts_at + timedelta(minutes=made.minutes),
        "early": EARLY, "late": LATE, "state": OPEN if made.place else DRAFT, "revision": 1,
        "made_by": by, "made_at": now,
    }  # fmt: skip
    done = await tx.execute(insert(sessions).values(row).returning(sessions.c.id))
    return int(done.scalar_one())


async def spoken(tx: AsyncConnection, starts_at: datetime) -> str:
    """Return four digits that no other session of that day has."""
    begins = datetime.combine(day(starts_at), time(), GUANGZHOU).astimezone(UTC)
    of_day = sessions.c.starts_at.between(begins, begins + timedelta(days=1))
    taken = set((await tx.scalars(select(sessions.c.spoken).where(of_day))).all())
    while (digits := f"{secrets.randbelow(_SPOKEN):04}") in taken:
        pass
    return digits
