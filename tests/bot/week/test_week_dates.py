"""The publicity week is computed; the years parents name are read."""

from datetime import date, timedelta

import pytest

from bot import week_dates as week
from bot.week.years import years

KNOWN = {
    2022: ((5, 9), (5, 15)),
    2026: ((5, 11), (5, 17)),
    2027: ((5, 10), (5, 16)),
    2028: ((5, 15), (5, 21)),
    2029: ((5, 14), (5, 20)),
    2030: ((5, 13), (5, 19)),
}


@pytest.mark.parametrize(("year", "days"), KNOWN.items())
def test_the_known_weeks(year, days):
    begins, ends = days
    found = week.of(year)
    assert (found.begins, found.ends) == (date(year, *begins), date(year, *ends))


@pytest.mark.parametrize("year", range(week.FIRST, week.LAST + 1))
def test_every_week_is_monday_to_sunday_in_may_and_holds_the_day_of_families(year):
    found = week.of(year)
    assert found.year == year
    assert (found.begins.isoweekday(), found.ends.isoweekday()) == (1, 7)
    assert (found.begins.month, found.ends.month) == (5, 5)
    assert found.begins <= date(year, 5, 15) <= found.ends


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2027, 1, 1), 2027),
        (date(2027, 5, 9), 2027),
        (date(2027, 5, 16), 2027),
        (date(2027, 5, 17), 2028),
        (date(2027, 12, 31), 2028),
    ],
)
def test_the_nearest_week_is_this_years_while_it_is_not_over(today, year):
    assert week.nearest(today) == week.of(year)


def test_the_days_of_the_week_are_counted_from_one():
    found = week.of(2027)
    days = [found.day(found.begins + timedelta(days=n)) for n in range(-1, 8)]
    assert days == [None, 1, 2, 3, 4, 5, 6, 7, None]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("宣传周是几号", None),
        ("2028年宣传周几号", 2028),
        ("２０２９年的宣传周", 2029),
        ("28年宣传周", 2028),
        ("二零三零年的宣传周是哪几天", 2030),
        ("二〇二八年宣传周", 2028),
        ("2019宣传周", 2019),
        ("2150年宣传周", 2150),
        ("今年宣传周", 2027),
        ("明年的宣传周", 2028),
        ("出年宣傳週係幾時", 2028),
        ("去年宣传周是哪天", 2026),
        ("宣传周是不是5月15日那一周", None),
        ("打12345问宣传周", None),
    ],
)
def test_a_year_is_read_as_parents_name_it(text, year):
    assert years().named(text, 2027) == year
