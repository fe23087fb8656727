"""Quiet hours in Beijing time: over midnight, within a day, or none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.calendar.quiet import is_quiet_hour, next_open
from bot.clock import GUANGZHOU
from bot.settings import Settings

TIMES = st.times().map(lambda t: t.strftime("%H:%M"))
INSTANTS = st.integers(0, 4_000_000_000_000_000).map(
    lambda n: datetime(2004, 1, 1, tzinfo=UTC) + timedelta(microseconds=n)
)


def at(clock, day=24):
    hour, minute, second = (int(part) for part in clock.split(":"))
    return datetime(2026, 11, day, hour, minute, second, tzinfo=GUANGZHOU)


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [
        ("20:59:59", False), ("21:00:00", True), ("23:59:59", True), ("00:00:00", True),
        ("07:59:59", True), ("08:00:00", False), ("12:00:00", False),
    ],
)  # fmt: skip
def test_the_usual_hours_are_nine_to_eight(clock, quiet):
    assert is_quiet_hour(Settings(), at(clock)) is quiet
    assert is_quiet_hour(Settings(), at(clock).astimezone(UTC)) is quiet


def test_what_comes_at_night_waits_for_the_morning():
    assert next_open(Settings(), at("22:30:00")) == at("08:00:00", 25)
    assert next_open(Settings(), at("03:00:00", 25)) == at("08:00:00", 25)
    noon = at("12:00:00")
    assert next_open(Settings(), noon) is noon


def test_hours_within_a_day_and_none_at_all():
    noon = Settings(quiet_from="12:00", quiet_to="14:00")
    assert is_quiet_hour(noon, at("13:00:00"))
    assert not is_quiet_hour(noon, at("23:00:00"))
    assert next_open(noon, at("12:00:00")) == at("14:00:00")
    never = Settings(quiet_from="08:00", quiet_to="08:00")
    assert not is_quiet_hour(never, at("08:00:00"))


@settings(deadline=None)
@given(INSTANTS, TIMES, TIMES)
def test_the_next_open_instant_is_open_and_the_earliest(now, begins, ends):
    given_hours = Settings(quiet_from=begins, quiet_to=ends)
    found = next_open(given_hours, now)
    assert now <= found < now + timedelta(days=1)
    assert not is_quiet_hour(given_hours, found)
    if found != now:
        assert is_quiet_hour(given_hours, now)
        assert is_quiet_hour(given_hours, found - timedelta(microseconds=1))
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "9:00", "24:00", "21:60", "21", "21:00:00", "nine"])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValidationError):
        Settings(quiet_from=text)
