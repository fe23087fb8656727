"""A moment somebody names, without a clock inside; it becomes a time only when it is resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
#: The hour that is meant by a part of the day, or by a day alone.
PARTS = {"morning": 9, "noon": 12, "afternoon": 15, "evening": 20}
_WHOLE_DAY = 9
_WEEK, _MONTHS, _YEARS = 7, 12, 8
_NOON, _DAWN = 12, 6


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, an hour, or both; or an event; or so many minutes from now.

    The day is `days` from today, a `weekday` (Monday is 1) `weeks` ahead, or a `month` and `day`
    (`day` alone: of this month or the next). The hour is `hour` and `minute`, or a `part` of the
    day; both where an hour up to twelve was said to be in the morning. An `event` (`term_start`,
    `zhongkao`, ...) has a `side`: before, after or on.
    """

    days: int | None = None
    weekday: int | None = None
    weeks: int | None = None
    month: int | None = None
    day: int | None = None
    event: str | None = None
    side: str | None = None
    hour: int | None = None
    minute: int | None = None
    part: str | None = None
    minutes: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what is known; a `part` that an hour makes plain is left out."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        if self.hour is not None:
            del known["part"]
        return {name: value for name, value in known.items() if value is not None}

    def resolve(self, now: datetime) -> datetime | None:
        """Return the next such moment, or None: for an event, or for what is over today.

        `now` must know its zone. An hour up to twelve without a part of the day is the next one on
        the clock; on another day than today it is one between six and six. A day without an hour
        begins at nine; today without an hour is now, if nine is over.
        """
        now = now.astimezone(ZONE)
        if self.minutes is not None:
            return now + timedelta(minutes=self.minutes)
        if self.event is not None:
            return None
        times = (at for day in self._dates(now.date()) for at in self._times(day, now))
        return next((at for at in times if at >= now), None)

    def _dates(self, today: date) -> Iterator[date]:
        if self.days is not None:
            yield today + timedelta(days=self.days)
        elif self.weekday is not None:
            monday = today - timedelta(days=today.weekday())
            first = monday + timedelta(days=_WEEK * (self.weeks or 0) + self.weekday - 1)
            yield first
            if not self.weeks:
                yield first + timedelta(days=_WEEK)
        elif self.day is not None:
            yield from self._days_of_months(today)
        elif self.hour is not None or self.part is not None:
            yield today
            yield today + timedelta(days=1)

    def _days_of_months(self, today: date) -> Iterator[date]:
        """Yield the next such days of a month; the 31st skips the short months."""
        for step in range(_YEARS * _MONTHS + 1):
            years, month = divmod(today.month - 1 + step, _MONTHS)
            if self.month in {None, month + 1}:
                try:
                    yield date(today.year + years, month + 1, self.day or 1)
                except ValueError:
                    continue

    def _times(self, day: date, now: datetime) -> Iterator[datetime]:
        if self.hour is None and self.part is None:
            at = datetime.combine(day, time(_WHOLE_DAY), ZONE)
            yield now if day == now.date() and at < now else at
            return
        for hour in self._hours(day == now.date()):
            yield datetime.combine(day, time(hour, self.minute or 0), ZONE)

    def _hours(self, today: bool) -> tuple[int, ...]:  # noqa: FBT001 - one private caller
        if self.hour is None:
            return (PARTS[self.part or "morning"],)
        if self.part is not None or self.hour >= _NOON or self.hour == 0:
            return (self.hour,)
        if today:
            return (self.hour, self.hour + _NOON)
        return (self.hour,) if self.hour >= _DAWN else (self.hour + _NOON,)
