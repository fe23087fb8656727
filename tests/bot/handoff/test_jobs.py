"""Late tickets are told of, old words are forgotten."""

from bot.handoff import jobs

DANGER = "孩子说不想活了，刚才吃了一瓶药"


async def test_a_late_crisis_is_one_line_without_the_words(one_counter, logged):
    await one_counter.ticket(DANGER)
    assert await jobs.tell_overdue(one_counter.office.rt) == 0
    one_counter.pass_time(minutes=11)
    assert await jobs.tell_overdue(one_counter.office.rt) == 1
    assert '"event": "tickets_overdue"' in logged()
    assert '"crises": 1' in logged()
    assert "不想活" not in logged()


async def test_what_was_answered_is_not_late(counter):
    await counter.talking()
    counter.pass_time(days=10)
    assert await jobs.tell_overdue(counter.office.rt) == 0


async def test_words_of_old_tickets_are_forgotten_and_open_ones_kept(counter):
    number, agent = await counter.talking()
    await counter.says("孩子叫小明")
    await agent.post(f"/inbox/{number}/close", note="小明的事")
    counter.pass_time(days=89)
    assert await jobs.forget_old(counter.office.rt) == 0
    counter.pass_time(days=2)
    await counter.ticket()
    assert await jobs.forget_old(counter.office.rt) == 1
    ticket = await counter.row(number)
    assert (ticket["openid"], ticket["asker"], ticket["note"]) == ("", "", "")
    assert "小明" not in repr(await counter.lines())
