"""Office hours as data: open now, open again when, and what is due after how much office time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.clock import GUANGZHOU

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer ready to be taken over."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Desk:
    """desk.yaml: when people answer and how soon; days and times are Guangzhou's."""

    days: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date]
    worked: frozenset[date]
    shown: str
    moment: str
    crisis_due: timedelta
    person_due: timedelta
    access: timedelta
    matter_minutes: int
    canned: tuple[Canned, ...]

    def works_on(self, day: date) -> bool:
        """Say whether people answer on this day at all."""
        return day in self.worked or (day.isoweekday() in self.days and day not in self.closed)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Return when a working day begins and ends."""
        begins = datetime.combine(day, self.opens, GUANGZHOU)
        return begins, datetime.combine(day, self.closes, GUANGZHOU)

    def is_open(self, now: datetime) -> bool:
        """Say whether people answer now."""
        return self.next_open(now) == now

    def next_open(self, now: datetime) -> datetime:
        """Return when people answer next; now, where they do."""
        day = now.astimezone(GUANGZHOU).date()
        while True:
            begins, ends = self.span(day)
            if self.works_on(day) and now < ends:
                return max(now, begins)
            day += _DAY

    def after(self, now: datetime, time_left: timedelta) -> datetime:
        """Return when so much office time has passed."""
        while True:
            now = self.next_open(now)
            left_today = self.span(now.astimezone(GUANGZHOU).date())[1] - now
            if time_left <= left_today:
                return now + time_left
            time_left -= left_today
            now += left_today

    def say_moment(self, at: datetime) -> str:
        """Return an instant as parents read it."""
        local = at.astimezone(GUANGZHOU)
        clock = local.strftime("%H:%M")
        return self.moment.format(month=local.month, day=local.day, clock=clock)


@cache
def desk() -> Desk:
    """Read desk.yaml."""
    path = Path(__file__).parent / "desk.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Desk(
        days=frozenset(data["days"]),
        opens=time.fromisoformat(data["opens"]),
        closes=time.fromisoformat(data["closes"]),
        closed=frozenset(data["closed"]),
        worked=frozenset(data["worked"]),
        shown=data["shown"],
        moment=data["moment"],
        crisis_due=timedelta(minutes=data["crisis_minutes"]),
        person_due=timedelta(hours=data["person_hours"]),
        access=timedelta(hours=data["access_hours"]),
        matter_minutes=data["matter_minutes"],
        canned=tuple(Canned(**row) for row in data["canned"]),
    )
