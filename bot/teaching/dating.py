"""The days of a term: a template laid on a calendar, past weekends, holidays, days off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.calendar.days import Calendar
from bot.teaching.households import monday

ONSITE, LESSON, VISITS = "onsite", "lesson", "visits"
_SATURDAY = 5
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Dated:
    """One entry of a term on its days; `minute` after midnight in Beijing, None: no time of day."""

    kind: str
    day: date
    last: date
    title: str
    minute: int | None = None
    minutes: int = 0
    place: str = ""
    course: str = ""
    lesson: str = ""

    def taught(self, course: str, lesson: str, title: str) -> Dated:
        """Return it with the lesson it recommends."""
        return replace(self, course=course, lesson=lesson, title=title)


def fits(calendar: Calendar, day: date) -> bool:
    """Say whether children have school on a day that is no weekend: make-up days do not count."""
    return day.weekday() < _SATURDAY and calendar.day(day).is_school_day


def lay(
    calendar: Calendar, first: date, last: date, entries: Iterable[Mapping[str, Any]]
) -> list[Dated]:
    """Return the entries of a template on days of a term, in order.

    One that finds no day any more before the term ends takes the last one that is free; in a term
    without a single school day nothing is laid.
    """
    taken: set[date] = set()
    laid = []
    for entry in entries:
        start = monday(first) + _WEEK * (entry["week"] - 1) + _DAY * entry.get("weekday", 0)
        found = _free(calendar, max(start, first), first, last, taken)
        if found is not None:
            taken.add(found)
            laid.append(_dated(entry, found, last))
    return sorted(laid, key=lambda one: (one.day, one.kind))


def _free(
    calendar: Calendar, start: date, first: date, last: date, taken: set[date]
) -> date | None:
    days = (*_run(start, last), *reversed(list(_run(first, min(start, last)))))
    return next((d for d in days if d not in taken and fits(calendar, d)), None)


def _run(first: date, last: date) -> Iterator[date]:
    return (first + _DAY * n for n in range((last - first).days + 1))


def _dated(entry: Mapping[str, Any], day: date, last: date) -> Dated:
    kind = entry["kind"]
    ends = {
        ONSITE: day,
        LESSON: monday(day) + _WEEK - _DAY,
        VISITS: day + _WEEK * entry.get("weeks", 4) - _DAY,
    }[kind]
    minute = minute_of(entry["at"]) if "at" in entry else None
    return Dated(kind, day, min(ends, last), entry["title"], minute, entry.get("minutes", 0))


def minute_of(clock: str) -> int | None:
    """Return the minute of the day of a time like 16:30; None: it is none."""
    hours, colon, minutes = clock.partition(":")
    if not colon or not all(p.isascii() and p.isdigit() and len(p) <= 2 for p in (hours, minutes)):  # noqa: PLR2004
        return None
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and int(hours) < 24 else None  # noqa: PLR2004
