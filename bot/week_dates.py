"""When the publicity week is: computed from the law, never typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: The law is in force since 2022-01-01 (its article 55); dates are told up to `LAST`.
FIRST, LAST = 2022, 2100
_FAMILY_DAY = (5, 15)


@dataclass(frozen=True, slots=True)
class Week:
    """The publicity week of a year: seven days, Monday first."""

    begins: date
    ends: date

    @property
    def year(self) -> int:
        """The year it belongs to."""
        return self.begins.year

    def day(self, today: date) -> int | None:
        """Return which day of the week today is, from 1 to 7; None: it is not on."""
        return (today - self.begins).days + 1 if self.begins <= today <= self.ends else None


def of(year: int) -> Week:
    """Return the publicity week of a year.

    《家庭教育促进法》, article 13: the week that holds the International Day of Families of each
    year, 15 May, is the national publicity week of family education. A week runs from Monday to
    Sunday, as in its first year, 2022: 9 to 15 May.
    """
    family_day = date(year, *_FAMILY_DAY)
    begins = family_day - timedelta(days=family_day.weekday())
    return Week(begins, begins + timedelta(days=6))


def nearest(today: date) -> Week:
    """Return this year's week while it is not over, else next year's."""
    week = of(today.year)
    return week if today <= week.ends else of(today.year + 1)
