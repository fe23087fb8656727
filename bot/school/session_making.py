"""A new session, for whoever plans one: its code, its secret, the four digits said aloud."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU, day
from bot.errors import InvalidInput
from bot.runtime import Runtime
from bot.school.session_tables import sessions

DRAFT, OPEN, CANCELLED = "draft", "open", "cancelled"
#: Tries to find digits nobody has that day: of 10,000 some are understood as something else.
_TRIES = 200
_CODE_BYTES, _SECRET_BYTES = 8, 32


async def make(
    rt: Runtime, tx: AsyncConnection, values: Mapping[str, Any], *, state: str = DRAFT
) -> int:
    """Add a session; `values` are its columns but those made here. Returns its number.

    Raises:
        InvalidInput: no digits are left on that day.
    """
    row = {
        **values,
        "code": secrets.token_hex(_CODE_BYTES),
        "secret": secrets.token_hex(_SECRET_BYTES),
        "spoken": await digits(rt, tx, values["starts_at"]),
        "state": state,
        "revision": 1,
        "made_at": rt.clock.now(),
        "reminded": "",
    }
    made = await tx.execute(insert(sessions).values(row).returning(sessions.c.id))
    return int(made.scalar_one())


async def digits(rt: Runtime, tx: AsyncConnection, starts_at: datetime, *, but: int = 0) -> str:
    """Return four digits that no session of that day has, and that are understood as a code.

    `but` is the number of a session whose own digits do not count.

    Raises:
        InvalidInput: none were found (`session.no_digits`).
    """
    begins = datetime.combine(day(starts_at), time(), GUANGZHOU)
    rows = await tx.scalars(
        select(sessions.c.spoken).where(
            sessions.c.starts_at >= begins, sessions.c.starts_at < begins + timedelta(days=1),
            sessions.c.id != but,
        )
    )  # fmt: skip
    taken = set(rows.all())
    for _ in range(_TRIES):
        found = f"{secrets.randbelow(10_000):04d}"
        if found not in taken and _is_a_code(rt, found):
            return found
    raise InvalidInput("session.no_digits")


def _is_a_code(rt: Runtime, text: str) -> bool:
    understood = rt.understand(text)
    return understood.intent == "check_in" and understood.slots.get("code") == text
