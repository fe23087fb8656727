"""What a parent is told of the publicity week, on any day of the year."""

from datetime import UTC, datetime

import pytest

from bot.dialogue.turn import Turn
from bot.week.replies import publicity_week, week_events
from tests.support.desk import MOTHER


def asked(desk, text, day, *, reply=publicity_week):
    """Return the answer to a text on a day, at ten in the morning in Guangzhou."""
    now = datetime.fromisoformat(f"{day}T02:00:00+00:00")
    turn = Turn(desk.rt, desk.words(text), None, now, MOTHER, "", text=text)
    return reply(turn)


async def test_the_coming_week_is_told_with_its_weekdays(desk):
    assert asked(desk, "宣传周是几号", "2027-04-26") == (
        "2027 年全国家庭教育宣传周是 5 月 10 日（周一）—16 日（周日）。\n"
        "每年 5 月 15 日国际家庭日所在的那一周就是。依据：《家庭教育促进法》第13条。"
    )


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("宣传周是几号", "2027-05-10", "今天是第 1 天"),
        ("宣传周是几号", "2027-05-16", "今天是第 7 天"),
        ("宣传周是几号", "2027-05-17", "2028 年全国家庭教育宣传周是 5 月 15 日（周一）—21 日"),
        ("宣传周过了吗", "2026-12-31", "2027 年"),
        ("今年宣传周是几号", "2027-06-01", "2027 年全国家庭教育宣传周是 5 月 10 日（周一）"),
        ("今年宣传周是几号", "2027-06-01", "已经过了"),
        ("2028年宣传周几号", "2026-11-24", "2028 年全国家庭教育宣传周是 5 月 15 日（周一）—21 日"),
        ("2022年宣传周几号", "2026-11-24", "5 月 9 日（周一）—15 日（周日），已经过了"),
        ("明年宣传周", "2027-05-12", "2028 年全国家庭教育宣传周是"),
        ("2027年宣传周", "2027-05-12", "今天是第 3 天"),
        ("2021年宣传周几号", "2026-11-24", "2027 年的是 5 月 10 日（周一）"),
        ("2101年宣传周几号", "2026-11-24", "太远的年份我也不说"),
    ],
)
async def test_the_week_that_is_meant_is_told(desk, text, day, said):
    assert said in asked(desk, text, day)


async def test_the_day_is_the_one_in_guangzhou(desk):
    now = datetime(2027, 5, 9, 16, 30, tzinfo=UTC)  # half past midnight, the tenth, in Guangzhou
    turn = Turn(desk.rt, desk.words("宣传周"), None, now, MOTHER, "", text="宣传周")
    assert "今天是第 1 天" in publicity_week(turn)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-24", "2027 年的宣传周是 5 月 10 日（周一）—16 日（周日）"),
        ("2027-05-11", "现在就是宣传周（2027 年 5 月 10 日—16 日）"),
        ("2027-05-17", "2028 年的宣传周是 5 月 15 日（周一）"),
    ],
)
async def test_events_are_not_told_before_they_are_published(desk, day, said):
    told = asked(desk, "宣传周有什么活动", day, reply=week_events)
    assert said in told
    assert "公布" in told


async def test_the_desk_answers_with_its_own_day(desk):
    assert "2027 年全国家庭教育宣传周" in await desk.says("宣传周是几号")
    assert "公布" in await desk.says("宣传周有什么活动")


async def test_a_frozen_week_is_told_with_its_theme_and_programme(fair):
    await fair.plan()
    await fair.talk(at="2027-05-12 19:30")
    parent = await fair.house.parent()
    fair.house.wait(seconds=1)
    told = await parent.says("宣传周是几号")
    assert "今天是第 1 天" in told
    assert "今天的主题：家庭是第一个课堂。" in told
    assert "https://bot.example.cn/h/week" in told
    fair.house.wait(seconds=1)
    told = await parent.says("宣传周有什么活动")
    assert "今天的安排" in told
    assert "5.12 19:30 怎么说孩子才听" in told
    assert "宣传周今天开始" not in told  # a push


async def test_before_the_week_its_themes_are_told(fair):
    await fair.plan()
    fair.at("2027-05-11 10:00")
    parent = await fair.house.parent()
    fair.at("2027-05-17 10:00")  # over: the next year has no plan yet
    assert "2028 年" in await parent.says("宣传周有什么活动")
    await fair.plan(year=2028)
    fair.house.wait(seconds=1)
    told = await parent.says("宣传周有什么活动")
    assert "2028 年的宣传周是 5 月 15 日（周一）—21 日（周日）" in told
    assert "周一 家庭是第一个课堂" in told
    assert told.count("\n") < 14
