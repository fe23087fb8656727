"""A parent leaves or has everything deleted: sign-ups, passes, and that they were there.

How many were in a room stays, as a count of nobody's.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, literal_column, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Turn
from bot.people.families import Person
from bot.people.kept import Kept, kept, word
from bot.runtime import Runtime
from bot.school.session_tables import check_ins, sessions, signups
from bot.sessions.tables import makeups, passes

_OWN = "sessions"
_C, _S = check_ins.c, signups.c
_forget = tuple(
    delete(table).where(
        table.c.account == bindparam("owner"), table.c.openid == bindparam("parent")
    )
    for table in (signups, check_ins, passes)
)
_count = insert(makeups).from_select(
    ["session", "count", "reason", "by_staff", "at"],
    select(_C.session, literal_column("1"), literal_column("''"), null(), _C.at).where(
        _C.account == bindparam("owner"), _C.openid == bindparam("parent")
    ),
)


def erase(turn: Turn) -> None:
    """Note the deletion of everything the sessions keep of this parent; deletions run last."""
    mine = {"owner": turn.message.account, "parent": turn.message.openid}
    turn.write(_count, mine)
    for statement in _forget:
        turn.write(statement, mine)


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return this parent's sign-ups and check-ins."""
    del rt
    booked = await tx.execute(
        select(_S.at, sessions.c.title, sessions.c.starts_at, _S.state)
        .join(sessions, sessions.c.id == _S.session)
        .where(_S.account == person[0], _S.openid == person[1])
        .order_by(_S.at)
    )
    there = await tx.execute(
        select(_C.at, sessions.c.title, sessions.c.place, _C.way, _C.is_late, _C.reason)
        .join(sessions, sessions.c.id == _C.session)
        .where(_C.account == person[0], _C.openid == person[1])
        .order_by(_C.at)
    )
    return (
        kept(
            _OWN,
            "signups",
            ((r.at, r.title, r.starts_at, word(_OWN, "state", r.state)) for r in booked),
        ),
        kept(
            _OWN,
            "check_ins",
            (
                (r.at, r.title, r.place, word(_OWN, "way", r.way),
                 word(_OWN, "late", str(r.is_late)), r.reason)
                for r in there
            ),
        ),
    )  # fmt: skip
