"""Silence brings the numbers once; who agreed is asked once the next day; and nothing twice."""

import asyncio

from bot.delivery import fence
from bot.handoff import reminding
from bot.wechat import events

CRY = "孩子说不想活了"


async def silent(counter, minutes=3):
    """Let a parent cry and say nothing more for some minutes; returns what was sent then."""
    await counter.says(CRY)
    counter.pass_time(minutes=minutes)
    return await reminding.after_silence(counter.office.rt)


async def question(counter):
    return (await counter.rows("SELECT * FROM crisis_question ORDER BY id"))[-1]


async def test_after_three_minutes_of_silence_the_numbers_come_once(counter):
    assert await silent(counter, minutes=2) == 0
    assert counter.chat() == []
    counter.pass_time(minutes=1)
    assert await reminding.after_silence(counter.office.rt) == 1
    (told,) = counter.chat()
    assert "还没等到您的回复" in told
    assert "请现在就做" in told
    assert "120 急救（24 小时）" in told
    assert await reminding.after_silence(counter.office.rt) == 0
    assert len(counter.chat()) == 1
    assert (await question(counter))["state"] == "sent"


async def test_silence_counts_as_danger(counter):
    await silent(counter)
    (alarm,) = await counter.rows("SELECT * FROM alarm")
    assert (alarm["choice"], alarm["severity"]) == ("silence", 3)
    (ticket,) = await counter.rows("SELECT * FROM ticket")
    assert (ticket["severity"], ticket["first_reply_at"], ticket["state"]) == (3, None, "waiting")
    assert [r["what"] for r in await counter.lines()] == ["silence", "card"]


async def test_an_answer_in_time_stops_it(counter):
    await counter.says(CRY)
    await counter.says("2")
    counter.pass_time(minutes=10)
    assert await reminding.after_silence(counter.office.rt) == 0
    assert counter.chat() == []


async def test_two_cries_and_then_silence_are_one_card(counter):
    await counter.says(CRY)
    counter.pass_time(minutes=1)
    await counter.says("有人正在打孩子，快打死了")
    counter.pass_time(minutes=5)
    assert await reminding.after_silence(counter.office.rt) == 1
    assert len(counter.chat()) == 1


async def test_who_asks_for_a_person_is_not_silent(counter):
    await counter.says(CRY)
    await counter.says("人工")
    counter.pass_time(minutes=5)
    assert await reminding.after_silence(counter.office.rt) == 0


async def test_two_workers_send_one_card(counter):
    await counter.says(CRY)
    counter.pass_time(minutes=3)
    rt = counter.office.rt
    assert sum(await asyncio.gather(*(reminding.after_silence(rt) for _ in range(4)))) == 1
    assert len(counter.chat()) == 1


async def test_the_answer_after_the_card_is_still_one(counter):
    await silent(counter)
    assert "今天先做三件事" in await counter.says("2")
    (alarm,) = await counter.rows("SELECT * FROM alarm")
    assert alarm["choice"] == "2"


async def test_where_the_window_is_used_up_the_card_waits(counter):
    await counter.says(CRY)
    counter.phone().window.remaining = 0
    counter.pass_time(minutes=3)
    assert await reminding.after_silence(counter.office.rt) == 0
    assert (await question(counter))["state"] == "held"
    told = await counter.says("你好")  # unclear: danger; the second reply has the numbers itself
    assert told.count("可以打的电话") == 1


async def test_a_held_card_comes_before_what_the_bot_says_later(counter):
    await counter.says(CRY)
    counter.phone().window.remaining = 0
    counter.pass_time(minutes=3)
    await reminding.after_silence(counter.office.rt)
    counter.pass_time(minutes=70)  # the question waits no more
    told = await counter.says("你好")
    assert told.startswith("还没等到您的回复")
    assert "您好" in told
    (ticket,) = await counter.rows("SELECT state FROM ticket")
    assert ticket["state"] == "waiting"  # no person has written: the bot goes on
    assert "还没等到" not in await counter.says("你好")


async def test_a_parent_who_has_left_is_sent_nothing(counter):
    await counter.says(CRY)
    await counter.desk.gets(counter.desk.event(events.Unsubscribe))
    counter.pass_time(minutes=3)
    assert await reminding.after_silence(counter.office.rt) == 0
    assert counter.chat() == []


async def test_nothing_leaves_while_a_fence_stands(counter):
    rt = counter.office.rt
    async with rt.db.write() as tx:
        await fence.raise_(tx, counter.office.clock.now(), "restored")
    assert await silent(counter) == 0
    async with rt.db.write() as tx:
        await fence.lift(tx)
    assert await reminding.after_silence(rt) == 1


async def agreed(counter):
    await counter.says(CRY)
    await counter.says("2")
    assert "明天这个时候我来问一声" in await counter.says("1")


async def state(counter):
    (row,) = await counter.rows("SELECT state FROM followup")
    return row["state"]


async def test_who_agreed_is_asked_once_the_next_day(counter):
    rt = counter.office.rt
    await agreed(counter)
    counter.pass_time(hours=23, minutes=59)
    assert await reminding.follow_up(rt) == 0
    counter.pass_time(minutes=1)
    assert sum(await asyncio.gather(reminding.follow_up(rt), reminding.follow_up(rt))) == 1
    (told,) = counter.chat()
    assert told.startswith("昨天您跟我说的事")
    assert await state(counter) == "sent"
    assert await reminding.follow_up(rt) == 0


async def test_no_reminders_wanted_means_no_question(counter):
    await agreed(counter)
    await counter.desk.gets(counter.desk.event(events.Subscribe, "", ""))
    await counter.says("退订全部")
    counter.pass_time(hours=25)
    assert await reminding.follow_up(counter.office.rt) == 0
    assert await state(counter) == "cancelled"
    assert counter.chat() == []


async def test_a_late_question_is_not_asked_any_more(counter):
    await agreed(counter)
    counter.pass_time(hours=24 + 48)
    assert await reminding.follow_up(counter.office.rt) == 0
    assert await state(counter) == "expired"


async def test_what_cannot_be_sent_waits_for_the_parent_two_days(counter):
    await agreed(counter)
    counter.pass_time(hours=50)
    assert await reminding.follow_up(counter.office.rt) == 0
    assert await state(counter) == "held"
    counter.pass_time(hours=1)
    assert (await counter.says("你好")).startswith("昨天您跟我说的事")


async def test_a_held_question_is_dropped_when_its_time_is_over(counter):
    await agreed(counter)
    counter.pass_time(hours=50)
    await reminding.follow_up(counter.office.rt)
    counter.pass_time(hours=30)
    assert "昨天您跟我说的事" not in await counter.says("你好")


async def test_what_a_dead_process_was_sending_is_never_sent_again(counter):
    await counter.says(CRY)
    counter.pass_time(minutes=3)
    rt, code = counter.office.rt, (await question(counter))["code"]
    assert await reminding._claim_card(rt, code) is not None
    counter.pass_time(minutes=30)
    assert await reminding.after_silence(rt) == 0
    assert (await question(counter))["state"] == "unknown"
    assert counter.chat() == []


async def test_old_questions_are_forgotten(counter):
    await silent(counter)
    counter.pass_time(days=8)
    await reminding.forget_old(counter.office.rt)
    assert await counter.rows("SELECT 1 FROM crisis_question") == []
