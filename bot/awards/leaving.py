"""A parent leaves or has everything deleted: certificates are of nobody, or gone but a serial."""

from __future__ import annotations

import json

from sqlalchemy import bindparam, case, literal_column, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.awards import holding
from bot.db.base import Instant
from bot.dialogue.turn import Turn
from bot.people.families import Person
from bot.people.kept import Kept, kept, word
from bot.runtime import Runtime
from bot.school.certificate_tables import certificates

_OWN = "awards"
_c = certificates.c
# the serial and its signature stay, so that a code says that it is cancelled; what stands on the
# certificate stays only where the parent wished so
_let_go = (
    update(certificates)
    .where(_c.account == bindparam("owner"), _c.openid == bindparam("parent"))
    .values(
        account=null(),
        openid=null(),
        snapshot=case((_c.is_kept, _c.snapshot), else_=literal_column("''")),
        erased_at=bindparam("at", type_=Instant()),
    )
    .execution_options(last=True)
)


def erase(turn: Turn) -> None:
    """Note that the certificates of this parent are nobody's any more."""
    row = {"owner": turn.message.account, "parent": turn.message.openid, "at": turn.now}
    turn.write(_let_go, row)


async def export(rt: Runtime, tx: AsyncConnection, person: Person) -> tuple[Kept, ...]:
    """Return this parent's certificates."""
    del rt
    rows = await tx.execute(select(certificates).where(holding.mine(person)).order_by(_c.id))
    told = []
    for row in rows:
        content = json.loads(row.snapshot)
        state = word(_OWN, "state", "revoked" if row.revoked_at else "valid")
        after = word(_OWN, "after", "kept" if row.is_kept else "gone")
        told.append(
            (row.issued_at, content["title"], content["about"], content["hours"], row.serial,
             content["name"], state, row.reason if row.revoked_at else "", after)
        )  # fmt: skip
    return (kept(_OWN, "certificates", told),)
