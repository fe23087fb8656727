"""What is kept about one parent's windows and acceptances: read for them, and deleted."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.report_tables import reports
from bot.dialogue.turn import Turn
from bot.people.acceptances import acceptances
from bot.people.families import Person
from bot.people.kept import Kept, kept
from bot.people.reach import reach
from bot.runtime import Runtime

_OWN = "reach"
_drop = [
    delete(table).where(
        table.c.openid == bindparam("parent"), table.c.account == bindparam("owner")
    )
    for table in (reach, acceptances, reports)
]


def erased(turn: Turn) -> None:
    """Note the deletion of a parent's window, acceptances and reports."""
    mine = {"parent": turn.message.openid, "owner": turn.message.account}
    for gone in _drop:
        turn.write(gone, mine)


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return when this parent last wrote, what the window allows, and what was accepted."""
    del rt
    r, a, told = reach.c, acceptances.c, reports.c
    window = await tx.execute(
        select(r.last_at, r.window_until, r.window_left).where(
            r.account == person[0], r.openid == person[1]
        )
    )
    accepted = await tx.execute(
        select(a.changed_at, a.template_id, a.left, a.refused_at)
        .where(a.account == person[0], a.openid == person[1])
        .order_by(a.changed_at)
    )
    waiting = await tx.execute(
        select(told.at, told.status)
        .where(told.account == person[0], told.openid == person[1])
        .order_by(told.id)
    )
    return (
        kept(_OWN, "window", map(tuple, window)),
        kept(_OWN, "acceptances", map(tuple, accepted)),
        kept(_OWN, "reports", map(tuple, waiting)),
    )
