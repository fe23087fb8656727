"""Who has a home visit is reminded the day before, and told when the teacher calls it off.

The ledger sends: an order for each visit, once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.delivery import order
from bot.delivery.order import Content, Order
from bot.h5 import links
from bot.people.audience import Audience
from bot.runtime import Runtime
from bot.teaching.slots import BOOKED, OFF, OPEN
from bot.teaching.tables import slots, visits
from bot.teaching.words import texts, words

#: How long before a visit its reminder leaves, and how long before that it is ordered.
AHEAD, PLANNED = timedelta(days=1), timedelta(minutes=10)
#: A reminder that could not leave earlier is of no use any more so long before the visit.
_TOO_LATE = timedelta(hours=1)
_TOLD = timedelta(hours=24)
#: Names of `Feature.audiences`: those whose visit stands, those whose visit was called off.
AUDIENCE, CALLED_OFF = "visit_booked", "visit_off"
PAGE = f"{links.PREFIX}/visits"


def booked(value: str) -> Select[Any]:
    """Return account and openid of who has this visit, as long as it stands."""
    return _of(value, BOOKED)


def called_off(value: str) -> Select[Any]:
    """Return account and openid of whose visit the teacher called off."""
    return _of(value, OFF)


def _of(value: str, state: str) -> Select[Any]:
    number = int(value) if value.isascii() and value.isdigit() else 0
    mine = (visits.c.id == number) & (visits.c.state == state)
    return select(visits.c.account, visits.c.openid).where(mine)


async def remind(rt: Runtime) -> int:
    """Order the reminders that are due; returns how many.

    A visit that is chosen on its last day is not reminded of: the parent has just chosen it.
    """
    now = rt.clock.now()
    s, v = slots.c, visits.c
    due = (s.state == OPEN) & s.starts_at.between(now + _TOO_LATE, now + AHEAD + PLANNED)
    wanted = (
        select(v.id, v.account, v.booked_at, s.starts_at, s.minutes, s.form)
        .join_from(visits, slots, s.id == v.slot)
        .where(due, v.state == BOOKED, v.reminded_at.is_(None))
    )
    async with rt.db.write() as tx:
        found = (await tx.execute(wanted)).all()
        for row in found:
            if row.booked_at < row.starts_at - AHEAD:
                begins = max(row.starts_at - AHEAD, now)
                await _order(rt, tx, row, "remind", AUDIENCE, begins, row.starts_at - _TOO_LATE)
            await tx.execute(update(visits).where(v.id == row.id).values(reminded_at=now))
    return len(found)


async def tell_off(rt: Runtime, tx: AsyncConnection, slot: Row[Any]) -> None:
    """Order the message that a visit was called off; `slot` as `slots.call_off` returns it."""
    now = rt.clock.now()
    wanted = (
        select(visits.c.id, visits.c.account, slots.c.starts_at, slots.c.minutes, slots.c.form)
        .join_from(visits, slots, slots.c.id == visits.c.slot)
        .where(visits.c.id == slot.visit)
    )
    row = (await tx.execute(wanted)).one()
    await _order(rt, tx, row, "off", CALLED_OFF, now, min(row.starts_at, now + _TOLD))


async def _order(
    rt: Runtime, tx: AsyncConnection, row: Any, kind: str, audience: str,
    begins: datetime, ends: datetime,
) -> None:  # fmt: skip
    if begins >= ends:
        return
    made = Order(
        account=row.account, kind="reminder", about=f"visit:{row.id}:{kind}",
        texts=(_content(rt, row, kind),),
        audience=Audience(features={audience: str(row.id)}).to_json(),
        not_before=begins, not_after=ends,
    )  # fmt: skip
    await order.place(tx, made, rt.clock.now())


def _content(rt: Runtime, row: Any, kind: str) -> Content:
    at = row.starts_at.astimezone(GUANGZHOU)
    values = {
        "day": f"{at.month}.{at.day}", "clock": f"{at:%H:%M}", "minutes": row.minutes,
        "form": words().forms[row.form],
    }  # fmt: skip
    said = {name: text.format(**values) for name, text in texts()[kind].items()}
    address = links.page(rt, "visits")
    told = f"{said['text']}\n{address}" if address else said["text"]
    return Content(pull=said | {"url": PAGE}, custom={"text": told}, target=PAGE)
