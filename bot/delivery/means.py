"""What reaches each parent of a page: windows, acceptances, mass sends this month; a query each.

Read when a plan is made, and again in the transaction that claims: a window may have closed since,
or another broadcast may have used what was left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, func, literal_column, select

from bot.clock import GUANGZHOU, day
from bot.delivery import days
from bot.delivery.ledger_tables import deliveries
from bot.delivery.order import Order
from bot.delivery.states import Channel, State
from bot.people.acceptances import acceptances
from bot.people.reach import reach

#: Reasons, keys of reasons.yaml.
NEVER_WROTE, WINDOW_OVER, WINDOW_USED = "window_none", "window_over", "window_used"
NOT_ACCEPTED, NOTICE_USED, NOTICE_OFF = "notice_none", "notice_used", "notice_off"
MONTH_USED = "mass_month"
_LEFT = [State.SENT.value, State.QUEUED.value, State.CLAIMED.value]


@dataclass(frozen=True, slots=True)
class Means:
    """What was read of a page of parents, by openid; who is not in it has nothing."""

    windows: Mapping[str, Any] = field(default_factory=dict)
    notices: Mapping[str, Any] = field(default_factory=dict)
    massed: Mapping[str, int] = field(default_factory=dict)

    def fails(self, channel: Channel, openid: str, at: datetime) -> str:
        """Return why a channel will not reach a parent at an instant; empty: it will."""
        if channel is Channel.CUSTOM:
            return _window(self.windows.get(openid), at)
        if channel is Channel.NOTICE:
            return _notice(self.notices.get(openid))
        if channel is Channel.MASS:
            most = int(days.limits()["mass_a_month"])
            return MONTH_USED if self.massed.get(openid, 0) >= most else ""
        return ""


def read(
    tx: Connection,
    order: Order,
    channels: Collection[Channel],
    openids: Collection[str],
    at: datetime,
) -> Means:
    """Return what reaches these parents on these channels."""
    if not openids:
        return Means()
    return Means(
        _windows(tx, order.account, openids) if Channel.CUSTOM in channels else {},
        _notices(tx, order, openids) if Channel.NOTICE in channels else {},
        _massed(tx, order, openids, at) if Channel.MASS in channels else {},
    )


def template_of(order: Order) -> str:
    """Return the template of an order's notice; both texts of a split use one."""
    return str((order.texts[0].notice or {}).get("template_id", ""))


def _windows(tx: Connection, account: str, openids: Collection[str]) -> Mapping[str, Any]:
    r = reach.c
    rows = tx.execute(
        select(r.openid, r.window_until, r.window_left).where(
            r.account == account, r.openid.in_(openids)
        )
    )
    return {row.openid: row for row in rows}


def _notices(tx: Connection, order: Order, openids: Collection[str]) -> Mapping[str, Any]:
    a = acceptances.c
    rows = tx.execute(
        select(a.openid, a.left, a.is_long, a.refused_at).where(
            a.account == order.account,
            a.openid.in_(openids),
            a.template_id == template_of(order),
        )
    )
    return {row.openid: row for row in rows}


def _massed(
    tx: Connection, order: Order, openids: Collection[str], at: datetime
) -> Mapping[str, int]:
    """Return how many mass sends each parent had this month of Beijing, by other broadcasts."""
    d = deliveries.c
    rows = tx.execute(
        select(d.openid, func.count().label("count"))
        .where(
            d.openid.in_(openids),
            d.openid != literal_column("''"),  # as the index has it
            d.channel == Channel.MASS.value,
            d.state.in_(_LEFT),
            d.claimed_at >= _month(at),
            d.broadcast != order.id,
        )
        .group_by(d.openid)
    )
    return {row.openid: int(row._mapping["count"]) for row in rows}  # noqa: SLF001 - public name


def _month(at: datetime) -> datetime:
    return datetime.combine(day(at).replace(day=1), time(), GUANGZHOU)


def _window(row: Any, at: datetime) -> str:
    if row is None:
        return NEVER_WROTE
    if row.window_until is None or row.window_until <= at:
        return WINDOW_OVER
    return "" if row.window_left > 0 else WINDOW_USED


def _notice(row: Any) -> str:
    if row is None:
        return NOT_ACCEPTED
    if row.left > 0:
        return ""
    return NOTICE_OFF if row.refused_at is not None else NOTICE_USED
