"""What the ledger knows of parents, for audiences: whom it reached, who opened a link."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from bot.delivery.ledger_tables import broadcasts, deliveries
from bot.delivery.states import State

#: A correction goes to everybody who has, or may still get, the message.
_REACHED = (State.SENT, State.QUEUED, State.KEPT, State.HELD)


def received(value: str) -> Select[Any]:
    """Return account and openid of everybody a broadcast reached, or may have reached."""
    return _of(value, deliveries.c.state.in_(_REACHED))


def clicked(value: str) -> Select[Any]:
    """Return account and openid of everybody who opened a broadcast's link."""
    return _of(value, deliveries.c.clicked_at.is_not(None))


def _of(value: str, wanted: ColumnElement[bool]) -> Select[Any]:
    number = int(value) if value.isascii() and value.isdigit() else 0
    mine = broadcasts.c.id == deliveries.c.broadcast
    return (
        select(broadcasts.c.account, deliveries.c.openid)
        .join_from(deliveries, broadcasts, mine)
        .where(deliveries.c.broadcast == number, deliveries.c.openid != "", wanted)
    )


AUDIENCES = {"received": received, "clicked": clicked}
