"""A term, evening by evening: one parent learns, one falls silent, one has had enough."""

from datetime import date, timedelta

import pytest

from bot.calendar.days import Calendar, Kind
from tests.support.reminded import Class, Do

FIRST, LAST = date(2027, 2, 22), date(2027, 7, 9)
HOLIDAYS = Calendar()


@pytest.fixture
async def small(sqlite_settings):
    async with Class.open(sqlite_settings) as opened:
        yield opened


async def learns(school, openid, evening):
    """Do what is at hand on two evenings of a week."""
    if evening.weekday() not in (1, 4) or (await school.row(openid)).state != "active":
        return
    step = (await school.row(openid)).step
    if step == "check":
        await school.do(openid, Do.DONE)
    while (await school.row(openid)).step == "card":
        await school.do(openid, Do.NEXT)
    row = await school.row(openid)
    if row.step == "practice":
        await school.do(openid, Do.TIME)
    while (row := await school.row(openid)).step == "quiz":
        right = school.course.lessons[row.lesson].quiz[row.at_step].right
        await school.do(openid, Do.ANSWER, right)


async def test_a_term_evening_by_evening(small):
    learner, silent, off = await small.parents(3)
    told = {one: {} for one in (learner, silent, off)}
    evening = FIRST
    while evening <= LAST:
        small.at(f"{evening} 20:00")
        await small.work()
        for one, days in told.items():
            if len(small.shown(one)) > sum(days.values()):
                days[evening] = len(small.shown(one)) - sum(days.values())
        await learns(small, learner, evening)
        if evening == FIRST + timedelta(days=10):
            await small.withdraw(off)
        evening += timedelta(days=1)
    holidays = [d for d in told[silent] if HOLIDAYS.day(d).kind is Kind.STATE_HOLIDAY]
    assert holidays == []
    assert all(count == 1 for days in told.values() for count in days.values())
    assert len(told[silent]) == 3 + 1, "three nudges and one question, then silence"
    assert max(told[off]) <= FIRST + timedelta(days=10)
    assert (await small.row(learner)).state == "finished"
    done = (await small.row(learner)).finished_at.date()
    assert max(told[learner]) <= done, "nobody who has finished is reminded"
