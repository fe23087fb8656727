"""Reminders of courses: when they leave, what they say, whom they leave alone."""

import pytest

from bot.delivery import brake
from bot.school.states import Due
from tests.support.reminded import Class, Do

MON, TUE = "2026-11-30", "2026-12-01"


@pytest.fixture
async def school(settings):
    async with Class.open(settings) as opened:
        yield opened


@pytest.fixture
async def small(sqlite_settings):
    async with Class.open(sqlite_settings) as opened:
        yield opened


async def test_a_practice_is_reminded_at_its_time_and_asked_about_the_next_day(school):
    (anna,) = await school.parents(1)
    await school.plan_practice(anna)
    school.at(f"{MON} 19:58")
    assert await school.work() == 0
    school.at(f"{MON} 19:59:20")
    assert await school.work() == 1
    assert school.shown(anna) == []
    school.at(f"{MON} 20:00")
    await school.leave()
    (said,) = school.shown(anna)
    lesson = school.course.lessons[0]
    assert lesson.practice.title in said
    assert lesson.practice.do in said
    assert "1 做了\n2 没做成\n3 跳过" in said
    row = await school.row(anna)
    assert (row.due, row.nudges) == (Due.CHECK, 0)
    school.at(f"{TUE} 20:00")
    await school.work()
    assert school.shown(anna)[1].startswith("昨晚的一练")
    assert await school.work() == 0
    assert (await school.row(anna)).due == Due.LESSON


async def test_who_did_it_between_order_and_send_is_not_reminded(school):
    anna, bea, carl = await school.parents(3)
    await school.plan_practice(anna, bea, carl)
    school.at(f"{MON} 19:59:30")
    assert await school.work() == 3
    await school.do(anna, Do.DONE)
    await school.do(bea, Do.SKIP)
    school.at(f"{MON} 20:00")
    await school.leave()
    assert [len(school.shown(one)) for one in (anna, bea, carl)] == [0, 0, 1]
    assert await school.states() == {"sent": 1, "opted_out": 2}
    reasons = await school.rows("SELECT DISTINCT reason FROM delivery WHERE state = 'opted_out'")
    assert [row["reason"] for row in reasons] == ["done_already"]


async def test_one_order_says_the_same_to_many(small):
    openids = await small.parents(30)
    other = await small.parents(2, clock=19 * 60 + 59)
    for openid in (*openids, *other):
        await small.plan_practice(openid)
    small.at(f"{MON} 19:59:30")
    assert await small.work() == 32
    assert len(await small.rows("SELECT id FROM broadcast")) == 2
    small.at(f"{MON} 20:00")
    await small.leave()
    assert all(len(small.shown(one)) == 1 for one in (*openids, *other))


async def test_nobody_is_reminded_in_quiet_hours(small):
    anna, bea = await small.parents(2)
    await small.due(anna, Due.LESSON, small.clock.now().replace(hour=13, minute=30))  # 21:30
    await small.plan_practice(bea)
    await small.due(bea, Due.PRACTICE, small.clock.now().replace(hour=13, minute=0))  # 21:00
    for at in ("20:59:30", "21:00", "21:30", "23:59"):
        small.at(f"{MON} {at}")
        assert await small.work() == 0
    small.at(f"{TUE} 07:58")
    assert await small.work() == 0
    small.at(f"{TUE} 07:59:30")
    assert await small.work() == 1
    assert small.shown(anna) == []
    small.at(f"{TUE} 08:00")
    await small.leave()
    assert small.shown(anna)[0].startswith("《")
    assert small.shown(bea) == []  # the evening of the practice is over: the question comes instead
    assert (await small.row(bea)).due == Due.CHECK
    small.at(f"{TUE} 20:00")
    await small.work()
    assert small.shown(bea)[0].startswith("昨晚的一练")


async def test_what_fell_due_while_the_service_was_down_goes_when_it_is_back(small):
    anna, bea = await small.parents(2)
    await small.plan_practice(anna, bea)
    await small.due(bea, Due.CHECK, small.clock.now().replace(hour=12))
    small.at("2026-12-03 10:00")
    assert await small.work() == 1  # the practice of Monday is dropped, and asked about
    assert await small.work() == 1
    assert "上次的一练" in small.shown(anna)[0]
    assert "上次的一练" in small.shown(bea)[0]
    assert await small.work() == 0


async def test_an_order_never_reaches_into_quiet_hours(small):
    (anna,) = await small.parents(1, clock=20 * 60 + 55)
    await small.plan_practice(anna)
    small.at(f"{MON} 20:55")
    await small.office.change("INSERT INTO brake VALUES (1, '2026-11-30 00:00:00', 'chen')")
    assert await small.work() == 0  # nothing is ordered while the brake is on
    assert (await small.row(anna)).due == Due.PRACTICE
    await small.office.change("DELETE FROM brake")
    small.at(f"{MON} 20:56")
    assert await small.work() == 1
    (row,) = await small.rows("SELECT not_after FROM broadcast")
    assert str(row["not_after"]).startswith("2026-11-30 13:00")


async def test_after_three_nudges_one_question_then_silence(small):
    (anna,) = await small.parents(1)
    for day in range(1, 31):
        small.at(f"2026-12-{day:02} 20:00")
        await small.work()
    said = small.shown(anna)
    (nudges, asks) = ([s for s in said if "接着学吗" in s], [s for s in said if "歇一歇" in s])
    assert (len(nudges), len(asks), len(said)) == (3, 1, 4)
    assert asks[0].endswith("1 继续\n2 下月再说\n3 不学了")
    assert (await small.row(anna)).due_at is None


@pytest.mark.parametrize("end", ["stopped", "resting", "finished", "left"])
async def test_who_rests_stopped_or_finished_gets_nothing(small, end):
    (anna,) = await small.parents(1)
    if end == "left":
        await small.office.change("DELETE FROM enrolment")
    else:
        # as if an old release had left a plan behind
        await small.due(anna, Due.LESSON, small.clock.now(), state=end)
    assert await small.work() == 0
    assert small.shown(anna) == []
    if end != "left":
        assert (await small.row(anna)).due_at is None


@pytest.mark.parametrize("wish", ["withdraw", "unsubscribe"])
async def test_a_wish_wins_over_an_order(small, wish):
    anna, bea = await small.parents(2)
    await small.plan_practice(anna, bea)
    small.at(f"{MON} 19:59:30")
    await small.work()
    await getattr(small, wish)(anna)
    small.at(f"{MON} 20:00")
    await small.leave()
    assert (small.shown(anna), len(small.shown(bea))) == ([], 1)


async def test_a_rest_that_is_over_is_told_and_ends(small):
    (anna,) = await small.parents(1)
    await small.due(anna, Due.RESUME, small.clock.now(), state="resting")
    assert await small.work() == 1
    assert small.shown(anna)[0].startswith("您说过下月再看")
    assert (await small.row(anna)).state == "active"


async def test_a_course_that_is_gone_is_not_spoken_of(small, logged):
    anna, _ = await small.parents(2)
    await small.office.change("UPDATE enrolment SET version = 9 WHERE openid = :o", o=anna)
    await small.due(anna, Due.LESSON, small.clock.now())
    assert await small.work() == 0
    assert "reminder_without_lesson" in logged()
    assert (await small.row(anna)).due_at is None


async def test_the_fence_of_a_restored_database_holds_reminders(small):
    (anna,) = await small.parents(1)
    await small.due(anna, Due.LESSON, small.clock.now())
    await small.office.change(
        "INSERT INTO fence (id, raised_at, reason) VALUES (1, '2026-11-30 00:00:00', 'restored')"
    )
    assert await small.work() == 0
    async with small.rt.db.read() as tx:
        assert await tx.run_sync(brake.is_on)


async def test_on_a_state_holiday_nobody_is_nudged_but_the_own_evening_stands(small):
    anna, bea = await small.parents(2)
    new_year = small.clock.now().replace(year=2027, month=1, day=1, hour=12, minute=0)
    await small.due(anna, Due.LESSON, new_year)
    await small.due(bea, Due.PRACTICE, new_year)
    small.at("2027-01-01 20:00")
    assert await small.work() == 1
    await small.leave()
    assert [len(small.shown(one)) for one in (anna, bea)] == [0, 1]
    row = await small.row(anna)
    assert (row.due, row.nudges) == (Due.LESSON, 0)
    small.at("2027-01-02 20:00")
    assert await small.work() == 1 + 1  # the nudge, and the question about yesterday's practice
    assert (await small.row(anna)).nudges == 1
