"""The one gate: who may not be written to now, and why. Every sender passes it, twice.

Once when the plan is made and again in the transaction that claims, so a wish wins over everything
that has not left (RELIABILITY 2.3, I9). Answers to what a parent asks, and help in danger, do not
come through here: they are no sends of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal_column, or_, select

from bot.db.among import among, among_named, listed
from bot.db.base import Instant
from bot.delivery.ledger_tables import deliveries
from bot.delivery.states import Channel, State
from bot.people.families import consents
from bot.people.followers import followers

#: Reasons, keys of texts.
GONE, OFF, QUIET, TIRED = "not_following", "unsubscribed", "quiet", "fatigue"
_WEEK = timedelta(days=7)
#: Channels that make a phone ring; the page of messages does not.
_RINGING = [c.value for c in Channel if c is not Channel.PULL]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a broadcast must mind: the consent behind it, and how many pushes a week are enough."""

    account: str
    consent: str
    weekly: int


def refused(
    tx: Connection, rules: Rules, openids: Collection[str], now: datetime
) -> dict[str, str]:
    """Return the reason for each parent who may not be pushed to now; the others are left out."""
    free = _free(tx, rules, openids, now)
    bound = _followers(tx, rules.account, [one for one in openids if one not in free])
    willing = _willing(tx, rules, openids)
    tired = _tired(tx, rules, openids, now)
    found: dict[str, str] = {}
    for openid in openids:
        reason = "" if openid in free else _reason(bound.get(openid), now)
        reason = reason or ("" if openid in willing else OFF)
        if reason or openid in tired:
            found[openid] = reason or TIRED
    return found


def _reason(row: Any, now: datetime) -> str:
    if row is None or not row.follows:
        return GONE
    if row.reminders_off_at is not None:
        return OFF
    return QUIET if row.quiet_until is not None and row.quiet_until > now else ""


def _free(tx: Connection, rules: Rules, openids: Collection[str], now: datetime) -> frozenset[str]:
    """Return who follows, wants messages and is not left alone: nearly everybody."""
    asked = {"account": rules.account, "openids": listed(tx, openids), "now": now}
    return frozenset(tx.scalars(_is_free(is_sqlite=tx.dialect.name == "sqlite"), asked))


@cache
def _is_free(*, is_sqlite: bool) -> Any:
    f, now = followers.c, bindparam("now", type_=Instant())
    return select(f.openid).where(
        f.account == bindparam("account"),
        among_named(f.openid, "openids", is_sqlite=is_sqlite),
        f.follows.is_(True),
        f.reminders_off_at.is_(None),
        or_(f.quiet_until.is_(None), f.quiet_until <= now),
    )


def _followers(tx: Connection, account: str, openids: Collection[str]) -> Mapping[str, Any]:
    if not openids:
        return {}
    f = followers.c
    rows = tx.execute(
        select(f.openid, f.follows, f.reminders_off_at, f.quiet_until).where(
            f.account == account, among(tx, f.openid, openids)
        )
    )
    return {row.openid: row for row in rows}


def _willing(tx: Connection, rules: Rules, openids: Collection[str]) -> Collection[str]:
    """Return who agreed to this kind of message; what was never agreed to is off."""
    if not rules.consent:
        return openids
    asked = {
        "account": rules.account,
        "openids": listed(tx, openids),
        "consent": rules.consent,
    }
    rows = tx.execute(_said(is_sqlite=tx.dialect.name == "sqlite"), asked)
    last = {openid: is_given for openid, is_given in rows.all()}  # noqa: C416 - of Rows
    return frozenset(openid for openid, is_given in last.items() if is_given)


@cache
def _said(*, is_sqlite: bool) -> Any:
    c = consents.c
    mine = (c.account == bindparam("account"), c.kind == bindparam("consent"))
    theirs = among_named(c.openid, "openids", is_sqlite=is_sqlite)
    return select(c.openid, c.is_given).where(*mine, theirs).order_by(c.id)


def _tired(tx: Connection, rules: Rules, openids: Collection[str], now: datetime) -> frozenset[str]:
    """Return who has had enough this week; 0 sets no limit."""
    if not rules.weekly:
        return frozenset()
    asked = {"openids": listed(tx, openids), "since": now - _WEEK, "weekly": rules.weekly}
    return frozenset(tx.scalars(_had_enough(is_sqlite=tx.dialect.name == "sqlite"), asked))


@cache
def _had_enough(*, is_sqlite: bool) -> Any:
    d = deliveries.c
    return (
        select(d.openid)
        .where(
            among_named(d.openid, "openids", is_sqlite=is_sqlite),
            d.openid != literal_column("''"),  # as the index has it
            d.state.in_([State.SENT, State.QUEUED]),
            d.channel.in_(_RINGING),
            d.done_at > bindparam("since", type_=Instant()),
        )
        .group_by(d.openid)
        .having(func.count() >= bindparam("weekly"))
    )
