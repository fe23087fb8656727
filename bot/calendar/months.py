"""A year month by month, as staff look through it: which days are off, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bot.calendar.days import Calendar, Day, Kind

MONTHS = range(1, 13)
_SHOWN = (Kind.STATE_HOLIDAY, Kind.MAKEUP_DAY, Kind.SCHOOL_HOLIDAY, Kind.WORKDAY_OFF)


@dataclass(frozen=True, slots=True)
class Run:
    """Days of one kind and name one after the other."""

    kind: Kind
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Month:
    """One month. `terms` are the names of the terms that touch it."""

    first: date
    runs: tuple[Run, ...]
    terms: tuple[str, ...]
    school_days: int
    is_known: bool


def of_year(calendar: Calendar, year: int) -> list[Month]:
    """Return the twelve months of a year."""
    return [_month(calendar, date(year, month, 1)) for month in MONTHS]


def _month(calendar: Calendar, first: date) -> Month:
    days = [calendar.day(day) for day in _days(first)]
    terms = (calendar.term_of(day.date) for day in days)
    return Month(
        first=first,
        runs=tuple(_runs(days)),
        terms=tuple(dict.fromkeys(term.name for term in terms if term is not None)),
        school_days=sum(day.is_school_day for day in days),
        is_known=all(day.is_known for day in days),
    )


def _days(first: date) -> Iterable[date]:
    day = first
    while day.month == first.month:
        yield day
        if day == date.max:
            return
        day += timedelta(days=1)


def _runs(days: Iterable[Day]) -> Iterable[Run]:
    for (kind, name), group in groupby(days, key=lambda day: (day.kind, day.name)):
        held = list(group)
        if kind in _SHOWN:
            yield Run(kind, name, held[0].date, held[-1].date)
