"""Legal holds: what may not be deleted while they stand, as conditions for those who delete.

A hold keeps one ticket with its lines, and the one message in the inbox that raised it. It stands
until its day, or until somebody who may lifts it; what was to be deleted meanwhile goes then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, exists, func, select, update

from bot.db.base import Instant
from bot.people.families import holds

#: `now`: a value, or a parameter of the statement.
Now = datetime | ColumnElement[Any]


def stands(now: Now) -> ColumnElement[bool]:
    """Return the condition that a row of `legal_hold` stands."""
    return holds.c.lifted_at.is_(None) & (holds.c.until > now)


def held_tickets(now: Now) -> Select[Any]:
    """Return the codes of the tickets that may not be deleted."""
    return select(holds.c.ticket).where(stands(now))


def is_held_message(table: FromClause, now: Now) -> ColumnElement[bool]:
    """Return the condition that a row of the inbox is kept by a hold."""
    return exists().where(
        holds.c.account == table.c.account,
        holds.c.openid == table.c.openid,
        holds.c.message == table.c.msg_key,
        stands(now),
    )


def of(account: str, openid: str, now: datetime) -> Select[Any, Any]:
    """Return how many holds stand for a parent, and until when the last one does."""
    return select(func.count().label("standing"), func.max(holds.c.until).label("until")).where(
        holds.c.account == account, holds.c.openid == openid, stands(now)
    )


#: Note that the parent wishes the deletion (`a`, `o`, `erase_now`): it is done when the hold ends.
wish_erasure = (
    update(holds)
    .where(
        holds.c.account == bindparam("a"),
        holds.c.openid == bindparam("o"),
        stands(bindparam("erase_now", type_=Instant())),
    )
    .values(
        erase_asked_at=func.coalesce(
            holds.c.erase_asked_at, bindparam("erase_now", type_=Instant())
        )
    )
    .execution_options(last=True)
)
