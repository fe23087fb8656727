"""What a crisis changes: the alarm, the question, the quiet, the hold, and the next day."""

from datetime import timedelta

import pytest

from bot.clock import HandClock
from bot.dialogue import cries
from bot.people import quiet
from tests.support.desk import FATHER, MORNING, MOTHER

DANGER = "孩子说不想活了，刚才吃了一瓶药"
ABUSE = "有人正在打孩子，快打死了"
SOFT = "孩子说作业多得想死"


async def one(desk, table):
    (row,) = await desk.rows(f"SELECT * FROM {table}")
    return row


async def steps(desk):
    return [r["what"] for r in await desk.rows("SELECT what FROM alert_step ORDER BY id")]


async def test_a_crisis_raises_an_alarm_without_words(each_desk):
    desk = each_desk
    await desk.says(DANGER)
    alarm = await one(desk, "alarm")
    ticket = await one(desk, "ticket")
    assert alarm["ticket"] == ticket["code"]
    assert (alarm["severity"], alarm["times"], alarm["seen_at"]) == (3, 1, None)
    assert alarm["due_at"] == alarm["raised_at"]
    assert MOTHER not in repr(dict(alarm))
    assert await steps(desk) == ["raised"]


async def test_saying_it_again_within_ten_minutes_only_counts(each_desk):
    desk = each_desk
    await desk.says("孩子说不想活了")
    desk.clock.turn(minutes=9)
    await desk.says(DANGER)
    alarm = await one(desk, "alarm")
    assert (alarm["times"], alarm["severity"]) == (2, 3)
    desk.clock.turn(minutes=2)
    await desk.says(DANGER)
    assert len(await desk.rows("SELECT id FROM alarm")) == 2
    await desk.says(DANGER, who=FATHER)
    assert len(await desk.rows("SELECT id FROM alarm")) == 3


async def test_twenty_cries_in_one_batch_are_one_alarm(each_desk):
    desk = each_desk
    replies = await desk.gets(*(desk.words(DANGER) for _ in range(20)))
    assert len({r.text for r in replies}) == 1
    assert (await one(desk, "alarm"))["times"] == 20


@pytest.mark.parametrize(
    ("answer", "choice", "severity"), [("1", "1", 3), ("2", "2", 2), ("3", "3", 2)]
)
async def test_the_answer_stands_on_the_alarm(each_desk, answer, choice, severity):
    desk = each_desk
    await desk.says("孩子说不想活了")
    await desk.says(answer)
    alarm = await one(desk, "alarm")
    assert (alarm["choice"], alarm["severity"]) == (choice, severity)
    assert (alarm["due_at"] is None) == (choice == "3")
    assert await steps(desk) == ["raised", f"answer_{choice}"]
    assert (await one(desk, "crisis_question"))["state"] == "answered"


async def test_a_slip_at_the_gravest_words_still_calls_people(desk):
    await desk.says(DANGER)
    await desk.says("3")
    assert (await one(desk, "alarm"))["due_at"] is not None


async def test_the_quiet_lasts_two_weeks_and_ends_with_a_slip(each_desk):
    desk = each_desk
    await desk.says("孩子说不想活了")
    until = await quiet_until(desk)
    assert until == MORNING + timedelta(days=14)
    assert quiet.is_quiet(until, MORNING)
    assert not quiet.is_quiet(until, until)
    await desk.says("3")
    assert await quiet_until(desk) is None


async def test_a_slip_does_not_end_an_earlier_quiet(each_desk):
    desk = each_desk
    await desk.says("孩子说不想活了")
    await desk.says("2")
    desk.clock.turn(days=1)
    await desk.says("孩子说不想活了")
    await desk.says("3")
    assert await quiet_until(desk) == MORNING + timedelta(days=14)


async def quiet_until(desk):
    async with desk.rt.db.read() as tx:
        from bot.people.followers import followers

        return (await tx.execute(followers.select())).one().quiet_until


async def test_harm_to_a_child_is_held_and_a_slip_lets_go(each_desk):
    desk = each_desk
    await desk.says(ABUSE)
    hold = await one(desk, "legal_hold")
    assert hold["reason"] == "abuse"
    assert hold["message"] == (await one(desk, "inbox"))["msg_key"]
    assert hold["lifted_at"] is None
    await desk.says("3")
    hold = await one(desk, "legal_hold")
    assert hold["lifted_at"] is not None
    assert hold["lifted_by"] is None


@pytest.mark.parametrize("words", ["孩子说不想活了", SOFT])
async def test_other_crises_are_not_held(desk, words):
    await desk.says(words)
    assert await desk.rows("SELECT id FROM legal_hold") == []


async def test_softer_words_wait_for_an_answer_and_not_for_silence(desk):
    assert "真的想过不活" in await desk.says(SOFT)
    assert (await one(desk, "crisis_question"))["state"] == "answered"
    assert (await one(desk, "alarm"))["severity"] == 1
    assert "今天先做三件事" in await desk.says("他写到十一点")


@pytest.mark.parametrize(
    ("answer", "asked"), [("1", 1), ("好", 1), ("2", 0), ("不用", 0), ("谢谢", 0)]
)
async def test_only_who_agrees_is_asked_the_next_day(desk, answer, asked):
    await desk.says("孩子说不想活了")
    await desk.says("2")
    await desk.says(answer)
    rows = await desk.rows("SELECT * FROM followup")
    assert len(rows) == asked


async def test_an_agreement_is_due_after_a_day_and_goes_with_the_parent(each_desk):
    desk = each_desk
    await desk.says("孩子说不想活了")
    await desk.says("1")
    assert "明天这个时候我来问一声" in await desk.says("1")
    assert len(await desk.rows("SELECT id FROM followup WHERE state = 'waiting'")) == 1
    await desk.says("删除我的资料")
    await desk.says("确认删除")
    assert await desk.rows("SELECT id FROM followup") == []
    assert await desk.rows("SELECT id FROM crisis_question") == []


async def test_a_crisis_belongs_to_the_district_of_the_code(each_desk):
    desk = each_desk
    async with desk.rt.db.write() as tx:
        from bot.org import tree

        await tree.seed(tx, desk.clock.now())
    await desk.says("你好")
    async with desk.rt.db.write() as tx:
        from bot.dialogue import talks
        from tests.support.world import ACCOUNT

        await talks.change(
            tx, (ACCOUNT, MOTHER), desk.clock.now(), lambda t: t.come_from("gz/tianhe")
        )
        await talks.change(
            tx, (ACCOUNT, FATHER), desk.clock.now(), lambda t: t.come_from("gz/nowhere")
        )
    await desk.says(DANGER)
    await desk.says(DANGER, who=FATHER)
    for table in ("ticket", "alarm"):
        rows = await desk.rows(f"SELECT area FROM {table} ORDER BY id")
        assert [r["area"] for r in rows] == ["gz/tianhe", "gz"]


def test_the_memory_of_cries_is_bounded_and_ends():
    kept, clock = cries.Cries(), HandClock(MORNING)
    cry = cries.Cry("self_harm", 3, False)
    for n in range(cries.MOST + 5):
        kept.note(f"p{n}", cry, clock.now())
    assert len(kept) == cries.MOST
    assert kept.get("p0", "k", clock.now()) is None
    assert kept.get("p9", "k", clock.now()) == cry
    kept.answered("p9", "k")
    assert kept.get("p9", "k", clock.now()) == cry  # the transaction of the answer may have failed
    assert kept.get("p9", "another", clock.now()) is None
    clock.turn(minutes=61)
    assert kept.get("p9", "k", clock.now()) is None
