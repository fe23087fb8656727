"""Children by stage: listed, added, taken away; all of it by digits."""

import pytest

from bot.profile import family
from tests.bot.profile.test_onboarding import begun, children
from tests.support import places
from tests.support.desk import FATHER

THIRD = ("primary", 2024, places.CLASS, "code")


@pytest.fixture
async def home(town_desk):
    await begun(town_desk, "5")
    return town_desk


async def test_children_are_listed_and_changed_by_number(home):
    told = await home.says("我的孩子")
    assert f"第 1 个：{places.NAME}" in told
    assert "1 加孩子\n2 移除孩子\n3 退出班级" in told
    assert "孩子在哪个学段" in await home.says("1")
    assert "哪个班" in await home.says("2")
    assert "记下了：幼儿园中班。\n还有别的孩子吗" in await home.says("2")
    assert "1 还没上幼儿园" in await home.says("2")
    assert "幼儿园中班、还没上幼儿园" in await home.says("1")
    assert "我的孩子" in await home.says("1")
    assert await children(home) == [
        THIRD,
        ("kinder", 2025, "", "told"),
        ("infant", None, "", "told"),
    ]


async def test_a_wish_that_names_the_grade_needs_no_question(home):
    assert "高一" in await home.says("我要加一个高一的孩子")
    assert (await children(home))[1:] == [("senior", 2026, "", "told")]


async def test_a_child_is_taken_away_after_a_yes(home):
    await home.says("我要加一个初三的孩子")
    assert f"1 {places.NAME}\n2 初三" in await home.says("移除孩子")
    assert "确定移除 初三 吗" in await home.says("2")
    assert await home.says("不移除") == home.rt.say("family", "class_kept")
    await home.says("移除孩子")
    await home.says("初三")
    assert "初三" in await home.says("1")
    assert await children(home) == [THIRD]


async def test_there_is_an_end_to_children(home):
    for _ in range(7):
        told = await home.says("我要加一个初三的孩子")
    assert told == home.rt.say("family", "too_many")
    assert len(await children(home)) == family.CHILDREN_MOST


async def test_several_grades_in_one_answer_stop_at_the_end_too(home):
    await home.says("加孩子")
    await home.says("小班、中班、大班、一年级、二年级、四年级、初一、初二")
    assert len(await children(home)) == family.CHILDREN_MOST


async def test_who_has_not_agreed_is_asked_that_first(town_desk):
    desk = town_desk
    assert "1 同意并开始" in await desk.says("加孩子", who=FATHER)
    assert "1 加孩子" in await desk.says("我的孩子", who=FATHER)
    assert await desk.says("移除孩子", who=FATHER) == await desk.says("我的孩子", who=FATHER)
    assert await children(desk, FATHER) == []
