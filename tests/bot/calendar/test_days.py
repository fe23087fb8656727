"""Every day has an answer: known years from the notices, all others from what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import state
from bot.calendar.days import SEARCHED_DAYS, Calendar, Entry, Kind

DAYS = st.dates(date(2004, 1, 1), date(2100, 12, 31))
ANY = st.dates(date.min, date.max)
TERM = Entry(Kind.TERM, date(2026, 3, 2), date(2026, 7, 10), "第二学期")
NEXT = Entry(Kind.TERM, date(2026, 9, 1), date(2027, 1, 29), "第一学期")
KINDS = st.sampled_from([k for k in Kind if k not in (Kind.WEEKEND, Kind.WORKDAY)])


@st.composite
def entries(draw):
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.integers(0, 200)))
    return Entry(draw(KINDS), first, last, draw(st.text(max_size=4)))


@settings(deadline=None)
@given(ANY, st.lists(entries(), max_size=6))
def test_no_day_and_no_entry_makes_an_exception(day, listed):
    calendar = Calendar(listed)
    found = calendar.day(day)
    assert found.date == day
    assert found.kind in Kind
    term = calendar.term_of(day)
    assert term is None or term.holds(day)
    assert (found.in_term is True) == (term is not None)


@settings(deadline=None)
@given(ANY, st.lists(entries(), max_size=4))
def test_the_next_school_day_is_later_and_the_first_one(day, listed):
    calendar = Calendar(listed)
    found = calendar.next_school_day(day)
    if found is None:
        return
    assert day < found <= day + timedelta(days=SEARCHED_DAYS)
    assert calendar.day(found).is_school_day
    between = range(1, (found - day).days)
    assert not any(calendar.day(day + timedelta(days=n)).is_school_day for n in between)


@settings(deadline=None)
@given(DAYS)
def test_what_is_off_has_no_school_and_a_fixed_holiday_is_always_off(day):
    found = Calendar().day(day)
    if found.kind in (Kind.STATE_HOLIDAY, Kind.WEEKEND, Kind.SCHOOL_HOLIDAY):
        assert not found.is_school_day
    if state.fixed(day):
        assert found.kind is Kind.STATE_HOLIDAY
    if not found.is_known:
        assert day.year > 2026
        assert found.kind in (Kind.STATE_HOLIDAY, Kind.WEEKEND, Kind.WORKDAY)
        assert (found.kind is Kind.WEEKEND) == (day.weekday() > 4 and not state.fixed(day))


@settings(deadline=None)
@given(st.integers(2004, 2100))
def test_a_year_has_a_day_for_each_of_its_days_and_leap_days_too(year):
    calendar, day, seen = Calendar(), date(year, 1, 1), 0
    while day.year == year:
        seen += calendar.day(day).date == day
        day += timedelta(days=1)
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    assert seen == 365 + is_leap


@pytest.mark.parametrize("year", [2004, 2024, 2028, 2096])
def test_a_leap_day_is_a_day_like_others(year):
    leap = date(year, 2, 29)
    found = Calendar().day(leap)
    assert found.is_school_day == (leap.weekday() < 5)
    assert Calendar().next_school_day(leap).month == 3
    off = Calendar([Entry(Kind.WORKDAY_OFF, leap, leap, "停课")])
    assert off.day(leap).is_school_day is False


@pytest.mark.parametrize(
    ("day", "kind", "name", "school"),
    [
        ("2026-02-17", Kind.STATE_HOLIDAY, "春节", False),
        ("2026-02-14", Kind.MAKEUP_DAY, "春节", True),  # a Saturday
        ("2026-10-01", Kind.STATE_HOLIDAY, "国庆节", False),
        ("2026-11-28", Kind.WEEKEND, "", False),
        ("2026-11-30", Kind.WORKDAY, "", True),
        ("2015-09-03", Kind.STATE_HOLIDAY, "抗战胜利纪念日", False),
    ],
)
def test_announced_years_are_as_announced(day, kind, name, school):
    found = Calendar().day(date.fromisoformat(day))
    assert (found.kind, found.name, found.is_school_day) == (kind, name, school)
    assert found.is_known


@pytest.mark.parametrize("year", [1949, 2003, 2027, 2099])
def test_of_an_unknown_year_only_what_always_holds_is_said(year):
    for day, name in ((date(year, 1, 1), "元旦"), (date(year, 10, 2), "国庆节")):
        found = Calendar().day(day)
        assert (found.kind, found.name) == (Kind.STATE_HOLIDAY, name)
        assert found.is_known is False
    may = Calendar().day(date(year, 5, 2))
    assert (may.name == "劳动节") == (year >= 2025)


def test_what_staff_enter_of_an_unknown_year_makes_it_known():
    feast = Entry(Kind.STATE_HOLIDAY, date(2027, 2, 5), date(2027, 2, 11), "春节")
    work = Entry(Kind.MAKEUP_DAY, date(2027, 2, 14), date(2027, 2, 14), "春节调休")
    calendar = Calendar([feast, work])
    found = calendar.day(date(2027, 2, 8))
    assert (found.kind, found.name, found.is_known) == (Kind.STATE_HOLIDAY, "春节", True)
    assert calendar.day(date(2027, 2, 14)).is_school_day  # a Sunday
    assert calendar.day(date(2027, 3, 1)).is_known is False  # a notice has more than one holiday
    ones = (date(2027, n, 1) for n in range(4, 9))
    others = [Entry(Kind.STATE_HOLIDAY, one, one, "节") for one in ones]
    whole = Calendar([feast, work, *others])
    assert whole.day(date(2027, 3, 1)).is_known
    assert whole.day(date(2028, 3, 1)).is_known is False


def test_between_terms_there_is_no_school():
    calendar = Calendar([NEXT, TERM])
    assert calendar.term_of(date(2026, 3, 2)) == TERM
    assert calendar.term_of(date(2026, 7, 10)) == TERM
    assert calendar.term_of(date(2026, 7, 11)) is None
    assert calendar.day(date(2026, 7, 15)).in_term is False
    assert calendar.day(date(2026, 7, 15)).is_school_day is False
    assert calendar.next_school_day(date(2026, 7, 10)) == date(2026, 9, 1)
    assert calendar.day(date(2026, 2, 25)).in_term is None  # before the first that is known
    assert calendar.day(date(2027, 3, 1)).in_term is None


def test_without_terms_august_is_taken_for_holidays():
    calendar = Calendar()
    assert calendar.day(date(2026, 8, 3)).is_school_day is False
    assert calendar.next_school_day(date(2026, 7, 31)) == date(2026, 9, 1)


def test_a_closed_day_counts_before_everything_else():
    typhoon = Entry(Kind.WORKDAY_OFF, date(2026, 9, 21), date(2026, 9, 22), "台风停课")
    work = Entry(Kind.MAKEUP_DAY, date(2026, 9, 20), date(2026, 9, 21), "调休")
    calendar = Calendar([NEXT, TERM, typhoon, work])
    found = calendar.day(date(2026, 9, 21))
    assert (found.kind, found.name, found.is_school_day) == (Kind.WORKDAY_OFF, "台风停课", False)
    assert calendar.next_school_day(date(2026, 9, 20)) == date(2026, 9, 23)


def test_a_makeup_day_in_the_holidays_is_no_school_day():
    calendar = Calendar(
        [NEXT, TERM, Entry(Kind.SCHOOL_HOLIDAY, date(2026, 7, 11), date(2026, 8, 31), "暑假")]
    )
    work = Entry(Kind.MAKEUP_DAY, date(2026, 8, 1), date(2026, 8, 1), "调休")
    assert calendar.day(date(2026, 8, 3)).kind is Kind.SCHOOL_HOLIDAY
    assert Calendar([NEXT, TERM, work]).day(date(2026, 8, 1)).is_school_day is False


def test_holidays_without_end_have_no_next_school_day():
    runs = [
        Entry(Kind.SCHOOL_HOLIDAY, date(2030 + n, 1, 1), date(2030 + n, 12, 31), "停")
        for n in range(3)
    ]
    assert Calendar(runs).next_school_day(date(2030, 1, 1)) is None
    assert Calendar().next_school_day(date.max) is None
