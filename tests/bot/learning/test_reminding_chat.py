"""What the conversation knows of a reminder: the digits below it, or the line at the next visit."""

import pytest

from bot.school.states import Due, Standing, Step
from tests.support.reminded import Class, Do

MON, TUE = "2026-11-30", "2026-12-01"
LINE = "昨晚的一练怎么样？"


@pytest.fixture
async def school(settings):
    async with Class.open(settings) as opened:
        yield opened


@pytest.fixture
async def small(sqlite_settings):
    async with Class.open(sqlite_settings) as opened:
        yield opened


async def asked(school, due=Due.ASK):
    """Return a parent to whom this was pushed."""
    (anna,) = await school.parents(1)
    await school.due(anna, due, school.clock.now(), nudges=3)
    await school.work()
    assert len(school.shown(anna)) == 1
    return anna


@pytest.mark.parametrize(
    ("digit", "state", "due", "said"),
    [
        ("1", Standing.ACTIVE, Due.LESSON, "第 1 课"),
        ("2", Standing.RESTING, Due.RESUME, "这个月不再提醒"),
        ("3", Standing.STOPPED, "", "不学了，不再提醒"),
    ],
)
async def test_the_digits_below_a_pushed_question_work(school, digit, state, due, said):
    anna = await asked(school)
    school.pass_time(hours=5)
    assert said in await school.says(anna, digit)
    row = await school.row(anna)
    assert (row.state, row.due) == (state, due)


async def test_the_words_behind_a_digit_are_as_good(small):
    anna = await asked(small)
    assert "这个月不再提醒" in await small.says(anna, "下月再说")


async def test_a_number_that_was_not_offered_changes_nothing(small):
    anna = await asked(small)
    await small.says(anna, "7")
    assert (await small.row(anna)).state == Standing.ACTIVE


async def test_another_parents_course_cannot_be_answered_for(small):
    anna = await asked(small)
    await small.office.change("UPDATE enrolment SET openid = 'oSomebodyElse'")
    assert "不在您的课里" in await small.says(anna, "3")
    (row,) = await small.rows("SELECT state FROM enrolment")
    assert row["state"] == Standing.ACTIVE


async def test_the_digits_below_a_pushed_practice_and_its_question_work(school):
    anna, bea = await school.parents(2)
    await school.plan_practice(anna, bea)
    school.at(f"{MON} 20:00")
    await school.work()
    assert "1 做了\n2 没做成\n3 跳过" in school.shown(anna)[0]
    assert "做了就好" in await school.says(anna, "1")
    assert (await school.row(anna)).step == Step.QUIZ
    school.at(f"{TUE} 20:00")
    await school.work()
    assert len(school.shown(anna)) == 1
    assert school.shown(bea)[1].startswith("昨晚的一练《")
    assert "卡在哪里" in await school.says(bea, "2")
    assert (await school.row(bea)).step == Step.STUCK


async def test_a_question_of_something_graver_keeps_its_digits(small):
    (anna,) = await small.parents(1)
    await small.says(anna, "孩子说不想活了")
    before = await small.talk(anna)
    await small.due(anna, Due.ASK, small.clock.now())
    await small.work()
    after = await small.talk(anna)
    assert (after.pending, after.choices) == (before.pending, before.choices)


async def test_what_could_not_be_pushed_leads_the_next_reply_once(school):
    school.is_reachable = False
    (anna,) = await school.parents(1, window=False)
    await school.plan_practice(anna)
    school.at(f"{MON} 20:00")
    await school.work()
    school.at(f"{TUE} 20:00")
    await school.work()
    assert school.shown(anna) == []
    assert await school.states() == {"kept": 2}
    first = await school.says(anna, "你好")
    assert first.startswith(LINE)
    assert first.count("一练") == 1  # the practice of the evening before waits no more
    assert LINE not in await school.says(anna, "你好")


async def test_a_line_of_another_day_is_worded_for_it(small):
    small.is_reachable = False
    (anna,) = await small.parents(1, window=False)
    await small.plan_practice(anna)
    small.at(f"{MON} 20:00")
    await small.work()
    small.at(f"{TUE} 20:00")
    await small.work()
    small.at("2026-12-02 12:00")
    assert (await small.says(anna, "你好")).startswith("上次的一练后来怎么样？")


async def test_who_did_it_meanwhile_is_told_nothing(small):
    small.is_reachable = False
    (anna,) = await small.parents(1, window=False)
    await small.plan_practice(anna)
    small.at(f"{MON} 20:00")
    await small.work()
    await small.do(anna, Do.DONE)
    assert "一练" not in await small.says(anna, "你好")
    assert (await small.talk(anna)).held == []


async def test_not_more_than_one_line_a_day(small):
    small.is_reachable = False
    (anna,) = await small.parents(1, window=False)
    await small.due(anna, Due.LESSON, small.clock.now())
    await small.work()
    assert (await small.says(anna, "你好")).startswith("《")
    await small.due(anna, Due.LESSON, small.clock.now())
    await small.work()
    assert not (await small.says(anna, "你好")).startswith("《")
    small.at(f"{TUE} 09:00")
    assert (await small.says(anna, "你好")).startswith("《")
    assert not (await small.says(anna, "你好")).startswith("《")


async def test_the_question_is_asked_at_the_visit_with_its_digits(small):
    small.is_reachable = False
    (anna,) = await small.parents(1, window=False)
    await small.due(anna, Due.ASK, small.clock.now())
    await small.work()
    assert "3 不学了" in await small.says(anna, "谢谢")
    assert "不再提醒" in await small.says(anna, "3")
    assert (await small.row(anna)).state == Standing.STOPPED


async def test_help_in_danger_stands_alone(small):
    small.is_reachable = False
    (anna,) = await small.parents(1, window=False)
    await small.due(anna, Due.LESSON, small.clock.now())
    await small.work()
    assert "停在" not in await small.says(anna, "孩子说不想活了")


async def test_who_leaves_is_forgotten(small):
    anna = await asked(small)
    await small.says(anna, "删除我")
    await small.says(anna, "确认删除")
    rows = await small.rows("SELECT openid FROM reminder_person WHERE openid = :o", o=anna)
    assert rows == []
