"""A parent's words: only with a reason and a second person, for a day, and the parent can ask."""

import pytest

from bot.console import audit
from tests.support.counter import PART, reads
from tests.support.desk import FATHER, MOTHER

SECRET = "孩子叫小明"
REASON = "家长说得不清楚，要看原话"
DANGER = "孩子说不想活了，刚才吃了一瓶药"
INBOX = ("lead", "gz/yuexiu", "")


async def secret(counter):
    """Return a ticket in whose talk the parent has said the secret, and its agent."""
    number, agent = await counter.talking()
    assert await counter.says(SECRET) == ""
    return number, agent


async def asked(counter, agent, number, reason=REASON):
    answer = await agent.post(f"/inbox/{number}/access", reason=reason)
    assert answer.status == 303, answer.text
    return (await counter.rows("SELECT max(id) AS id FROM text_access"))[0]["id"]


async def test_without_a_grant_the_words_are_nowhere_in_the_page(counter):
    number, agent = await secret(counter)
    await asked(counter, agent, number)
    for path in (f"/inbox/{number}", "/inbox", "/"):
        assert "小明" not in (await agent.get(path)).text
    for part in ("talk", "send", "aside"):
        told = await agent.get(f"/inbox/{number}", _headers=PART, part=part)
        assert "小明" not in told.text
    assert await counter.rows("SELECT 1 FROM text_view") == []


async def test_with_a_grant_the_words_are_shown_and_each_look_is_recorded(counter):
    number, agent = await secret(counter)
    await reads(counter, agent, number)
    for _ in range(2):
        assert SECRET in (await agent.get(f"/inbox/{number}")).text
    assert len(await counter.rows("SELECT 1 FROM text_view")) == 2
    looks = await counter.rows("SELECT detail FROM audit WHERE action = 'access.viewed'")
    assert len(looks) == 2
    everything = await counter.rows("SELECT * FROM audit")
    assert "小明" not in repr(everything)
    assert MOTHER not in repr(everything)
    assert (await audit.verify(counter.office.rt)).broken is None


async def test_the_parts_of_an_open_page_count_as_one_look(one_counter):
    number, agent = await secret(one_counter)
    await reads(one_counter, agent, number)
    await agent.get(f"/inbox/{number}")
    for part in ("talk", "aside", "send"):
        await agent.get(f"/inbox/{number}", _headers=PART, part=part)
    assert len(await one_counter.rows("SELECT 1 FROM text_view")) == 1
    one_counter.pass_time(minutes=2)
    await agent.get(f"/inbox/{number}", _headers=PART, part="talk")
    assert len(await one_counter.rows("SELECT 1 FROM text_view")) == 2


async def test_the_last_turns_with_the_bot_are_shown_with_a_grant_alone(counter):
    await counter.says("孩子写作业总是拖拉怎么办，他叫小明")
    number, agent = await counter.talking()
    page = (await agent.get(f"/inbox/{number}")).text
    assert "study.procrastinate" in page
    assert "小明" not in page
    await reads(counter, agent, number)
    assert "他叫小明" in (await agent.get(f"/inbox/{number}")).text


async def test_nobody_approves_their_own_wish(counter):
    number, _ = await secret(counter)
    lead = await counter.lead()
    own = await asked(counter, lead, number)
    answer = await lead.post(f"/inbox/grants/{own}/approve")
    assert (answer.status, "另一位负责人" in answer.text) == (403, True)
    assert "小明" not in (await lead.get(f"/inbox/{number}")).text
    second = await counter.lead("second")
    assert (await second.post(f"/inbox/grants/{own}/approve")).status == 303
    assert SECRET in (await lead.get(f"/inbox/{number}")).text


async def test_an_agent_cannot_approve_at_all(one_counter):
    number, agent = await secret(one_counter)
    wish = await asked(one_counter, agent, number)
    other = await one_counter.agent("other")
    assert (await other.post(f"/inbox/grants/{wish}/approve")).status == 403
    assert (await other.get("/inbox/grants")).status == 403


async def test_a_lead_of_another_district_finds_no_wish(counter):
    number, agent = await secret(counter)
    await counter.office.change("UPDATE ticket SET area = 'gz/tianhe'")
    wish = await asked(counter, agent, number)
    stranger = await counter.lead("stranger", INBOX)
    assert REASON not in (await stranger.get("/inbox/grants")).text
    for verb in ("approve", "refuse", "review"):
        assert (await stranger.post(f"/inbox/grants/{wish}/{verb}")).status == 404


async def test_a_grant_is_for_who_asked_alone(one_counter):
    number, agent = await secret(one_counter)
    await reads(one_counter, agent, number)
    other = await one_counter.agent("other")
    assert "小明" not in (await other.get(f"/inbox/{number}")).text


async def test_a_grant_ends_after_a_day(one_counter):
    number, agent = await secret(one_counter)
    await reads(one_counter, agent, number)
    one_counter.pass_time(hours=24)
    agent = await one_counter.office.logged_in(agent.id)
    page = (await agent.get(f"/inbox/{number}")).text
    assert ("小明" not in page, "已到期" in page) == (True, True)


async def test_what_is_refused_stays_shut_and_is_not_decided_twice(counter):
    number, agent = await secret(counter)
    wish, lead = await asked(counter, agent, number), await counter.lead()
    assert (await lead.post(f"/inbox/grants/{wish}/refuse")).status == 303
    assert (await lead.post(f"/inbox/grants/{wish}/approve")).status == 400
    page = (await agent.get(f"/inbox/{number}")).text
    assert ("小明" not in page, "被拒绝" in page) == (True, True)


@pytest.mark.parametrize("reason", ["", "看看", "12345"])
async def test_a_reason_has_six_characters(one_counter, reason):
    number, agent = await one_counter.ticket(), await one_counter.agent()
    answer = await agent.post(f"/inbox/{number}/access", reason=reason)
    assert answer.status == 422
    assert await one_counter.rows("SELECT 1 FROM text_access") == []


async def test_a_second_wish_while_one_waits_is_refused(one_counter):
    number, agent = await one_counter.ticket(), await one_counter.agent()
    await asked(one_counter, agent, number)
    assert (await agent.post(f"/inbox/{number}/access", reason=REASON)).status == 422


async def test_in_an_emergency_the_words_open_at_once_and_are_reviewed_after(counter):
    number, agent = await counter.ticket(DANGER), await counter.agent()
    wish = await asked(counter, agent, number)
    assert DANGER in (await agent.get(f"/inbox/{number}")).text
    (row,) = await counter.rows("SELECT emergency, granted_by FROM text_access")
    assert (bool(row["emergency"]), row["granted_by"]) == (True, None)
    lead = await counter.lead()
    assert "紧急" in (await lead.get("/inbox/grants")).text
    assert (await lead.post(f"/inbox/grants/{wish}/review")).status == 303
    assert (await lead.post(f"/inbox/grants/{wish}/review")).status == 400
    assert "已复核" in (await lead.get("/inbox/grants")).text


async def test_a_crisis_that_is_not_now_is_no_emergency(one_counter):
    number, agent = await one_counter.ticket("孩子说不想活了"), await one_counter.agent()
    assert (await one_counter.row(number))["severity"] < 3
    await asked(one_counter, agent, number)
    assert "不想活" not in (await agent.get(f"/inbox/{number}")).text


async def test_the_parent_learns_who_read_when_and_why(counter):
    number, agent = await secret(counter)
    await reads(counter, agent, number)
    assert "没有工作人员打开过" in await counter.says("谁看过我")  # granted, not looked at
    await agent.get(f"/inbox/{number}")
    told = await counter.says("谁看过我")
    assert "11月24日" in told
    assert f"答疑专家，理由：{REASON}" in told
    assert "agent" not in told
    assert "没有工作人员打开过" in await counter.desk.says("谁看过我", who=FATHER)


async def test_after_erasing_nothing_leads_back_to_the_parent(counter):
    number, agent = await secret(counter)
    await reads(counter, agent, number)
    await agent.get(f"/inbox/{number}")
    await counter.says("删除我的资料")
    await counter.says("确认删除")
    (row,) = await counter.rows("SELECT reason FROM text_access")
    assert row["reason"] == ""
    assert "没有工作人员打开过" in await counter.says("谁看过我")
    assert "小明" not in (await agent.get(f"/inbox/{number}")).text
