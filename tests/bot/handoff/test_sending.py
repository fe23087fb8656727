"""Replies to a parent: sent once, held back, refused, or of unknown outcome."""

import asyncio

from bot.handoff import sending
from tests.support.counter import reply
from tests.support.desk import MOTHER

SEND = "/cgi-bin/message/custom/send"
QUESTION = "孩子写作业总是拖拉怎么办"


async def states(counter):
    return [row["state"] for row in await counter.lines("staff")]


async def test_a_reply_reaches_the_phone_with_the_role_and_opens_the_talk(counter):
    number, _ = await counter.talking()
    assert counter.chat() == ["【答疑专家】您好，我是值班老师"]
    ticket = await counter.row(number)
    assert ticket["state"] == "open"
    assert ticket["first_reply_at"] is not None
    assert await states(counter) == ["sent"]


async def test_a_double_click_sends_once(counter):
    number, agent = await counter.ticket(), await counter.agent()
    await asyncio.gather(*[reply(agent, number, "您好") for _ in range(4)])
    assert len(counter.chat()) == 1
    assert await states(counter) == ["sent"]


async def test_two_replies_are_two(one_counter):
    number, agent = await one_counter.talking()
    await reply(agent, number, "第二句", form="b" * 24)
    assert len(one_counter.chat()) == 2


async def test_a_form_of_nobody_is_refused(one_counter):
    number, agent = await one_counter.ticket(), await one_counter.agent()
    answer = await reply(agent, number, "您好", form="x")
    assert (answer.status, one_counter.chat()) == (422, [])


async def test_the_page_counts_down_and_blocks_when_it_is_used_up(counter):
    number, agent = await counter.talking()
    counter.pass_time(hours=6, minutes=30)
    agent = await counter.office.logged_in(agent.id)
    page = (await agent.get(f"/inbox/{number}")).text
    assert "剩余可回复 41 h · 还可发 4 条" in page
    for n in range(4):
        await reply(agent, number, f"第{n}句", form=f"{n:024x}")
    page = (await agent.get(f"/inbox/{number}")).text
    assert "条数已经用完" in page
    assert "等家长再来时显示" in page
    refused = await reply(agent, number, "再一句", form="c" * 24)
    assert (refused.status, len(counter.chat())) == (422, 5)
    assert "再一句" in refused.text  # as typed
    await counter.says("在的")
    assert "还可发 5 条" in (await agent.get(f"/inbox/{number}")).text


async def test_after_48_hours_the_composer_is_blocked(one_counter):
    number, agent = await one_counter.talking()
    one_counter.pass_time(hours=48)
    agent = await one_counter.office.logged_in(agent.id)
    assert "已过微信允许回复的时限" in (await agent.get(f"/inbox/{number}")).text
    assert (await reply(agent, number, "您好", form="b" * 24)).status == 422


async def test_what_is_held_stands_before_the_next_answer_and_opens_the_talk(counter):
    number, agent = await counter.ticket(), await counter.agent()
    counter.pass_time(hours=49)
    agent = await counter.office.logged_in(agent.id)
    await reply(agent, number, "您可以先找班主任", mode="hold")
    assert (counter.chat(), await states(counter)) == ([], ["held"])
    told = await counter.says(QUESTION)
    assert told.index("您可以先找班主任") < told.index("依据：")
    assert await states(counter) == ["sent"]
    assert (await counter.row(number))["state"] == "open"
    assert await counter.says("好的，谢谢") == ""


async def test_what_is_held_waits_behind_the_help_in_a_crisis(one_counter):
    number, agent = await one_counter.ticket(), await one_counter.agent()
    await reply(agent, number, "您可以先找班主任", mode="hold")
    assert "班主任" not in await one_counter.says("孩子说不想活了，刚才吃了一瓶药")
    assert "班主任" in await one_counter.says("3")


async def test_a_refusal_is_told_in_words_and_the_bot_goes_on(counter):
    number, agent = await counter.ticket(), await counter.agent()
    for n, (code, said) in enumerate({45015: "已超过回复时限", 48002: "关闭了接收消息"}.items()):
        counter.platform.faults.add({"kind": "error", "path": SEND, "code": code, "times": 1})
        answer = await reply(agent, number, "您好", form=f"{n:024x}")
        assert answer.location.endswith("done=inbox.refused_warning")
        assert said in (await agent.get(f"/inbox/{number}")).text
    assert await states(counter) == ["refused", "refused"]
    assert (await counter.row(number))["state"] == "waiting"
    assert "依据：" in await counter.says(QUESTION)


async def test_an_unknown_outcome_is_shown_and_never_sent_again(counter):
    number, agent = await counter.ticket(), await counter.agent()
    counter.platform.faults.add({"kind": "drop", "path": SEND, "times": 1})
    answer = await reply(agent, number, "您好")
    assert answer.location.endswith("done=inbox.unknown_warning")
    assert "请不要重发" in (await agent.get(f"/inbox/{number}")).text
    await reply(agent, number, "您好")  # the same form again
    assert await sending.settle(counter.office.rt) == 0
    assert await states(counter) == ["unknown"]
    assert len(counter.chat()) <= 1
    assert (await counter.row(number))["state"] == "open"


async def test_what_a_dead_process_was_sending_is_given_up(counter):
    number, agent = await counter.ticket(), await counter.actor_of_agent()
    async with counter.office.rt.db.write() as tx:
        await sending.say(counter.office.rt, tx, agent, number, "您好", "a" * 24)
    assert await sending.settle(counter.office.rt) == 0
    counter.pass_time(minutes=11)
    assert await sending.settle(counter.office.rt) == 1
    assert (await states(counter), counter.chat()) == (["unknown"], [])


async def test_closing_tells_the_parent_and_the_bot_returns_clean(counter):
    await counter.says(QUESTION)
    number, agent = await counter.talking()
    answer = await agent.post(f"/inbox/{number}/close", note="已约班主任")
    assert answer.location.endswith("done=inbox.closed")
    assert counter.chat()[-1] == counter.office.rt.say("end_talk", "by_staff")
    assert "没有可以选的编号" in await counter.says("1")
    assert "依据：" in await counter.says(QUESTION)


async def test_closing_outside_the_window_is_told_with_the_next_answer(one_counter):
    number, agent = await one_counter.talking()
    one_counter.pass_time(hours=49)
    agent = await one_counter.office.logged_in(agent.id)
    await agent.post(f"/inbox/{number}/close")
    told = await one_counter.says(QUESTION)
    assert told.startswith(one_counter.office.rt.say("end_talk", "by_staff"))


async def test_a_crisis_nobody_wrote_to_is_closed_without_a_word(one_counter):
    number = await one_counter.ticket("孩子说不想活了，刚才吃了一瓶药")
    await (await one_counter.agent()).post(f"/inbox/{number}/close")
    assert one_counter.chat() == []
    assert (await one_counter.row(number))["state"] == "closed"


async def test_a_parent_who_leaves_while_a_reply_is_sent_stays_erased(one_counter):
    number, agent = await one_counter.ticket(), await one_counter.actor_of_agent()
    rt = one_counter.office.rt
    async with rt.db.write() as tx:
        letter = await sending.say(rt, tx, agent, number, "您好", "a" * 24)
    await one_counter.says("删除我的资料")
    await one_counter.says("确认删除")
    await sending.deliver(rt, letter)
    assert (await one_counter.row(number))["openid"] == ""
    assert await one_counter.rows("SELECT 1 FROM conversation WHERE openid = :o", o=MOTHER) == []


async def test_the_words_are_not_logged(one_counter, logged):
    number, agent = await one_counter.talking()
    await reply(agent, number, "小明的事我知道了", form="b" * 24)
    assert '"event": "ticket_sent"' in logged()
    assert "小明" not in logged()
    assert MOTHER not in logged()
