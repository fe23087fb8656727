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
    insert,
    literal_column,
    null,
    select,
    update,
)

from bot.db.base import Instant
from bot.delivery.ledger_tables import broadcasts, deliveries, people
from bot.delivery.states import Channel, State
from bot.delivery.tag_tables import send_tags, send_untags
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


# who may have the tag of a send that has not left must lose it first; `last`, and before `_forget`
_ours = select(broadcasts.c.id).where(broadcasts.c.account == bindparam("owner"))
_by_tag = select(send_tags.c.broadcast).where(send_tags.c.gone_at.is_(None))
_waiting: list[ColumnElement[str]] = [
    literal_column(f"'{one}'") for one in (State.PLANNED, State.CLAIMED, State.TAGGED)
]
_untag = (
    insert(send_untags)
    .from_select(
        ("broadcast", "n", "openid"),
        select(_d.broadcast, _d.n, _d.openid).where(
            _d.openid == bindparam("parent"),
            _d.broadcast.in_(_ours),
            _d.broadcast.in_(_by_tag),
            _d.channel == literal_column(f"'{Channel.MASS}'"),
            _d.state.in_(_waiting),
            _d.claimed_at.is_(None),
        ),
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
    write(_untag, {"parent": person[1], "owner": person[0]})
    write(_forget, {"parent": person[1], "owner": person[0], "gone_at": now})
    write(_leave, {"parent": person[1], "owner": person[0]})
