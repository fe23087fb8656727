"""P9: short lines and digits for grandparents, and the rest one digit away."""

import pytest

from bot.library import find
from bot.profile import jobs
from bot.wechat import messages
from tests.bot.profile.test_onboarding import begun, follows
from tests.support import places

QUESTION = "孩子写作业总是拖拉怎么办"
NEXT = "回 1 听完整的　2 转人工"


@pytest.fixture
async def granny(each_desk):
    assert await each_desk.says("长辈模式") == each_desk.rt.say("elder_mode")
    return each_desk


async def test_an_answer_is_five_short_lines_chosen_from_the_curators(granny):
    told = (await granny.says(QUESTION)).split("\n")
    entry = find.now(granny.rt).entries["study.procrastinate.slow-homework"]
    assert len(told) == 5
    assert told[0] == entry.summary
    assert all(line in entry.answer and len(line) <= 60 for line in told[1:-1])
    assert told[-1] == NEXT


async def test_one_shows_the_whole_and_its_numbers_and_two_asks_for_a_person(granny):
    await granny.says(QUESTION)
    whole = await granny.says("1")
    assert "依据：" in whole
    code = (await granny.rows("SELECT code FROM decision"))[0]["code"]
    assert code in whole
    assert "依据：" not in await granny.says("1")  # the next answer, in short lines again
    assert "编号" in await granny.says("2")
    assert await granny.says("有用") == granny.rt.say("feedback_helpful")


async def test_a_long_text_is_read_some_lines_at_a_time_without_a_word_changed(granny):
    shown = [await granny.says("隐私")]
    while NEXT in shown[-1]:
        assert len(shown[-1].split("\n")) <= 5
        shown.append(await granny.says("1"))
    assert "\n".join(shown).replace(f"{NEXT}\n", "") == granny.rt.say("privacy")


async def test_help_in_a_crisis_is_never_cut(granny):
    told = await granny.says("孩子说不想活了，刚才吃了一瓶药")
    assert NEXT not in told
    assert "120" in told
    assert NEXT not in await granny.says("1")


async def test_pictures_and_voices_are_answered_so_that_a_digit_helps(granny):
    (picture,) = await granny.gets(granny.event(messages.Image, "http://p", "m"))
    assert picture.text == "我看不懂图片，您说一句话就行。"
    (voice,) = await granny.gets(granny.event(messages.Voice, "m", "amr", ""))
    assert "按 1 转人工" in voice.text
    assert "编号" in await granny.says("1")


async def test_a_voice_in_the_middle_of_a_question_has_its_own_digit(granny):
    await granny.says("加孩子")
    await granny.gets(granny.event(messages.Voice, "m", "amr", ""))
    assert "人工编号" in await granny.says("1")
    assert "1 同意并开始" in await granny.says("继续")


async def test_a_grandparent_is_offered_short_lines(town_desk):
    desk = town_desk
    await follows(desk, f"class:{places.CLASS}")
    await desk.says("1")
    assert "要不要用简单模式" in await desk.says("外婆")
    await desk.says("1")
    rows = await desk.rows("SELECT role, is_elder FROM guardian")
    assert [(r["role"], bool(r["is_elder"])) for r in rows] == [("grandparent", True)]
    assert NEXT in await desk.says(QUESTION)
    await desk.says("普通模式")
    assert "依据：" in await desk.says(QUESTION)
    assert not (await desk.rows("SELECT is_elder FROM guardian"))[0]["is_elder"]


async def test_others_are_not_offered_short_lines_and_may_wish_for_them(town_desk):
    desk = town_desk
    await begun(desk, "5")
    await desk.says("简单模式")
    assert (await desk.rows("SELECT is_elder FROM guardian"))[0]["is_elder"]


async def test_the_wish_for_short_lines_outlasts_a_month_of_silence(town_desk):
    desk = town_desk
    await begun(desk, "5")
    await desk.says("简单模式")
    await desk.says(QUESTION)
    desk.clock.turn(days=31)
    await jobs.forget_old(desk.rt)
    assert "procrastinate" not in (await desk.rows("SELECT state FROM conversation"))[0]["state"]
    assert NEXT in await desk.says(QUESTION)
