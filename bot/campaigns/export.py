"""The ledger and the trial phone, read and deleted for the parent they are about."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns.tables import phones
from bot.delivery import erasing
from bot.delivery.ledger_tables import broadcasts, deliveries
from bot.delivery.order import of_row
from bot.dialogue.turn import Turn
from bot.people.families import Person
from bot.people.kept import Kept, kept, word
from bot.runtime import Runtime

_OWN = "campaigns"
_unlink = delete(phones).where(
    phones.c.openid == bindparam("parent"), phones.c.account == bindparam("owner")
)


def erased(turn: Turn) -> None:
    """Note the deletion of the parent's openid in the ledger and in the table of trial phones."""
    person = (turn.message.account, turn.message.openid)
    erasing.forget(turn.write, person, turn.now)
    turn.write(_unlink, {"parent": person[1], "owner": person[0]})


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return every message that was meant for this parent and what became of it."""
    del rt
    d = deliveries.c
    rows = await tx.execute(
        select(d.variant, d.state, d.channel, d.done_at, d.read_at, d.clicked_at, broadcasts)
        .join_from(deliveries, broadcasts, broadcasts.c.id == d.broadcast)
        .where(broadcasts.c.account == person[0], d.openid == person[1])
        .order_by(d.broadcast)
    )
    told = []
    for row in rows.mappings():
        said = of_row(row).texts[row["variant"]].pull
        state, channel = word(_OWN, "state", row["state"]), word(_OWN, "channel", row["channel"])
        when = row["done_at"] or row["ordered_at"]
        told.append(
            (when, said["title"], said.get("text", ""), channel, state, row["read_at"],
             row["clicked_at"])
        )  # fmt: skip
    mine = (phones.c.account == person[0], phones.c.openid == person[1])
    linked = await tx.execute(select(phones.c.linked_at).where(*mine))
    return (
        kept(_OWN, "broadcasts", told),
        kept(_OWN, "test_phones", [(r.linked_at,) for r in linked]),
    )
