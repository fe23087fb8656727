"""What the pushes of a week cost: counted against the month of each follower, and their patience.

Source: four mass sends a follower and calendar month (WECHAT 5.4, limits.yaml); at most one card a
day in the week (MISSION, P7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import days
from bot.delivery.ledger_tables import batches, broadcasts
from bot.delivery.states import Channel
from bot.runtime import Runtime
from bot.week.plans import Item

_WINDOW = 7
PUSH = "push"


@dataclass(frozen=True, slots=True)
class Worry:
    """What is wrong with the pushes of a week: a key of messages.yaml with its values.

    `is_over`: it cannot be sent like this; else it can, and has a price.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What a follower may get: mass sends a month, pushes in seven days, the quiet hours."""

    mass_a_month: int
    weekly: int
    quiet_from: time
    quiet_to: time

    @classmethod
    def of(cls, rt: Runtime) -> Limits:
        """Return the limits in force."""
        given = rt.settings
        monthly = int(days.limits()["mass_a_month"])
        begins, ends = (time.fromisoformat(at) for at in (given.quiet_from, given.quiet_to))
        return cls(monthly, given.weekly_pushes, begins, ends)

    def is_quiet(self, minute: int) -> bool:
        """Say whether a minute of the day lies in the quiet hours."""
        at, begin, end = time(minute // 60, minute % 60), self.quiet_from, self.quiet_to
        return begin <= at < end if begin <= end else at >= begin or at < end


def worries(
    entries: Iterable[Item], year: int, limits: Limits, used: Mapping[tuple[int, int], int]
) -> list[Worry]:
    """Return what to think of before the week is frozen; `used` are mass sends by (year, month)."""
    pushes = sorted((i for i in entries if i.kind == PUSH), key=lambda i: i.starts_at(year))
    found = _monthly(pushes, year, limits, used)
    found += _weekly(pushes, year, limits)
    by_day = Counter(i.on(year) for i in pushes)
    found += [_worry("week.two_a_day", day=d, n=n) for d, n in by_day.items() if n > 1]
    found += [
        _worry("week.quiet_hours", day=i.on(year), title=i.title, clock=i.clock)
        for i in pushes
        if i.minute is not None and limits.is_quiet(i.minute)
    ]
    return found


def _monthly(
    pushes: Sequence[Item], year: int, limits: Limits, used: Mapping[tuple[int, int], int]
) -> list[Worry]:
    found, counts = [], Counter(used)
    mass = [i for i in pushes if i.channel == Channel.MASS]
    for item in mass:
        month = (item.on(year).year, item.on(year).month)
        counts[month] += 1
        n = counts[month]
        if n < limits.mass_a_month:
            continue
        same = [i for i in mass if i.on(year).month == month[1]]
        other = _replaceable(same)
        is_over = n > limits.mass_a_month
        key = "week.quota_over" if is_over else "week.quota_last"
        key += "" if other.day >= 0 else "_before"
        values = {"n": n, "month": month[1], "advised": other.day + 1, "title": other.title}
        found.append(Worry(key, values, is_over=is_over))
    return found


def _replaceable(mass: Sequence[Item]) -> Item:
    """Return the mass send that is missed least: one of the middle of the week, else the last."""
    middle = [i for i in mass if 0 < i.day < _WINDOW - 1]
    return (middle or list(mass))[0 if middle else -1]


def _weekly(pushes: Sequence[Item], year: int, limits: Limits) -> list[Worry]:
    if not limits.weekly:
        return []
    for item in pushes:
        begins = item.on(year)
        n = sum(begins <= i.on(year) < begins + timedelta(days=_WINDOW) for i in pushes)
        if n > limits.weekly:
            return [_worry("week.tired", day=begins, n=n, most=limits.weekly)]
    return []


def _worry(key: str, *, day: date, **values: Any) -> Worry:
    return Worry(key, {"month": day.month, "date": day.day, **values})


async def used(tx: AsyncConnection, first: date, last: date) -> dict[tuple[int, int], int]:
    """Return how many mass sends were made in each month of these days, as the ledger knows."""
    rows = await tx.execute(
        select(broadcasts.c.not_before)
        .join(batches, batches.c.broadcast == broadcasts.c.id)
        .where(batches.c.channel == Channel.MASS.value, broadcasts.c.kind != "reminder")
        .group_by(broadcasts.c.id, broadcasts.c.not_before)
        .having(func.count() > 0)
    )
    found: Counter[tuple[int, int]] = Counter()
    for (at,) in rows:
        found[at.year, at.month] += 1
    months = {(first.year, first.month), (last.year, last.month)}
    return {month: n for month, n in found.items() if month in months}
