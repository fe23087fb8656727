"""Answers that were not ready in time: sent once, or swept up, or given up."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot import app
from bot.clock import HandClock, SystemClock
from bot.dialogue import late, stored
from bot.dialogue.tables import inbox
from bot.wechat.replies import ImageReply, TextReply
from tests.support.world import ACCOUNT

SEND = "/cgi-bin/message/custom/send"


@pytest.fixture
async def parent(town):
    """A parent whom the account may write to."""
    made = town.parent()
    await made.follows()
    await made.says("你好")
    return made


@asynccontextmanager
async def another_process(city, **later):
    """A second runtime on the same database, with its clock turned."""
    clock = HandClock(SystemClock().now() + timedelta(**later))
    async with app.opened(city.settings, clock=clock) as rt, app.reachable(rt):
        yield rt


async def leave(city, parent, *, reply=None, delivery="late", key="77"):
    """Leave an answer in the database as a process that died would."""
    row = {
        "account": ACCOUNT,
        "openid": parent.openid,
        "msg_key": key,
        "kind": "Text",
        "content": "w",
        "reply": stored.dumps(reply or TextReply("迟到的回答")),
        "delivery": delivery,
        "received_at": SystemClock().now(),
    }
    async with city.db.write() as tx:
        await tx.execute(insert(inbox), [row])
    return (ACCOUNT, parent.openid, key)


async def state(city, key="77"):
    rows = await city.rows("SELECT delivery FROM inbox WHERE msg_key = :k", k=key)
    return rows[0]["delivery"]


async def test_the_sweep_sends_what_a_dead_process_left(town, parent):
    await leave(town, parent)
    async with another_process(town, seconds=61) as rt:
        assert await late.sweep(rt) == 1
        assert await late.sweep(rt) == 0
    assert parent.chat.count("迟到的回答") == 1
    assert await state(town) == "sent"


async def test_the_sweep_leaves_a_fresh_one_to_its_process(town, parent):
    await leave(town, parent)
    async with another_process(town, seconds=30) as rt:
        assert await late.sweep(rt) == 0
    assert await state(town) == "late"


async def test_what_was_being_sent_is_given_up_after_ten_minutes(town, parent):
    await leave(town, parent, delivery="sending")
    async with another_process(town, minutes=9) as rt:
        await late.sweep(rt)
        assert await state(town) == "sending"
    async with another_process(town, minutes=11) as rt:
        await late.sweep(rt)
    assert await state(town) == "unknown"
    assert "迟到的回答" not in parent.chat


async def test_two_processes_send_one_answer_once(town, parent):
    key = await leave(town, parent)
    async with another_process(town) as one, another_process(town) as two:
        await late.send(one, key)
        await late.send(two, key)
    assert parent.chat.count("迟到的回答") == 1


async def test_a_refusal_before_the_message_was_taken_keeps_it_late(town, parent):
    key = await leave(town, parent)
    town.platform.faults.add({"kind": "error", "path": SEND, "code": 45011, "times": 0})
    async with another_process(town) as rt:
        await late.send(rt, key)
    assert await state(town) == "late"
    town.platform.faults.clear()
    async with another_process(town, seconds=61) as rt:
        await late.sweep(rt)
    assert parent.chat.count("迟到的回答") == 1


async def test_a_refusal_for_good_is_kept_as_one(town, parent, logged):
    key = await leave(town, parent)
    town.platform.faults.add({"kind": "error", "path": SEND, "code": 45015, "times": 0})
    async with another_process(town) as rt:
        await late.send(rt, key)
    assert await state(town) == "refused"
    assert '"late_refused"' in logged()


async def test_only_words_can_come_late(town, parent):
    key = await leave(town, parent, reply=ImageReply("media"))
    async with another_process(town) as rt:
        await late.send(rt, key)
    assert await state(town) == "refused"


async def test_without_a_platform_nothing_is_claimed_twice(town, parent):
    key = await leave(town, parent)
    async with app.opened(town.settings) as rt:
        await late.send(rt, key)
    assert await state(town) == "refused"
