"""One transaction for many messages: each answered, none twice, none harmed by another."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.dialogue import batch
from bot.wechat import events
from tests.support.desk import FATHER, MOTHER

QUESTION = "孩子写作业总是拖拉怎么办"


async def test_a_broken_reply_function_gives_the_apology_and_the_others_are_answered(each_desk):
    desk = each_desk

    def breaks(turn):
        turn.talk.remember(rest="half done")
        raise RuntimeError(turn.text)

    desk.engine = replace(desk.engine, replies={**desk.engine.replies, "greeting": breaks})
    good, bad, other = await desk.gets(
        desk.words(QUESTION), desk.words("你好", who=FATHER), desk.words("谢谢", who=FATHER)
    )
    assert "依据：" in good.text
    assert bad.text == desk.rt.say("busy")
    assert other.text == desk.rt.say("thanks")
    # what the broken function had begun is not kept
    assert await desk.says("继续", who=FATHER) == desk.rt.say("continue", "nothing_open")


async def test_the_error_of_a_broken_reply_is_logged_without_the_words(desk, logged):
    def breaks(turn):
        raise RuntimeError(turn.text + turn.message.openid)

    desk.engine = replace(desk.engine, replies={**desk.engine.replies, "greeting": breaks})
    await desk.says("你好")
    lines = logged()
    assert '"event": "reply_failed"' in lines
    assert "RuntimeError" in lines
    assert "你好" not in lines
    assert MOTHER not in lines


async def test_one_message_three_times_in_a_batch_has_one_effect(each_desk):
    desk = each_desk
    message = desk.words(QUESTION)
    replies = await desk.gets(message, message, message)
    assert len({r.text for r in replies}) == 1
    assert len(await desk.rows("SELECT id FROM inbox")) == 1
    assert len(await desk.rows("SELECT id FROM decision")) == 1


async def test_a_known_message_gets_its_stored_reply(each_desk):
    desk = each_desk
    message = desk.words(QUESTION)
    (first,) = await desk.gets(message)
    await desk.says("谢谢")
    (again,) = await desk.gets(message)
    assert again == first
    assert len(await desk.rows("SELECT id FROM inbox")) == 2


async def test_a_careless_try_finds_a_known_message_by_the_unique_key(each_desk):
    desk = each_desk
    message = desk.words(QUESTION)
    await desk.gets(message)
    jobs = [(batch.Received(message), False), (batch.Received(desk.words("谢谢")), False)]
    with pytest.raises(IntegrityError):
        await desk.rt.db.transact(
            lambda tx: batch.run(desk.rt, desk.engine, tx, jobs, careful=False)
        )
    assert len(await desk.rows("SELECT id FROM inbox")) == 1


async def test_the_messages_of_a_batch_see_each_other_in_their_order(each_desk):
    desk = each_desk
    asked, picked, voted = await desk.gets(
        desk.words(QUESTION), desk.words("1"), desk.words("有用")
    )
    assert "依据：" in asked.text
    assert "依据：" in picked.text
    assert voted.text == desk.rt.say("feedback_helpful")
    rows = await desk.rows("SELECT rule, feedback FROM decision ORDER BY id")
    assert [(r["rule"], r["feedback"]) for r in rows][1] == ("choice", 1)
    assert rows[0]["feedback"] is None


async def test_a_late_message_is_kept_to_be_sent_and_a_repeat_of_it_shows_nothing(each_desk):
    desk = each_desk
    message = desk.words(QUESTION)
    jobs = [(batch.Received(message), True)]
    await desk.rt.db.transact(lambda tx: batch.run(desk.rt, desk.engine, tx, jobs, careful=False))
    kept = await desk.rows("SELECT delivery FROM inbox")
    assert [r["delivery"] for r in kept] == ["late"]
    assert await desk.gets(message) == [None]


async def test_messages_to_two_accounts_of_one_parent_are_two(each_desk):
    desk = each_desk
    message = desk.words(QUESTION)
    await desk.gets(message, replace(message, account="gh_another"))
    assert len(await desk.rows("SELECT id FROM inbox")) == 2
    assert len(await desk.rows("SELECT openid FROM conversation")) == 2


async def test_256_messages_of_256_parents_are_one_transaction(each_desk):
    desk = each_desk
    parents = [f"o{n:027}" for n in range(256)]
    replies = await desk.gets(*(desk.words(QUESTION, who=p) for p in parents))
    assert len({r.text for r in replies}) == 256  # each with an id of its own
    assert len(await desk.rows("SELECT DISTINCT code FROM decision")) == 256


@pytest.mark.parametrize("first", [MOTHER, FATHER])
async def test_what_was_said_before_a_leave_in_the_same_batch_goes_as_well(each_desk, first):
    desk = each_desk
    other = FATHER if first == MOTHER else MOTHER
    await desk.gets(
        desk.words(QUESTION, who=other),
        desk.event(events.Unsubscribe, who=other),
        desk.words("孩子沉迷游戏怎么办", who=first),
        desk.event(events.Unsubscribe, who=first),
    )
    assert await desk.rows("SELECT text FROM decision") == []
    assert await desk.rows("SELECT state FROM conversation") == []
    kept = await desk.rows("SELECT content FROM inbox")
    assert {r["content"] for r in kept} == {""}
