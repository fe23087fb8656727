"""Who is on duty at an instant: the weekly slots, in the order in which people are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import GUANGZHOU
from bot.org import scope
from bot.people.holders import holders
from bot.safety.tables import slots

ANSWER = "crisis.answer"
DAY = 24 * 60


async def on_duty(
    tx: AsyncConnection, area: str, severity: int, now: datetime
) -> tuple[list[int], list[int]]:
    """Return who is called one after the other, and everybody who can be called at all.

    Without a slot for this place and hour nobody is first: all are called at once.
    """
    able = await holders(tx, ANSWER, area)
    wanted = select(slots).where(slots.c.severity <= severity).order_by(slots.c.place, slots.c.id)
    rows = (await tx.execute(wanted)).all()
    first = [
        row.staff
        for row in rows
        if row.staff in able and scope.contains(row.area, area) and covers(row, now)
    ]
    return list(dict.fromkeys(first)), list(able)


def covers(slot: Any, now: datetime) -> bool:
    """Say whether a slot holds an instant; one that ends before it begins ends the next day."""
    local = now.astimezone(GUANGZHOU)
    minute = local.hour * 60 + local.minute
    if slot.begins < slot.ends:
        return _is_day(slot, local) and slot.begins <= minute < slot.ends
    if minute >= slot.begins:
        return _is_day(slot, local)
    return minute < slot.ends and _is_day(slot, local - timedelta(days=1))


def _is_day(slot: Any, local: datetime) -> bool:
    return slot.weekday in (0, local.isoweekday())


def minutes(text: str) -> int | None:
    """Return `08:30` as minutes after midnight, `24:00` as the end of the day; None for others."""
    hour, colon, minute = text.partition(":")
    if not colon or not (hour + minute).isascii() or not (hour + minute).isdigit():
        return None
    if len(hour) > 2 or len(minute) != 2 or int(minute) > 59:  # noqa: PLR2004 - a time of day
        return None
    found = int(hour) * 60 + int(minute)
    return found if found <= DAY else None


def spelt(minute: int) -> str:
    """Return minutes after midnight as `08:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def order(rows: Sequence[Any]) -> list[Any]:
    """Return slots as the table shows them: by place, day and hour."""
    return sorted(rows, key=lambda r: (r.area, r.weekday, r.begins, r.place, r.id))
