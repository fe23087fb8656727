"""P1: from a class's code to the first questions, in six messages, and nothing before consent."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.h5 import privacy
from bot.profile import family
from bot.wechat import events
from tests.support import places
from tests.support.desk import FATHER, MOTHER

QUESTION = "孩子写作业总是拖拉怎么办"


async def follows(desk, scene="", who=MOTHER):
    (told,) = await desk.gets(desk.event(events.Subscribe, scene, "t" if scene else "", who=who))
    return told.text


async def scans(desk, scene, who=MOTHER):
    (told,) = await desk.gets(desk.event(events.Scan, scene, "t", who=who))
    return told.text


async def kept(desk, table, who=MOTHER):
    return await desk.rows(f"SELECT * FROM {table} WHERE openid = :o", o=who)


async def children(desk, who=MOTHER):
    rows = await desk.rows("SELECT * FROM child WHERE openid = :o ORDER BY id", o=who)
    return [(r["stage"], r["entry_year"], r["unit"], r["source"]) for r in rows]


async def test_a_parent_comes_in_by_a_classs_code_in_six_messages(town_desk):
    desk = town_desk
    shown = [await follows(desk, f"class:{places.CLASS}")]
    assert f"您来自 {places.NAME}" in shown[0]
    assert "1 同意并开始\n2 先看看隐私说明" in shown[0]
    assert {len(await kept(desk, t)) for t in ("guardian", "child", "consent")} == {0}
    shown.append(await desk.says("2"))
    assert desk.rt.say("privacy") in shown[1]
    assert await kept(desk, "consent") == []
    shown.append(await desk.says("1"))
    consents = {r["kind"]: (bool(r["is_given"]), r["version"]) for r in await kept(desk, "consent")}
    assert consents == {
        "service": (True, privacy.version()),
        **dict.fromkeys(("lessons", "events", "research"), (False, privacy.version())),
    }
    shown.append(await desk.says("妈妈"))
    shown.append(await desk.says("2"))
    shown.append(await desk.says("幼儿园大班"))
    assert "三年级家长常问" in shown[5]
    assert "4 想\n5 先不用" in shown[5]
    assert len(shown) == 6
    assert [r["role"] for r in await kept(desk, "guardian")] == ["mother"]
    assert await children(desk) == [
        ("primary", 2024, places.CLASS, "code"),
        ("kinder", 2024, "", "told"),
    ]


async def begun(desk, *words, who=MOTHER):
    await follows(desk, f"class:{places.CLASS}", who)
    for said in ("1", "妈妈", "1", *words):
        told = await desk.says(said, who=who)
    return told


async def test_weekly_lessons_are_a_consent_of_their_own(town_desk):
    desk = town_desk
    assert await begun(desk, "4") == desk.rt.say("family", "lessons_on")
    assert await begun(desk, "先不用", who=FATHER) == desk.rt.say("family", "lessons_off")

    async def last(who):
        return [
            bool(r["is_given"]) for r in await kept(desk, "consent", who) if r["kind"] == "lessons"
        ]

    assert await last(MOTHER) == [False, True]
    assert await last(FATHER) == [False, False]


async def test_a_number_of_the_card_is_answered_and_the_question_of_it_waits(town_desk):
    desk = town_desk
    await begun(desk)
    assert "依据：" in await desk.says("2")
    assert "4 想" in await desk.says("继续")
    assert await desk.says("想") == desk.rt.say("family", "lessons_on")


async def test_a_parent_who_refuses_leaves_no_row(town_desk):
    desk = town_desk
    await follows(desk, f"unit:{places.CLASS}")
    await desk.says("2")
    assert "什么都不记" in await desk.says("2")
    assert {len(await kept(desk, t)) for t in ("guardian", "child", "consent")} == {0}
    assert "依据：" in await desk.says(QUESTION)


async def test_a_question_instead_of_consent_just_works(town_desk):
    desk = town_desk
    await follows(desk, f"class:{places.CLASS}")
    assert "依据：" in await desk.says(QUESTION)
    assert "还没有审核过的答案" in await desk.says("孩子的自行车链条老是掉怎么修")
    assert await kept(desk, "guardian") == []
    assert "您来自" in await desk.says("继续")


@pytest.mark.parametrize(
    ("scene", "name"),
    [(f"unit:{places.SCHOOL}", "示范一小"), ("unit:gz/tianhe", "天河区")],
)
async def test_a_school_or_district_is_greeted_by_name_and_tells_no_child(town_desk, scene, name):
    desk = town_desk
    assert f"您来自 {name}。" in await follows(desk, scene)
    await desk.says("1")
    assert "孩子在哪个学段" in await desk.says("爸爸")
    assert "三年级家长常问" in await desk.says("三年级和初二")
    assert await children(desk) == [("primary", 2024, "", "told"), ("junior", 2025, "", "told")]


async def test_digits_alone_lead_to_a_grade(town_desk):
    desk = town_desk
    await follows(desk)
    for said in ("1", "2", "3"):
        await desk.says(said)
    assert "四年级家长常问" in await desk.says("4")
    assert await children(desk) == [("primary", 2023, "", "told")]


async def test_without_a_code_the_offer_is_short_and_comes_once_a_week(town_desk):
    desk = town_desk
    told = await follows(desk)
    assert told.startswith(desk.rt.say("welcome"))
    assert "1 同意并开始" in told
    assert "依据：" in await desk.says(QUESTION)
    assert await scans(desk, "event-7") == desk.rt.say("welcome", "returning")
    desk.clock.turn(days=7, seconds=1)
    assert "1 同意并开始" in await scans(desk, "event-7")


@pytest.mark.parametrize("scene", ["class:gz/tianhe/none", "unit:", "class:' OR 1=1", "x" * 64])
async def test_a_forged_code_gets_the_general_welcome_and_an_incident(town_desk, logged, scene):
    desk = town_desk
    assert (await follows(desk, scene)).startswith(desk.rt.say("welcome"))
    assert '"scene_unknown"' in logged()
    assert MOTHER not in logged()


async def test_a_class_out_of_use_is_nobodys(town_desk):
    desk = town_desk
    async with desk.rt.db.write() as tx:
        from bot.org import tree

        await tree.archive(tx, places.CLASS, desk.clock.now())
    assert "您来自" not in await follows(desk, f"class:{places.CLASS}")


async def test_who_leaves_takes_everything_along_and_starts_anew(town_desk):
    desk = town_desk
    await begun(desk, "4")
    await desk.gets(desk.event(events.Unsubscribe))
    for table in ("guardian", "child", "consent", "conversation"):
        assert await kept(desk, table) == []
    assert len(await desk.rows("SELECT 1 FROM consent WHERE openid = ''")) == 5
    assert "您来自" in await follows(desk, f"class:{places.CLASS}")
    assert await kept(desk, "guardian") == []


async def test_deleting_everything_takes_the_family_along(town_desk):
    desk = town_desk
    await begun(desk)
    await desk.says("删除我")
    await desk.says("确认删除")
    assert {len(await kept(desk, t)) for t in ("guardian", "child", "consent")} == {0}


DIGITS = ("1", "2", "3", "4", "5", "9", "0")
COMMANDS = ("返回", "跳过", "取消", "继续", "再说一遍", "是", "不用", "有用", "你好", "结束")
ANSWERS = ("妈妈", "外婆", "同意", "幼儿园大班", "小学", "初一、高二", QUESTION)
WISHES = ("菜单", "人工", "我的孩子", "加孩子", "移除孩子", "退出班级", "长辈模式", "隐私")
SAID = st.lists(
    st.sampled_from(DIGITS + COMMANDS + ANSWERS + WISHES) | st.text(max_size=8), max_size=14
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=SAID)
async def test_no_answers_break_or_trap_the_beginning(desk, said):
    await places.build(desk.rt.db, desk.clock.now())
    await desk.gets(desk.event(events.Unsubscribe))
    await follows(desk, f"class:{places.CLASS}")
    for words in said:
        told = await desk.says(words)
        assert told != desk.rt.say("busy"), said
        assert len(told.encode()) <= 2048
    # the way out is always open: a person ends, the flows end, a question is a question
    for words in ("结束", "取消", "取消", "取消"):
        await desk.says(words)
    told = await desk.says(QUESTION)
    assert "依据：" in told or "听完整的" in told
    assert len(await children(desk)) <= family.CHILDREN_MOST
