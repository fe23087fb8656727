"""What the next reminder is for, and when."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.quiet import is_quiet_hour
from bot.clock import GUANGZHOU
from bot.school import due
from bot.school.due import NOTHING, NUDGES, planned, sent
from bot.school.states import Due, Step
from bot.school.steps import Place
from bot.settings import Settings

EVENING = 20 * 60
SETTINGS = Settings(_env_file=None)


def at(text):
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def test_the_practice_is_due_at_the_parents_time_today_or_tomorrow_if_that_is_past():
    check = Place(0, Step.CHECK)
    today = planned(check, EVENING, at("2027-03-01 19:00"), is_new=True)
    assert (today.due, today.at) == (Due.PRACTICE, at("2027-03-01 20:00"))
    late = planned(check, EVENING, at("2027-03-01 20:00"), is_new=True)
    assert late.at == at("2027-03-02 20:00")


def test_the_day_after_it_is_asked_then_three_nudges_then_one_question_then_silence():
    moment, plan, told = at("2027-03-01 20:00"), due.Plan(Due.PRACTICE, None), []
    while plan.due is not None:
        plan = sent(plan.due, plan.nudges, EVENING, moment)
        if plan.at:
            told.append((plan.due.value, plan.at.astimezone(GUANGZHOU).day))
            moment = plan.at + timedelta(seconds=20)
    assert told == [
        ("check", 2), ("lesson", 5), ("lesson", 8), ("lesson", 11), ("ask", 14),
    ]  # fmt: skip
    assert plan.nudges == NUDGES


def test_a_reminder_that_went_out_in_the_morning_moves_no_day():
    plan = sent(Due.LESSON, 0, EVENING, at("2027-03-05 08:00"))
    assert plan.at == at("2027-03-07 20:00")


def test_silence_is_three_whole_days():
    plan = planned(Place(), EVENING, at("2027-03-01 20:30"))
    assert (plan.due, plan.at) == (Due.LESSON, at("2027-03-05 20:00"))


def test_without_a_time_or_after_the_end_nothing_is_due():
    assert planned(Place(), None, at("2027-03-01 20:30")) == NOTHING
    assert planned(Place(4, Step.DONE), EVENING, at("2027-03-01 20:30")) == NOTHING


@given(st.integers(0, 24 * 60 - 1))
def test_no_time_lies_in_the_quiet_hours(minutes):
    chosen = due.allowed(SETTINGS, minutes)
    day = datetime(2027, 3, 1, chosen // 60, chosen % 60, tzinfo=GUANGZHOU)
    assert not is_quiet_hour(SETTINGS, day)
    if chosen != minutes:
        assert chosen in {8 * 60, 20 * 60 + 45}


def test_half_past_seven_becomes_eight_and_half_past_ten_the_last_quarter():
    assert due.allowed(SETTINGS, 7 * 60 + 30) == 8 * 60
    assert due.allowed(SETTINGS, 22 * 60 + 30) == 20 * 60 + 45


def test_put_off_it_is_the_same_once_more():
    until = at("2027-03-02 20:00")
    check = Place(0, Step.CHECK)
    assert due.snoozed(check, Due.PRACTICE, EVENING, until).due is Due.PRACTICE
    assert due.snoozed(check, Due.CHECK, EVENING, until).due is Due.CHECK
    assert due.snoozed(Place(), Due.LESSON, EVENING, until).due is Due.LESSON
