"""What reaches each parent of a page: windows, acceptances, mass sends this month; a query each.

Read when a plan is made, and again in the transaction that claims: a window may have closed since,
or another broadcast may have used what was left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, literal, literal_column, or_, select

from bot.clock import GUANGZHOU, day
from bot.db.among import among, among_named, listed
from bot.db.base import Instant
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
    """What was read of a page of parents: why a channel fails, by openid; empty: it does not."""

    windows: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)
    massed: Mapping[str, int] = field(default_factory=dict)

    def pattern(self, openid: str) -> tuple[str, str, int]:
        """Return what is the same for parents for whom the same channels fail."""
        window = self.windows.get(openid, NEVER_WROTE)
        return window, self.notices.get(openid, NOT_ACCEPTED), self.massed.get(openid, 0)

    def fails(self, channel: Channel, openid: str) -> str:
        """Return why a channel will not reach a parent; empty: it will."""
        if channel is Channel.CUSTOM:
            return self.windows.get(openid, NEVER_WROTE)
        if channel is Channel.NOTICE:
            return self.notices.get(openid, NOT_ACCEPTED)
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
    """Return what reaches these parents on these channels at an instant."""
    if not openids:
        return Means()
    return Means(
        _windows(tx, order.account, openids, at) if Channel.CUSTOM in channels else {},
        _notices(tx, order, openids) if Channel.NOTICE in channels else {},
        _massed(tx, order, openids, at) if Channel.MASS in channels else {},
    )


def template_of(order: Order) -> str:
    """Return the template of an order's notice; both texts of a split use one."""
    return str((order.texts[0].notice or {}).get("template_id", ""))


def _windows(
    tx: Connection, account: str, openids: Collection[str], at: datetime
) -> Mapping[str, str]:
    asked = {"account": account, "openids": listed(tx, openids), "at": at}
    rows = tx.execute(_why_no_window(is_sqlite=tx.dialect.name == "sqlite"), asked)
    return {openid: found for openid, found in rows.all()}  # noqa: C416 - of Rows


@cache
def _why_no_window(*, is_sqlite: bool) -> Any:
    r, at = reach.c, bindparam("at", type_=Instant())
    why = case(
        (or_(r.window_until.is_(None), r.window_until <= at), literal(WINDOW_OVER)),
        (r.window_left > 0, literal("")),
        else_=literal(WINDOW_USED),
    )
    theirs = among_named(r.openid, "openids", is_sqlite=is_sqlite)
    return select(r.openid, why).where(r.account == bindparam("account"), theirs)


def _notices(tx: Connection, order: Order, openids: Collection[str]) -> Mapping[str, str]:
    a = acceptances.c
    why = case(
        (a.left > 0, literal("")),
        (a.refused_at.is_(None), literal(NOTICE_USED)),
        else_=literal(NOTICE_OFF),
    )
    rows = tx.execute(
        select(a.openid, why).where(
            a.account == order.account,
            among(tx, a.openid, openids),
            a.template_id == template_of(order),
        )
    )
    return {openid: found for openid, found in rows.all()}  # noqa: C416 - of Rows


def _massed(
    tx: Connection, order: Order, openids: Collection[str], at: datetime
) -> Mapping[str, int]:
    """Return how many mass sends each parent had this month of Beijing, by other broadcasts."""
    d = deliveries.c
    rows = tx.execute(
        select(d.openid, func.count())
        .where(
            among(tx, d.openid, openids),
            d.openid != literal_column("''"),  # as the index has it
            d.channel == Channel.MASS.value,
            d.state.in_(_LEFT),
            d.claimed_at >= _month(at),
            d.broadcast != order.id,
        )
        .group_by(d.openid)
    )
    return {openid: found for openid, found in rows.all()}  # noqa: C416 - of Rows


def _month(at: datetime) -> datetime:
    return datetime.combine(day(at).replace(day=1), time(), GUANGZHOU)
