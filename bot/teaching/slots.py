"""Times a class teacher offers for home visits: opened in a row, taken back, listed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.console import audit
from bot.errors import InvalidInput, NotFound
from bot.org.tree import Unit
from bot.people.actor import Actor
from bot.runtime import Runtime
from bot.teaching import access
from bot.teaching.access import NO_TOPIC, VISITS
from bot.teaching.tables import slots, visits

OPEN, OFF = "open", "off"
BOOKED, DONE, MISSED = "booked", "done", "missed"
#: Slots opened at once, and open ones of a class.
AT_ONCE, OPEN_MAX = 20, 200
_CODE_BYTES = 9
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """A row of slots: `count` of them, each `minutes` long, one behind the other."""

    form: str
    starts_at: datetime
    minutes: int
    gap: int
    count: int
    place: str

    @property
    def times(self) -> list[datetime]:
        """Return when each begins."""
        step = timedelta(minutes=self.minutes + self.gap)
        return [self.starts_at + step * n for n in range(self.count)]


async def offer(
    rt: Runtime, tx: AsyncConnection, actor: Actor, unit: Unit, offered: Offer
) -> int:  # fmt: skip
    """Open slots for a class; returns how many.

    Raises:
        NotAllowed: the class is not one's own.
        InvalidInput: they lie in the past, overlap slots of the same teacher, or are too many.
    """
    actor.require(VISITS, unit.path, NO_TOPIC)
    now, times = rt.clock.now(), offered.times
    if times[0] <= now:
        raise InvalidInput("visits.past")
    if times[-1] - times[0] > _DAY:
        raise InvalidInput("visits.too_long")
    length = timedelta(minutes=offered.minutes)
    if await _overlaps(tx, actor, times[0], times[-1] + length):
        raise InvalidInput("visits.overlaps")
    mine = (slots.c.area == unit.path) & (slots.c.state == OPEN) & (slots.c.starts_at > now)
    have = await tx.scalar(select(func.count()).select_from(slots).where(mine)) or 0
    if have + len(times) > OPEN_MAX:
        raise InvalidInput("visits.full")
    row = {"area": unit.path, "staff": actor.id, "form": offered.form, "place": offered.place}
    row |= {"minutes": offered.minutes, "state": OPEN, "made_at": now}
    await tx.execute(
        insert(slots),
        [row | {"code": secrets.token_urlsafe(_CODE_BYTES), "starts_at": at} for at in times],
    )
    await audit.note(
        rt, tx, actor, "visits.offered", f"unit:{unit.path}", area=unit.path, count=len(times)
    )
    return len(times)


async def _overlaps(tx: AsyncConnection, actor: Actor, first: datetime, last: datetime) -> bool:
    """Say whether the teacher has an open slot between; slots are no longer than a few hours."""
    near = slots.c.starts_at.between(first - _DAY, last)
    wanted = select(slots.c.starts_at, slots.c.minutes).where(
        slots.c.staff == actor.id, slots.c.state == OPEN, near
    )
    return any(
        row.starts_at < last and row.starts_at + timedelta(minutes=row.minutes) > first
        for row in await tx.execute(wanted)
    )


def _joined() -> Select[Any]:
    v = visits.c
    return select(
        slots, v.id.label("visit"), v.state.label("standing"), v.topics, v.called,
        v.account, v.openid, v.record, v.recorded_at,
    ).join_from(slots, visits, v.slot == slots.c.id, isouter=True)  # fmt: skip


async def listed(
    tx: AsyncConnection, actor: Actor, area: str, since: datetime, now: datetime
) -> list[Row[Any]]:
    """Return one's own slots of a class since an instant, each with who took it, in order.

    What nobody took is left out once it is over.
    """
    wanted = (slots.c.area == area) & (slots.c.staff == actor.id) & (slots.c.state == OPEN)
    wanted &= (slots.c.starts_at > now) | visits.c.id.is_not(None)
    mine = access.seen(actor, VISITS, slots.c.area)
    rows = await tx.execute(
        _joined().where(wanted, mine, slots.c.starts_at >= since).order_by(slots.c.starts_at)
    )
    return list(rows.all())


async def own(tx: AsyncConnection, actor: Actor, number: int) -> Row[Any]:
    """Return one's own slot with who took it.

    Raises:
        NotFound: there is none, it is another teacher's, or it lies outside by now.
    """
    mine = (slots.c.id == number) & (slots.c.staff == actor.id)
    here = access.seen(actor, VISITS, slots.c.area)
    row: Row[Any] | None = (await tx.execute(_joined().where(mine, here))).first()
    if row is None:
        raise NotFound
    return row


async def call_off(rt: Runtime, tx: AsyncConnection, actor: Actor, number: int) -> Row[Any] | None:
    """Take a slot back; returns its visit if somebody had taken it, for them to be told.

    The slot is locked first: no parent can take it in between.

    Raises:
        NotFound: it is not one's own.
        InvalidInput: it is over, or recorded.
    """
    held = slots.c.id == number
    await tx.execute(select(slots.c.id).where(held).with_for_update())
    slot = await own(tx, actor, number)
    if slot.starts_at <= rt.clock.now() or slot.standing not in (None, BOOKED):
        raise InvalidInput("visits.over")
    await tx.execute(update(slots).where(held).values(state=OFF))
    taken = (visits.c.slot == number) & (visits.c.state == BOOKED)
    done = await tx.execute(update(visits).where(taken).values(state=OFF, called=None))
    await audit.note(rt, tx, actor, "visits.called_off", f"slot:{number}", area=slot.area)
    return slot if done.rowcount else None


def free(areas: list[str], now: datetime, most: int) -> Select[Any]:
    """Return the slots of classes that nobody has taken and that are still to come."""
    taken = select(visits.c.id).where(visits.c.slot == slots.c.id).correlate(slots).exists()
    return (
        select(slots)
        .where(slots.c.area.in_(areas), slots.c.state == OPEN, slots.c.starts_at > now, ~taken)
        .order_by(slots.c.starts_at, slots.c.id)
        .limit(most)
    )
