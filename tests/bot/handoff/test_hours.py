"""Office hours in Guangzhou, over nights, weekends and days off."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.clock import GUANGZHOU
from bot.handoff.hours import desk


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=GUANGZHOU)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-25 09:00", "2026-11-25 09:00"),
        ("2026-11-25 17:29", "2026-11-25 17:29"),
        ("2026-11-25 17:30", "2026-11-26 09:00"),
        ("2026-11-25 03:00", "2026-11-25 09:00"),
        ("2026-11-27 18:00", "2026-11-30 09:00"),
        ("2026-12-31 18:00", "2027-01-04 09:00"),
    ],
)
def test_people_answer_next(now, opens):
    assert desk().next_open(at(now)) == at(opens)
    assert desk().is_open(at(now)) == (now == opens)


def test_a_weekend_worked_is_open():
    rules = replace(desk(), worked=frozenset({date(2026, 11, 28)}))
    assert rules.is_open(at("2026-11-28 10:00"))


@pytest.mark.parametrize(
    ("now", "hours", "due"),
    [
        ("2026-11-25 09:00", 2, "2026-11-25 11:00"),
        ("2026-11-25 16:30", 2, "2026-11-26 10:00"),
        ("2026-11-28 12:00", 8.5, "2026-11-30 17:30"),
        ("2026-11-25 09:00", 24, "2026-11-27 16:00"),
    ],
)
def test_what_is_due_counts_office_time(now, hours, due):
    assert desk().after(at(now), timedelta(hours=hours)) == at(due)


def test_a_moment_is_written_for_parents():
    assert desk().say_moment(at("2026-11-25 09:05")) == "11月25日 09:05"
