"""Each message has exactly one effect, whatever the platform, the replicas and the database do."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import bindparam, text

from bot.dialogue.inbox import Inbox
from bot.dialogue.late import Late
from bot.errors import StoreAway
from bot.handoff.tables import alerts
from tests.support.waiting import until
from tests.support.world import City, settings

QUESTION = "孩子写作业总是拖拉怎么办"
ALERT = ("at", "asker", "kind", "category", "severity", "rule")


@pytest.fixture
def push_same(request):
    """Push one MsgId several times at once, each time to the next service."""

    async def push(city, parent, number, times):
        fields = {"MsgType": "text", "Content": QUESTION, "MsgId": number, "CreateTime": 1}
        head = city.platform.head(parent.phone)
        fields["CreateTime"] = head.created_at
        return await asyncio.gather(*(parent.pushes(**fields) for _ in range(times)))

    return push


async def test_same_message_at_once_to_two_services_has_one_effect_and_one_answer(
    tmp_path, database_url, push_same
):
    async with City.open(settings(tmp_path, database_url), services=2) as city:
        parent = city.parent()
        await parent.follows()
        for number in range(1, 11):
            answers = await push_same(city, parent, number, 3)
            assert len(set(answers)) == 1
            assert "编号" in answers[0]
        kept = await city.rows("SELECT count(*) AS n FROM inbox WHERE kind = 'Text'")
        told = await city.rows("SELECT count(*) AS n, count(DISTINCT code) AS c FROM decision")
        assert (kept[0]["n"], told[0]["n"], told[0]["c"]) == (10, 10, 10)


async def test_a_repeat_after_the_answer_gets_the_stored_reply(city, push_same):
    parent = city.parent()
    await parent.follows()
    first = await push_same(city, parent, 77, 1)
    again = await push_same(city, parent, 77, 1)
    assert first == again
    assert len(await city.rows("SELECT id FROM decision")) == 1


async def test_equal_message_ids_of_two_parents_are_two_messages(city, push_same):
    mother, father = city.parent("mother"), city.parent("father")
    for parent in (mother, father):
        await parent.follows()
        await push_same(city, parent, 5, 1)
    assert len(await city.rows("SELECT id FROM decision")) == 2


async def test_messages_of_one_parent_are_answered_in_their_order(city):
    parent = city.parent()
    await parent.follows()
    asked = await parent.says(QUESTION)
    picks = await asyncio.gather(*(parent.says(str(n)) for n in (1, 2)))
    assert "编号" in asked
    assert all("编号" in p or p for p in picks)
    rows = await city.rows("SELECT content FROM inbox WHERE kind = 'Text' ORDER BY id")
    assert rows[0]["content"] == QUESTION


async def test_an_answer_that_is_late_goes_out_once_as_a_customer_message(tmp_path, database_url):
    given = settings(tmp_path, database_url, answer_deadline_s=0.4)
    async with City.open(given) as city:
        parent = city.parent()
        await parent.follows()
        shown = len(parent.chat)
        async with city.db.write() as tx:
            if not city.db.is_sqlite:
                await tx.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
            answer = await parent.says(QUESTION)
            assert answer == ""
            assert parent.deliveries[-1].verdict.outcome == "silent"
            assert list(given.data.glob("spill.*.jsonl")), "the receipt must be safe before success"
        await until(lambda: len(parent.chat) > shown)
        assert "编号" in parent.chat[-1]
        await until(lambda: delivered(city, "sent"))
        assert len(parent.chat) == shown + 1
        assert not list(given.data.glob("spill.*.jsonl"))


async def test_a_late_answer_whose_fate_is_unknown_is_never_sent_again(tmp_path, database_url):
    given = settings(tmp_path, database_url, answer_deadline_s=0.4)
    async with City.open(given) as city:
        parent = city.parent()
        await parent.follows()
        city.platform.faults.add(
            {"kind": "drop", "path": "/cgi-bin/message/custom/send", "times": 1}
        )
        async with city.db.write() as tx:
            if not city.db.is_sqlite:
                await tx.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
            await parent.says(QUESTION)
        await until(lambda: delivered(city, "unknown"))
        assert sum("编号" in line for line in parent.chat) == 1  # the platform took it all the same


async def delivered(city, state):
    rows = await city.rows("SELECT id FROM inbox WHERE delivery = :s", s=state)
    return bool(rows)


async def test_a_row_the_database_refuses_costs_no_other_parent_the_answer(each_desk):
    desk = each_desk

    def refused(turn):
        turn.write(alerts.insert().values(**{c: bindparam(c) for c in ALERT}), dict.fromkeys(ALERT))
        return "never shown"

    desk.engine = replace(desk.engine, replies={**desk.engine.replies, "greeting": refused})
    box = Inbox(desk.rt, desk.engine, Late(desk.rt))
    box.start()
    words = [desk.words(QUESTION, who=f"o{n:027}") for n in range(5)]
    bad = desk.words("你好")
    *good, refusal = await asyncio.gather(
        *(box.answer(m) for m in [*words, bad]), return_exceptions=True
    )
    await box.close()
    assert all("编号" in reply.text for reply in good)
    assert isinstance(refusal, StoreAway)
    assert len(await desk.rows("SELECT id FROM inbox")) == 5


async def test_an_inbox_that_closes_finishes_what_has_arrived(each_desk):
    desk = each_desk
    box = Inbox(desk.rt, desk.engine, Late(desk.rt))
    box.start()
    tasks = [
        asyncio.create_task(box.answer(desk.words(QUESTION, who=f"o{n:027}"))) for n in range(300)
    ]
    await asyncio.sleep(0)
    await box.close()
    replies = await asyncio.gather(*tasks)
    assert all("编号" in reply.text for reply in replies)
