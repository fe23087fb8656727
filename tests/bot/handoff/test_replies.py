"""An alert for each crisis and each wish for a person; never the words."""

import pytest

from tests.support.desk import MOTHER


async def alerts(desk):
    return await desk.rows("SELECT * FROM alert ORDER BY id")


async def test_an_alert_says_what_and_how_grave_and_not_the_words(each_desk):
    desk = each_desk
    await desk.says("孩子说不想活了，刚才吃了一瓶药，他叫小明")
    (alert,) = await alerts(desk)
    assert (alert["kind"], alert["severity"], alert["choice"]) == ("crisis", 3, None)
    assert alert["category"]
    assert alert["rule"]
    assert alert["asker"] == desk.rt.pseudonyms.name(MOTHER)
    told = repr(dict(alert))
    assert "小明" not in told
    assert MOTHER not in told


async def test_a_crisis_is_not_recorded_among_the_questions(desk):
    await desk.says("孩子说不想活了，刚才吃了一瓶药")
    assert await desk.rows("SELECT 1 FROM decision") == []


async def test_a_crisis_is_logged_without_the_words(desk, logged):
    await desk.says("孩子说不想活了，刚才吃了一瓶药，他叫小明")
    assert '"event": "crisis"' in logged()
    assert "小明" not in logged()
    assert MOTHER not in logged()


async def test_the_answer_to_the_question_is_a_second_alert_of_the_same_kind(each_desk):
    desk = each_desk
    await desk.says("有人正在打孩子，快打死了")
    await desk.says("2")
    first, second = await alerts(desk)
    assert second["choice"] == "2"
    assert [second[k] for k in ("category", "severity", "rule")] == [
        first[k] for k in ("category", "severity", "rule")
    ]


async def test_a_repeat_of_a_crisis_raises_one_alert(each_desk):
    desk = each_desk
    message = desk.words("孩子说不想活了，刚才吃了一瓶药")
    first = await desk.gets(message)
    assert await desk.gets(message) == first
    assert len(await alerts(desk)) == 1


async def test_a_wish_for_a_person_is_kept(each_desk):
    desk = each_desk
    assert "已经替您叫人了" in await desk.says("转人工")
    (alert,) = await alerts(desk)
    assert (alert["kind"], alert["category"], alert["severity"]) == ("person", "", 0)


async def test_near_entries_are_offered_when_the_danger_is_past(desk):
    await desk.says("孩子说不想活了怎么办")
    assert "明天这个时候" in await desk.says("2")
    told = await desk.says("2")
    assert "不打扰" in told
    assert desk.rt.say("ask_question", "related") in told
    assert "依据：" in await desk.says("1")


@pytest.mark.parametrize("answer", ["1", "他把门锁了"])
async def test_nothing_is_offered_while_there_may_be_danger(desk, answer):
    await desk.says("孩子说不想活了怎么办")
    assert desk.rt.say("ask_question", "related") not in await desk.says(answer)
