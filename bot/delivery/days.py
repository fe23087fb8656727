"""What a day allows: quiet hours, the platform's daily limits, and a channel it has closed.

Days are those of Beijing, as the platform's counters are (WECHAT 4.3).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, bindparam, select, update

from bot.clock import GUANGZHOU, day
from bot.db.upsert import upsert
from bot.delivery.ledger_tables import channel_days
from bot.delivery.states import Channel, Meter

_c = channel_days.c
_used = select(_c.used, _c.closed_at).where(
    _c.account == bindparam("account"),
    _c.day == bindparam("day"),
    _c.channel == bindparam("channel"),
)


@cache
def limits() -> dict[str, Any]:
    """Read limits.yaml: what the platform allows an account; data, because it changes."""
    found: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("limits.yaml").read_text(encoding="utf-8")
    )
    return found


def is_closed(tx: Connection, account: str, channel: Channel | Meter, now: datetime) -> bool:
    """Say whether a channel takes no more today."""
    row = _row(tx, account, channel, now)
    return row is not None and (row.closed_at is not None or row.used >= _most(channel))


def left(
    tx: Connection, account: str, channel: Channel | Meter, begin: datetime, end: datetime
) -> int:
    """Return how many calls of a channel the days from an instant to another still allow."""
    row = _row(tx, account, channel, begin)
    today = 0 if row is not None and row.closed_at is not None else _most(channel)
    more = max(0, (day(end - timedelta(microseconds=1)) - day(begin)).days)
    return max(0, today - (row.used if row is not None and today else 0)) + more * _most(channel)


def take(tx: Connection, account: str, channel: Channel | Meter, wanted: int, now: datetime) -> int:
    """Count what is about to leave against the day's limit; returns how much of it may."""
    calls = min(wanted, 1) if channel is Channel.MASS else wanted
    row = _row(tx, account, channel, now)
    granted = min(calls, _most(channel) - (row.used if row else 0))
    if granted <= 0:
        return 0
    add = upsert(
        channel_days,
        ("account", "day", "channel"),
        ("used",),
        is_sqlite=tx.dialect.name == "sqlite",
        adds=True,
    )
    tx.execute(add, _key(account, channel, now) | {"used": granted})
    return wanted if channel is Channel.MASS else granted


def close(
    tx: Connection, account: str, channel: Channel | Meter, code: int | None, now: datetime
) -> None:
    """Note that the platform takes no more of a channel today."""
    key = _key(account, channel, now)
    is_sqlite = tx.dialect.name == "sqlite"
    put = upsert(channel_days, tuple(key), ("used",), is_sqlite=is_sqlite, adds=True)
    tx.execute(put, key | {"used": 0})
    c = channel_days.c
    mine = (c.account == account, c.day == key["day"], c.channel == channel.value)
    tx.execute(update(channel_days).where(*mine).values(closed_at=now, code=code))


def midnight(now: datetime) -> datetime:
    """Return the next midnight of Beijing, when the platform's counters turn."""
    there = now.astimezone(GUANGZHOU)
    return datetime.combine(there.date() + timedelta(days=1), time(), GUANGZHOU)


def _most(channel: Channel | Meter) -> int:
    return int(limits()["a_day"].get(channel.value, 1_000_000_000))


def _key(account: str, channel: Channel | Meter, now: datetime) -> dict[str, Any]:
    return {"account": account, "day": day(now), "channel": channel.value}


def _row(tx: Connection, account: str, channel: Channel | Meter, now: datetime) -> Any:
    return tx.execute(_used, _key(account, channel, now)).first()
