"""What a parent's message does to a ticket: opened, listened to, ended, erased."""

from datetime import UTC, datetime

import pytest

from bot.wechat import events, messages
from tests.support.counter import reply
from tests.support.desk import FATHER, MOTHER, Desk

DANGER = "孩子说不想活了，刚才吃了一瓶药"
QUESTION = "孩子写作业总是拖拉怎么办"
MATTER = "上周和您说过的那件事情"


async def tickets(desk):
    return await desk.rows("SELECT * FROM ticket ORDER BY id")


async def lines(desk, side="parent"):
    return await desk.rows("SELECT * FROM ticket_message WHERE side = :s ORDER BY id", s=side)


async def test_a_wish_opens_one_ticket_and_tells_its_code(each_desk):
    desk = each_desk
    told = await desk.says("转人工")
    (ticket,) = await tickets(desk)
    assert ticket["code"] in told
    assert (ticket["kind"], ticket["state"], ticket["openid"]) == ("person", "waiting", MOTHER)
    assert ticket["code"] in await desk.says("人工")
    assert len(await tickets(desk)) == 1


async def test_a_repeat_of_a_wish_opens_one_ticket(each_desk):
    desk = each_desk
    wish = desk.words("转人工")
    assert await desk.gets(wish) == await desk.gets(wish)
    assert len(await tickets(desk)) == 1


async def test_outside_office_hours_the_parent_is_told_when_people_answer(sqlite_settings):
    night = datetime(2026, 11, 27, 14, tzinfo=UTC)  # Friday, 22:00 in Guangzhou
    async with Desk.open(sqlite_settings, at=night) as desk:
        told = await desk.says("转人工")
        assert "11月30日 09:00" in told
        assert "现在是工作时间" not in told
        assert "11月30日 09:00" in await desk.says("转人工")


async def test_a_tap_on_the_menu_opens_a_ticket_but_no_window(each_desk):
    (told,) = await each_desk.gets(each_desk.event(events.Click, "PERSON"))
    (ticket,) = await tickets(each_desk)
    assert ticket["code"] in told.text
    assert ticket["last_parent_at"] is None
    await each_desk.says(MATTER)
    assert (await tickets(each_desk))[0]["last_parent_at"] is not None


async def test_the_line_about_the_matter_is_kept_once_and_tells_topic_and_stage(each_desk):
    desk = each_desk
    await desk.says("转人工")
    told = await desk.says("三年级的孩子写作业总是拖拉怎么办")
    assert told.startswith(desk.rt.say("talk_to_person", "noted"))
    assert "依据：" in told
    (ticket,) = await tickets(desk)
    assert (ticket["topic"], ticket["stage"]) == ("study.procrastinate", "p_low")
    assert "依据：" in await desk.says(QUESTION)
    assert len(await lines(desk)) == 1


async def test_a_matter_the_base_knows_nothing_of_is_only_noted(desk):
    await desk.says("转人工")
    assert await desk.says(MATTER) == desk.rt.say("talk_to_person", "noted")


async def test_after_its_minutes_a_text_is_a_question_again(desk):
    await desk.says("转人工")
    desk.clock.turn(minutes=10, seconds=1)
    await desk.says(QUESTION)
    assert await lines(desk) == []


async def test_a_crisis_opens_a_ticket_due_in_ten_minutes_without_the_words(each_desk):
    desk = each_desk
    await desk.says(DANGER)
    (ticket,) = await desk.rows("SELECT * FROM ticket WHERE kind = 'crisis' AND severity = 3")
    assert await desk.rows("SELECT 1 FROM ticket_message WHERE text <> ''") == []
    found = (await desk.rows("SELECT opened_at, due_at FROM ticket"))[0]
    minutes = datetime.fromisoformat(str(found["due_at"])) - datetime.fromisoformat(
        str(found["opened_at"])
    )
    assert minutes.total_seconds() == 600
    assert ticket["category"] == "self_harm"


async def test_after_a_crisis_a_wish_for_a_person_joins_its_ticket(each_desk):
    desk = each_desk
    await desk.says(DANGER)
    assert "已经替您叫人了" in await desk.says("人工")
    (ticket,) = await tickets(desk)
    assert ticket["kind"] == "crisis"
    assert "已经在排队" in await desk.says("人工")


async def test_a_crisis_turns_an_open_wish_into_one_of_a_crisis(each_desk):
    desk = each_desk
    await desk.says("转人工")
    assert "120" in await desk.says(DANGER)
    (ticket,) = await tickets(desk)
    assert (ticket["kind"], ticket["severity"]) == ("crisis", 3)


async def test_while_a_person_talks_the_bot_is_silent(counter):
    await counter.talking()
    assert await counter.says(QUESTION) == ""
    assert await counter.says("1") == ""
    assert await counter.says("谢谢老师") == ""
    said = [row["text"] for row in await counter.lines("parent")]
    assert said == [QUESTION, "1", "谢谢老师"]


async def test_claiming_alone_does_not_silence_the_bot(one_counter):
    number, agent = await one_counter.ticket(), await one_counter.agent()
    await agent.post(f"/inbox/{number}/claim")
    one_counter.pass_time(minutes=11)
    assert "依据：" in await one_counter.says(QUESTION)


@pytest.mark.parametrize(
    "words", ["菜单", "帮助", "退订", "谁看过我", "隐私", "我的资料", "转人工"]
)
async def test_a_global_word_is_answered_all_the_same(one_counter, words):
    await one_counter.talking()
    assert await one_counter.says(words) != ""
    assert await one_counter.lines("parent") == []


async def test_a_crisis_inside_a_talk_is_helped_first_and_not_copied(counter):
    number, _ = await counter.talking()
    assert "120" in await counter.says(DANGER)
    assert "请现在就做" in await counter.says("1")
    assert await counter.lines("parent") == []
    assert (await counter.row(number))["kind"] == "crisis"
    assert await counter.says("好的老师") == ""  # the person listens again


async def test_a_picture_inside_a_talk_is_noted(one_counter):
    await one_counter.talking()
    (told,) = await one_counter.desk.gets(
        one_counter.desk.event(messages.Image, "http://a.example/1", "m")
    )
    assert told.text == one_counter.office.rt.say("unsupported_media", "image")
    assert "media" in [row["what"] for row in await one_counter.lines("system")]


async def test_the_parent_ends_the_talk_and_the_bot_is_back(counter):
    number, _ = await counter.talking()
    assert await counter.says("结束") == counter.office.rt.say("end_talk")
    assert (await counter.row(number))["state"] == "closed"
    assert "依据：" in await counter.says(QUESTION)


async def test_a_ticket_of_a_crisis_is_not_closed_by_the_parent(one_counter):
    number = await one_counter.ticket(DANGER)
    await one_counter.says("3")
    await reply(await one_counter.agent(), number, "您好")
    await one_counter.says("结束")
    assert (await one_counter.row(number))["state"] == "waiting"
    assert "依据：" in await one_counter.says(QUESTION)


@pytest.mark.parametrize("way", ["delete", "leave"])
async def test_erasing_takes_words_and_openid_and_keeps_the_count(counter, way):
    number, _ = await counter.talking()
    await counter.says("他叫小明")
    await counter.ticket(who=FATHER)
    if way == "leave":
        await counter.desk.gets(counter.desk.event(events.Unsubscribe))
    else:
        await counter.says("删除我的资料")
        assert await counter.says("确认删除") != ""
    ticket = await counter.row(number)
    assert (ticket["state"], ticket["openid"], ticket["asker"]) == ("closed", "", "")
    rows = await counter.rows("SELECT text FROM ticket_message WHERE ticket = :c", c=ticket["code"])
    assert len(rows) >= 2
    assert {row["text"] for row in rows} == {""}
    assert "小明" not in await counter.desk.everything()
    assert len(await counter.rows("SELECT 1 FROM ticket WHERE openid = :o", o=FATHER)) == 1


async def test_what_was_said_before_a_leave_in_the_same_batch_goes_as_well(each_desk):
    desk = each_desk
    others = desk.event(events.Unsubscribe, who=FATHER)
    wish, matter = desk.words("转人工"), desk.words("他叫小明，想请老师看看")
    await desk.gets(others, wish, matter, desk.event(events.Unsubscribe))
    (ticket,) = await tickets(desk)
    assert (ticket["state"], ticket["openid"]) == ("closed", "")
    assert "小明" not in await desk.everything()


async def test_any_replica_goes_on(counter):
    await counter.talking()
    other = Desk(counter.office.rt, counter.desk.engine, counter.office.clock)
    other.numbers = iter(range(1000, 2000))
    assert await other.says("还有一件事") == ""
    assert len(await counter.lines("parent")) == 1
