"""Rows in hand while a tag is given or taken away, and how they are written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, update

from bot.db import bulk
from bot.delivery import gate, means
from bot.delivery.ledger_tables import deliveries
from bot.delivery.states import Meter, State
from bot.wechat import errors

NOT_OURS = 49003


_KEPT = frozenset((gate.TIRED, means.MONTH_USED, "quota"))


_set = (
    update(deliveries)
    .where(
        deliveries.c.broadcast == bindparam("b"),
        deliveries.c.n == bindparam("row"),
        deliveries.c.state == bindparam("from"),
    )
    .values(
        state=bindparam("to"), reason=bindparam("why"), tries=bindparam("nth"),
        done_at=bindparam("at"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row in hand. `reason`: why it must lose the tag; empty: it is to get it."""

    n: int
    openid: str = field(repr=False)
    state: State
    tries: int = 0
    reason: str = ""

    @property
    def is_clean(self) -> bool:
        """Say whether it surely has no tag."""
        return self.state is State.PLANNED

    @property
    def meter(self) -> Meter:
        """Return what a call for it counts as."""
        return Meter.UNTAG if self.reason else Meter.TAG


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a row's call."""

    row: Row
    error: errors.WeChatError | None = None


def write(
    tx: Connection, broadcast: int, rows: Sequence[tuple[Row, State, str]], now: datetime
) -> None:
    """Bring rows to a state with a reason, as far as they still are where they were read."""
    if rows:
        bulk.execute(tx, _set, [_values(broadcast, *one, now) for one in rows])


def _values(broadcast: int, row: Row, to: State, why: str, now: datetime) -> dict[str, Any]:
    is_over = to not in (State.PLANNED, State.CLAIMED, State.TAGGED)
    return {
        "b": broadcast, "row": row.n, "from": row.state.value, "to": to.value, "why": why,
        "nth": row.tries, "at": now if is_over else None,
    }  # fmt: skip


def end_of(reason: str) -> tuple[State, str]:
    """Return what a reason makes of a row that surely has no tag."""
    if reason in _KEPT:
        return State.KEPT, reason
    return (State.REFUSED if reason.startswith("wechat.") else State.OPTED_OUT), reason


def is_off(one: Came) -> bool:
    """Say whether a row that was to lose the tag surely does not have it."""
    return bool(one.row.reason) and (one.error is None or code_of(one) == NOT_OURS)


def code_of(one: Came) -> int | None:
    """Return the errcode of a row's call, None where there is none."""
    return one.error.code if one.error is not None else None
