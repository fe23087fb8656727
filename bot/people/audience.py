"""Who is in an audience: the rows, how many, and how many are left alone.

Only parents who follow and have agreed to the service (a row in `guardian`) are ever in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import day
from bot.people import quiet
from bot.people.audience_json import NotAnAudience, dumps, from_json, loads
from bot.people.audience_rows import Features, Terms, holds, nearby
from bot.people.audience_shape import Audience, Behaviour
from bot.people.consents import Kind
from bot.people.families import consents, guardians
from bot.people.followers import followers

__all__ = [
    "Audience", "Behaviour", "Exclusions", "Features", "NotAnAudience", "count", "dumps",
    "exclusions", "from_json", "in_one_pass", "is_off", "loads", "page", "parents", "willing",
]  # fmt: skip

#: Steps of the city's path.
_CITY_STEPS = 1


@dataclass(frozen=True, slots=True)
class Exclusions:
    """`total` parents are in the audience; some want no messages, some are left alone for now.

    A parent counts once: who wants no messages is not counted as quiet as well.
    """

    total: int
    opted_out: int
    quiet: int

    @property
    def left(self) -> int:
        """Return how many may be written to."""
        return self.total - self.opted_out - self.quiet


def parents(audience: Audience, account: str, today: date, features: Features) -> Select[Any]:
    """Return account and openid of everybody in an audience, each once, in no order.

    To be read by `page`; all at once `in_one_pass` is faster.

    Opt-outs and quiet are not taken off: the ledger keeps such parents with their reason, and the
    gate refuses them at the moment of sending. `willing` takes them off.

    Raises:
        NotAnAudience: a feature's audience is asked for that no feature brings.
    """
    terms = Terms(today, features, paged=True)
    return _parents(audience, account, terms, nearby(audience, account))


def page(rows: Select[Any], after: str, size: int) -> Select[Any]:
    """Return so many rows of `parents` or `willing` behind an openid, in the order of openids.

    Both tables are told where to begin: PostgreSQL would read one of them from its start. Where few
    of many are meant it may still sort all that follow; whoever wants everybody, as the ledger does
    when it freezes an audience, streams `in_one_pass`.
    """
    behind = (guardians.c.openid > after, followers.c.openid > after)
    return rows.where(*behind).order_by(guardians.c.openid).limit(size)


def in_one_pass(audience: Audience, account: str, today: date, features: Features) -> Select[Any]:
    """Return the rows of `parents` as they are read fastest all at once, not page by page."""
    few = nearby(audience, account, below=_CITY_STEPS)
    return _parents(audience, account, Terms(today, features), few)


def _parents(
    audience: Audience, account: str, terms: Terms, few: ColumnElement[bool] | None
) -> Select[Any]:
    mine = (followers.c.account == guardians.c.account) & (followers.c.openid == guardians.c.openid)
    wanted = (
        select(guardians.c.account, guardians.c.openid)
        .join_from(guardians, followers, mine)
        .where(guardians.c.account == account, followers.c.account == account)
        .where(followers.c.follows.is_(True), holds(audience, terms))
    )
    return wanted if few is None else wanted.where(few)


def willing(
    audience: Audience, account: str, now: datetime, features: Features, kind: Kind | None = None
) -> Select[Any]:
    """Return the rows of `parents` that may be written to now, for this kind of message."""
    wanted = parents(audience, account, day(now), features)
    return wanted.where(~is_off(kind), quiet.is_awake(now))


def is_off(kind: Kind | None) -> ColumnElement[bool]:
    """Return the condition that a parent wants no messages: none at all, or none of this kind.

    What was never agreed to is off: the last row of `consent` counts.
    """
    off = followers.c.reminders_off_at.is_not(None)
    if kind is None:
        return off
    given = (
        select(consents.c.is_given)
        .where(consents.c.account == guardians.c.account, consents.c.kind == kind.value)
        .where(consents.c.openid == guardians.c.openid)
        .order_by(consents.c.id.desc())
        .limit(1)
        .correlate(guardians)
        .scalar_subquery()
    )
    return off | func.coalesce(given, False).is_(False)


async def count(
    tx: AsyncConnection, audience: Audience, account: str, today: date, features: Features
) -> int:
    """Return how many parents are in an audience."""
    found = in_one_pass(audience, account, today, features).subquery()
    return await tx.scalar(select(func.count()).select_from(found)) or 0


async def exclusions(
    tx: AsyncConnection,
    audience: Audience,
    account: str,
    now: datetime,
    features: Features,
    kind: Kind | None = None,
) -> Exclusions:
    """Return how many are in an audience, and how many of them are left alone; one pass."""
    off, awake = is_off(kind), quiet.is_awake(now)
    whole = in_one_pass(audience, account, day(now), features).with_only_columns(
        func.count(), _sum(off), _sum(~off & ~awake)
    )
    total, opted_out, quiet_now = (await tx.execute(whole)).one()
    return Exclusions(total, opted_out, quiet_now)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition & true(), 1), else_=0)), 0)
