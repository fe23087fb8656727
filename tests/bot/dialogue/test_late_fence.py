"""After a restore nothing of before is sent; answers to what comes in now are."""

import os
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.delivery import fence
from bot.dialogue import late, stored
from bot.wechat.messages import Text
from tests.bot.dialogue.test_late import another_process, leave, state
from tests.support.world import ACCOUNT


@pytest.fixture
async def parent(town):
    made = town.parent()
    await made.follows()
    await made.says("你好")
    return made


async def raised(town, **from_now):
    async with town.db.write() as tx:
        await fence.raise_(tx, SystemClock().now() + timedelta(**from_now), "restored")


async def test_what_waited_before_the_fence_is_given_up_and_never_sent(town, parent):
    await leave(town, parent, key="1")
    await leave(town, parent, key="2", delivery="sending")
    await raised(town)
    async with another_process(town, seconds=61) as rt:
        assert await late.sweep(rt) == 0
        async with rt.db.write() as tx:
            await fence.lift(tx)
        assert await late.sweep(rt) == 0
    assert [await state(town, k) for k in ("1", "2")] == ["unknown", "unknown"]
    assert "迟到的回答" not in parent.chat


async def test_an_answer_to_what_came_in_after_the_fence_is_sent(town, parent):
    await raised(town, hours=-1)
    await leave(town, parent)
    async with another_process(town, seconds=61) as rt:
        assert await late.sweep(rt) == 1
    assert parent.chat.count("迟到的回答") == 1


async def test_an_answer_of_before_is_not_claimed_one_by_one_either(town, parent):
    key = await leave(town, parent)
    await raised(town)
    async with another_process(town) as rt:
        await late.send(rt, key)
    assert await state(town) == "late"
    assert "迟到的回答" not in parent.chat


async def test_what_was_spilled_before_the_fence_is_set_aside(town, parent, logged):
    at = SystemClock().now()
    spilled = stored.dump_message(Text(ACCOUNT, parent.openid, int(at.timestamp()), "9", "你好"))
    old = town.settings.data / "spill.old.jsonl"
    new = town.settings.data / "spill.new.jsonl"
    for path in (old, new):
        path.write_text(spilled + "\n")
    hour_ago = (at - timedelta(hours=1)).timestamp()
    os.utime(old, (hour_ago, hour_ago))
    await raised(town, minutes=-30)
    answered = []

    async def answer(message):
        answered.append(message)

    async with another_process(town) as rt:
        assert await late.recover(rt, answer) == 1
    assert not old.exists()
    assert old.with_suffix(".held").exists()
    assert '"spill_held"' in logged()


async def test_the_quota_used_up_is_an_incident(town, parent):
    key = await leave(town, parent)
    town.platform.faults.add(
        {"kind": "error", "path": "/cgi-bin/message/custom/send", "code": 45009, "times": 0}
    )
    async with another_process(town) as rt:
        await late.send(rt, key)
        assert rt.tally.late == {"refused": 1}
    (one,) = await town.rows("SELECT key FROM incident WHERE resolved_at IS NULL")
    assert one["key"] == "wechat.45009"
