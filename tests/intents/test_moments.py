from __future__ import annotations

from datetime import datetime

import pytest

from intents.moments import ZONE, Moment


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


#: A Wednesday.
NOW = at("2026-11-25T10:00")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (Moment(days=0, hour=20, minute=0), "2026-11-25T20:00"),
        (Moment(days=1, hour=19, minute=30), "2026-11-26T19:30"),
        (Moment(days=3, hour=8, minute=0), "2026-11-28T08:00"),
        (Moment(weekday=3, weeks=0, hour=20, minute=0), "2026-11-25T20:00"),
        (Moment(weekday=3, weeks=0, hour=9, minute=0, part="morning"), "2026-12-02T09:00"),
        (Moment(weekday=1, weeks=0, hour=20, minute=0), "2026-11-30T20:00"),
        (Moment(weekday=1, weeks=1, hour=20, minute=0), "2026-11-30T20:00"),
        (Moment(weekday=3, weeks=1, hour=20, minute=0), "2026-12-02T20:00"),
        (Moment(weekday=7, weeks=2), "2026-12-13T09:00"),
        (Moment(month=5, day=10), "2027-05-10T09:00"),
        (Moment(month=11, day=25, hour=20, minute=0), "2026-11-25T20:00"),
        (Moment(month=11, day=25, hour=9, minute=0, part="morning"), "2027-11-25T09:00"),
        (Moment(day=10), "2026-12-10T09:00"),
        (Moment(day=30), "2026-11-30T09:00"),
        (Moment(day=31), "2026-12-31T09:00"),
        (Moment(month=2, day=29), "2028-02-29T09:00"),
        (Moment(minutes=30), "2026-11-25T10:30"),
        (Moment(minutes=60 * 15), "2026-11-26T01:00"),
        (Moment(hour=7, minute=30), "2026-11-25T19:30"),
        (Moment(hour=11, minute=0), "2026-11-25T11:00"),
        (Moment(hour=7, minute=30, part="morning"), "2026-11-26T07:30"),
        (Moment(hour=0, minute=0, days=1), "2026-11-26T00:00"),
        (Moment(part="evening"), "2026-11-25T20:00"),
        (Moment(part="morning"), "2026-11-26T09:00"),
        (Moment(days=1, hour=3, minute=0), "2026-11-26T15:00"),
        (Moment(days=1, hour=7, minute=0), "2026-11-26T07:00"),
        (Moment(days=1, part="afternoon"), "2026-11-26T15:00"),
        (Moment(days=0), "2026-11-25T10:00"),
        (Moment(days=1), "2026-11-26T09:00"),
    ],
)
def test_a_moment_is_the_next_such_time(moment, expected):
    assert moment.resolve(NOW) == at(expected)


@pytest.mark.parametrize(
    ("now", "moment", "expected"),
    [
        ("2026-11-25T23:59", Moment(days=1, hour=8, minute=0), "2026-11-26T08:00"),
        ("2026-11-26T00:00", Moment(days=1, hour=8, minute=0), "2026-11-27T08:00"),
        ("2026-11-25T23:50", Moment(minutes=20), "2026-11-26T00:10"),
        ("2026-11-30T22:00", Moment(days=1), "2026-12-01T09:00"),
        ("2026-12-31T22:00", Moment(days=1, hour=8, minute=0), "2027-01-01T08:00"),
        ("2026-12-31T22:00", Moment(day=1), "2027-01-01T09:00"),
        ("2026-12-31T22:00", Moment(month=12, day=31, hour=20, minute=0), "2027-12-31T20:00"),
        ("2026-11-29T10:00", Moment(weekday=7, weeks=0, hour=20, minute=0), "2026-11-29T20:00"),
        ("2026-11-29T10:00", Moment(weekday=1, weeks=0, hour=20, minute=0), "2026-11-30T20:00"),
        ("2026-11-29T10:00", Moment(weekday=1, weeks=1, hour=20, minute=0), "2026-11-30T20:00"),
        ("2026-11-29T10:00", Moment(weekday=7, weeks=1, hour=20, minute=0), "2026-12-06T20:00"),
        ("2026-11-29T21:00", Moment(weekday=7, weeks=0, hour=20, minute=0), "2026-12-06T20:00"),
        ("2027-01-31T10:00", Moment(day=30), "2027-03-30T09:00"),
        ("2028-02-29T08:00", Moment(month=2, day=29), "2028-02-29T09:00"),
        ("2026-11-25T20:00", Moment(hour=20, minute=0), "2026-11-25T20:00"),
        ("2026-11-25T20:01", Moment(hour=20, minute=0), "2026-11-26T20:00"),
    ],
)
def test_borders_of_days_months_weeks_and_years(now, moment, expected):
    assert moment.resolve(at(now)) == at(expected)


@pytest.mark.parametrize(
    "moment",
    [
        Moment(event="term_start", side="before"),
        Moment(days=0, hour=9, minute=0, part="morning"),
        Moment(days=0, part="morning"),
        Moment(month=2, day=30),
        Moment(),
    ],
)
def test_an_event_what_is_over_and_what_never_comes_is_no_time(moment):
    assert moment.resolve(NOW) is None


def test_another_zone_is_reckoned_in_that_of_guangzhou():
    now = datetime.fromisoformat("2026-11-25T17:00+00:00")  # one o'clock on the 26th there
    assert Moment(days=1, hour=8, minute=0).resolve(now) == at("2026-11-27T08:00")


def test_json_holds_what_is_known_and_gives_the_moment_back():
    moment = Moment(weekday=6, weeks=1, hour=19, minute=30)
    assert moment.to_json() == {"weekday": 6, "weeks": 1, "hour": 19, "minute": 30}
    assert Moment(**moment.to_json()) == moment
    assert Moment(event="week", side="on").to_json() == {"event": "week", "side": "on"}
    assert Moment(hour=7, minute=0, part="morning").to_json() == {"hour": 7, "minute": 0}
