"""Who booked a live talk is reminded half an hour before, and told when it is cancelled.

The ledger sends: an order for each talk, once, to those who booked it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.delivery import order
from bot.delivery.order import Content, Order
from bot.h5 import links
from bot.people.audience import Audience
from bot.runtime import Runtime
from bot.week import live_notice
from bot.week.tables import bookings, talks
from bot.week.talks import CANCELLED, OPEN

#: How long before a talk its reminder leaves, and how long before that it is ordered.
AHEAD, PLANNED = timedelta(minutes=30), timedelta(minutes=10)
#: So long after the beginning no reminder leaves any more.
_LATE = timedelta(minutes=15)
_TOLD = timedelta(hours=12)
_KEPT = timedelta(days=30)
AUDIENCE = "booked_live"


async def remind(rt: Runtime) -> int:
    """Order the reminders that are due; returns how many."""
    now = rt.clock.now()
    due = (
        (talks.c.state == OPEN)
        & talks.c.reminded_at.is_(None)
        & (talks.c.starts_at <= now + AHEAD + PLANNED)
        & (talks.c.starts_at > now)
    )
    async with rt.db.write() as tx:
        found = (await tx.execute(select(talks).where(due))).all()
        for talk in found:
            begins = max(talk.starts_at - AHEAD, now)
            await _order(rt, tx, talk, "remind", begins, talk.starts_at + _LATE)
            mine = talks.c.id == talk.id
            await tx.execute(update(talks).where(mine).values(reminded_at=now))
    return len(found)


async def tell_cancelled(rt: Runtime, tx: AsyncConnection, talk: Row[Any]) -> None:
    """Order the message that a talk is cancelled, where it was still to come."""
    now = rt.clock.now()
    if talk.starts_at > now:
        await _order(rt, tx, talk, CANCELLED, now, min(talk.starts_at, now + _TOLD))


async def tell_moved(rt: Runtime, tx: AsyncConnection, talk: Row[Any]) -> None:
    """Order the message that a talk has another time."""
    now = rt.clock.now()
    if talk.starts_at > now:
        await _order(rt, tx, talk, "moved", now, min(talk.starts_at, now + _TOLD))


async def _order(
    rt: Runtime, tx: AsyncConnection, talk: Row[Any], kind: str, begins: datetime, ends: datetime
) -> None:
    """Place one order for each account that has bookings: nearly always one."""
    mine = select(bookings.c.account).where(bookings.c.talk == talk.id).distinct()
    accounts = sorted((await tx.scalars(mine)).all())
    audience = Audience(features={AUDIENCE: str(talk.id)}).to_json()
    for n, account in enumerate(accounts):
        about = f"live:{talk.id}:{kind}:{talk.revision}" + (f":{n}" if n else "")
        made = Order(
            account=account,
            kind="reminder",
            about=about,
            texts=(_content(rt, talk, kind),),
            audience=audience,
            not_before=begins,
            not_after=ends,
        )
        await order.place(tx, made, rt.clock.now())


def _content(rt: Runtime, talk: Row[Any], kind: str) -> Content:
    at = talk.starts_at.astimezone(GUANGZHOU)
    values = {
        "title": talk.title,
        "platform": talk.platform,
        "clock": at.strftime("%H:%M"),
        "day": at.strftime("%m-%d"),
    }
    said = {name: text.format(**values) for name, text in _texts()[kind].items()}
    what, clock = said.pop("notice"), values["clock"]
    when = _texts()["when"].format(year=at.year, month=at.month, date=at.day, clock=clock)
    path = f"{links.PREFIX}/week/talks/{talk.id}"
    address = links.page(rt, f"week/talks/{talk.id}")
    words = f"{said['text']}\n{address}" if address else said["text"]
    return Content(
        pull=said | {"url": path},
        custom={"text": words},
        notice=live_notice.notice(rt, talk, at, what, when, address),
        target=path,
    )


async def forget_old(rt: Runtime) -> int:
    """Forget who booked talks that are long over; returns how many bookings."""
    old = select(talks.c.id).where(talks.c.starts_at < rt.clock.now() - _KEPT)
    async with rt.db.write() as tx:
        gone = await tx.execute(delete(bookings).where(bookings.c.talk.in_(old)))
    return gone.rowcount


@cache
def _texts() -> dict[str, Any]:
    path = Path(__file__).with_name("texts.yaml")
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
