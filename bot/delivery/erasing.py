"""A parent leaves or has everything deleted: the ledger's rows stay to be counted, of nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    null,
    select,
    update,
)

from bot.db.base import Instant
from bot.delivery.ledger_tables import broadcasts, deliveries, people
from bot.delivery.states import State
from bot.people.families import Person

#: Notes a row to be written with the turn (`Turn.write`).
Write = Callable[[Executable, Mapping[str, Any]], None]
#: Reason of a row that had not left when its parent went.
ERASED = "erased"

_d = deliveries.c
_nothing: ColumnElement[str] = literal_column("''")
# constants are written out: a turn's statements bind nothing but the values of their rows
_fresh = (_d.state == literal_column(f"'{State.PLANNED}'")) & _d.claimed_at.is_(None)
_kept = _d.state == literal_column(f"'{State.KEPT}'")
_gone = bindparam("gone_at", type_=Instant())
# What may have left already keeps its state: its outcome is still to be told. `last`: rows of the
# same batch go as well
_forget = (
    update(deliveries)
    .where(
        _d.openid == bindparam("parent"),
        _d.broadcast.in_(select(broadcasts.c.id).where(broadcasts.c.account == bindparam("owner"))),
    )
    .values(
        openid=_nothing,
        state=case((_fresh, literal_column(f"'{State.OPTED_OUT}'")), else_=_d.state),
        reason=case((_fresh | _kept, literal_column(f"'{ERASED}'")), else_=_d.reason),
        done_at=case((_fresh, _gone), else_=_d.done_at),
        read_at=null(),
        clicked_at=case((_d.clicked_at.is_(None), null()), else_=func.coalesce(_d.done_at, _gone)),
    )
    .execution_options(last=True)
)


# of an audience that is being frozen
_leave = delete(people).where(
    people.c.openid == bindparam("parent"),
    people.c.broadcast.in_(
        select(broadcasts.c.id).where(broadcasts.c.account == bindparam("owner"))
    ),
)


def forget(write: Write, person: Person, now: datetime) -> None:
    """Note the deletion of a parent's openid in the ledger; open rows become opted out."""
    write(_forget, {"parent": person[1], "owner": person[0], "gone_at": now})
    write(_leave, {"parent": person[1], "owner": person[0]})
