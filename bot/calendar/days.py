"""What kind of day a day is: what staff entered first, then the State's holidays, then the week."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.calendar import state
from bot.org.grades import NEW_YEAR

#: A school day is looked for so far ahead: longer than any holiday.
SEARCHED_DAYS = 400
#: A year's notice names seven holidays; two of them may fall into one run (as in 2025).
NOTICE_RUNS = 6
_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What an entry, or a day, may be; the last two are days without an entry."""

    TERM = "term"
    SCHOOL_HOLIDAY = "school_holiday"
    STATE_HOLIDAY = "state_holiday"
    MAKEUP_DAY = "makeup_day"  # a weekend on which the city works and children have school
    WORKDAY_OFF = "workday_off"  # a day of term without school: a typhoon, an examination
    WEEKEND = "weekend"
    WORKDAY = "workday"


#: What may be entered.
ENTERED = (
    Kind.TERM, Kind.SCHOOL_HOLIDAY, Kind.STATE_HOLIDAY, Kind.MAKEUP_DAY, Kind.WORKDAY_OFF,
)  # fmt: skip
#: Where two entries hold a day, the first of these counts.
_ORDER = (Kind.WORKDAY_OFF, Kind.SCHOOL_HOLIDAY, Kind.STATE_HOLIDAY, Kind.MAKEUP_DAY)
_WITH_SCHOOL = frozenset({Kind.MAKEUP_DAY, Kind.WORKDAY})


@dataclass(frozen=True, slots=True)
class Entry:
    """A run of days, first and last included."""

    kind: Kind
    first: date
    last: date
    name: str

    def holds(self, day: date) -> bool:
        """Say whether a day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `is_known`: the holidays of its year were announced, or staff entered the day.

    Where it is False, weekends and the days the regulation names are right, and nothing else is
    sure. `in_term`: whether a term holds the day; None where no terms around it were entered: then
    the month before a school year begins is taken for holidays, and every other month for term.
    """

    date: date
    kind: Kind
    name: str
    is_school_day: bool
    is_known: bool
    in_term: bool | None


class Calendar:
    """The entries in memory; every question is answered, whatever the day."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        listed = sorted(entries, key=lambda one: (one.first, one.last))
        self._terms = [one for one in listed if one.kind is Kind.TERM]
        self._starts = [one.first for one in self._terms]
        self._others: Sequence[Entry] = [one for one in listed if one.kind is not Kind.TERM]
        runs = Counter(o.first.year for o in self._others if o.kind is Kind.STATE_HOLIDAY)
        #: Years whose notice staff have entered.
        self._told = {year for year, count in runs.items() if count >= NOTICE_RUNS}

    def day(self, day: date) -> Day:
        """Return what a day is."""
        entry, in_term = self._entry(day), self._in_term(day)
        if entry is not None:
            has_school = entry.kind is Kind.MAKEUP_DAY and _has_term(day, in_term)
            return Day(day, entry.kind, entry.name, has_school, is_known=True, in_term=in_term)
        kind, name, is_known = self._by_state(day)
        has_school = kind in _WITH_SCHOOL and _has_term(day, in_term)
        return Day(day, kind, name, has_school, is_known=is_known, in_term=in_term)

    def next_school_day(self, day: date) -> date | None:
        """Return the first school day after a day, None when there is none within 400 days."""
        for _ in range(SEARCHED_DAYS):
            if day == date.max:
                return None
            day += _DAY
            if self.day(day).is_school_day:
                return day
        return None

    def term_of(self, day: date) -> Entry | None:
        """Return the term a day lies in, None outside of the terms that were entered."""
        place = bisect_right(self._starts, day)
        return next((one for one in reversed(self._terms[:place]) if one.holds(day)), None)

    def _in_term(self, day: date) -> bool | None:
        """Between two terms that were entered there is no school; beyond them nothing is known."""
        if self.term_of(day) is not None:
            return True
        is_between = bool(self._terms) and self._starts[0] <= day < self._starts[-1]
        return False if is_between else None

    def _entry(self, day: date) -> Entry | None:
        found = [one for one in self._others if one.holds(day)]
        return min(found, key=lambda one: _ORDER.index(one.kind), default=None)

    def _by_state(self, day: date) -> tuple[Kind, str, bool]:
        fact = state.fact(day)
        is_weekend = state.is_weekend(day)
        if fact is None:
            name = state.fixed(day)
            is_told = day.year in self._told
            if name:
                return Kind.STATE_HOLIDAY, name, is_told
            return (Kind.WEEKEND if is_weekend else Kind.WORKDAY), "", is_told
        if fact.is_off:
            return (Kind.STATE_HOLIDAY if fact.name else Kind.WEEKEND), fact.name, True
        return (Kind.MAKEUP_DAY if is_weekend else Kind.WORKDAY), fact.name, True


def _has_term(day: date, in_term: bool | None) -> bool:  # noqa: FBT001 - a fact, not an option
    return day.month != NEW_YEAR[0] - 1 if in_term is None else in_term
