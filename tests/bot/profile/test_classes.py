"""Codes of classes for who has begun already; nothing known is overwritten without being asked."""

import pytest

from tests.bot.profile.test_onboarding import begun, children, scans
from tests.support import places

THIRD = ("primary", 2024, places.CLASS, "code")
SECOND = ("primary", 2025, places.OTHER_CLASS, "code")


@pytest.fixture
async def home(town_desk):
    await begun(town_desk, "5")
    return town_desk


async def test_the_same_code_again_is_met_kindly(home):
    told = await scans(home, f"class:{places.CLASS}")
    assert told == home.rt.say("family", "class_same", text=places.NAME)
    assert await children(home) == [THIRD]


async def test_another_classs_code_asks_what_is_meant(home):
    told = await scans(home, f"class:{places.OTHER_CLASS}")
    assert places.OTHER_NAME in told
    assert "1 加一个孩子\n2 换班\n3 都不是" in told
    assert await children(home) == [THIRD]


@pytest.mark.parametrize(
    ("said", "after"),
    [("1", [THIRD, SECOND]), ("换班", [SECOND]), ("都不是", [THIRD]), ("三", [THIRD])],
)
async def test_a_child_is_added_or_moved_or_neither(home, said, after):
    await scans(home, f"class:{places.OTHER_CLASS}")
    assert "好了" in await home.says(said) or after == [THIRD]
    assert await children(home) == after
    assert "要加一个孩子" not in await home.says("再说一遍")


async def test_with_two_children_the_parent_says_who_moves(home):
    await home.says("我要加一个高二的孩子")
    await scans(home, f"class:{places.OTHER_CLASS}")
    assert f"1 {places.NAME}\n2 高二" in await home.says("2")
    await home.says("高二")
    assert await children(home) == [THIRD, SECOND]


async def test_a_code_of_a_school_is_only_greeted(home):
    assert await scans(home, f"unit:{places.SCHOOL}") == home.rt.say("welcome", "returning")


async def test_a_child_of_no_class_is_added_after_a_yes(home):
    await home.says("移除孩子")
    await home.says("1")
    assert await children(home) == []
    assert places.OTHER_NAME in await scans(home, f"class:{places.OTHER_CLASS}")
    await home.says("没有")
    assert await children(home) == []
    await scans(home, f"class:{places.OTHER_CLASS}")
    assert places.OTHER_NAME in await home.says("有的")
    assert await children(home) == [SECOND]


async def test_a_class_is_left_after_a_yes_and_the_child_stays(home):
    assert places.NAME in await home.says("退出班级")
    assert await home.says("2") == home.rt.say("family", "class_kept")
    await home.says("退出班级")
    assert places.NAME in await home.says("是的")
    assert await children(home) == [("primary", 2024, "", "code")]
    assert await home.says("退出班级") == home.rt.say("family", "class_none")


@pytest.mark.parametrize(
    ("said", "intent"), [("怎么绑定班级", "bind_class"), ("换班", "change_class")]
)
async def test_how_classes_are_joined_and_changed_is_told(home, said, intent):
    assert await home.says(said) == home.rt.say(intent)


async def test_a_class_is_called_by_this_years_grade(home):
    home.clock.turn(days=365)
    assert "示范一小 四年级3班" in await home.says("我的孩子")
