"""Answers that were not ready in time: safe on disk, sent once, swept up, recovered."""

import errno
import json
import os
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from bot import app
from bot.clock import HandClock, SystemClock
from bot.dialogue import late, stored
from bot.dialogue.late import Late
from bot.dialogue.tables import inbox
from bot.wechat.replies import ImageReply, TextReply
from tests.support.desk import MOTHER
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
    town.platform.faults.add({"kind": "error", "path": SEND, "code": -1, "times": 0})
    async with another_process(town) as rt:
        await late.send(rt, key)
    assert await state(town) == "late"
    town.platform.faults.clear()
    async with another_process(town, seconds=61) as rt:
        await late.sweep(rt)
    assert parent.chat.count("迟到的回答") == 1


async def test_a_refusal_for_good_is_kept_as_one(town, parent, capsys):
    key = await leave(town, parent)
    town.platform.faults.add({"kind": "error", "path": SEND, "code": 45015, "times": 0})
    async with another_process(town) as rt:
        await late.send(rt, key)
    assert await state(town) == "refused"
    assert '"late_refused"' in capsys.readouterr().err


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


@pytest.fixture
def messages(desk):
    words = ["第一句", "行分隔符\u2028段分隔符\u2029下一行\x85", "最后\n一句"]
    return [desk.words(w) for w in words]


@pytest.fixture
def spiller(desk):
    made = Late(desk.rt)
    yield made
    made._clear()


async def recovered(rt):
    found = []

    async def take(message):
        found.append(message)

    count = await late.recover(rt, take)
    assert count == len(found)
    return found


def die(spiller):
    """Let go of the file as the end of a process does."""
    os.close(spiller._file)
    spiller._file = None


async def test_the_spill_of_a_dead_process_is_recovered_once_and_in_order(desk, messages, spiller):
    for message in messages:
        await spiller.spill(message)
    die(spiller)
    assert await recovered(desk.rt) == messages
    assert await recovered(desk.rt) == []
    assert not list(desk.rt.settings.data.glob("spill.*"))


async def test_the_spill_of_a_living_process_is_left_to_it(desk, messages, spiller):
    await spiller.spill(messages[0])
    assert await recovered(desk.rt) == []
    assert list(desk.rt.settings.data.glob("spill.*"))


async def test_a_torn_last_line_does_not_cost_the_others_their_answer(desk, messages, spiller):
    await spiller.spill(messages[0])
    os.write(spiller._file, stored.dump_message(messages[1]).encode()[:-20])
    die(spiller)
    assert await recovered(desk.rt) == messages[:1]


@pytest.mark.parametrize("line", [b"\xff\xfe", b"{}", b"[]", b"7", b'{"is": "Nothing"}'])
async def test_a_line_that_is_no_message_is_passed_over(desk, messages, spiller, line):
    await spiller.spill(messages[0])
    os.write(spiller._file, line + b"\n")
    await spiller.spill(messages[1])
    die(spiller)
    assert await recovered(desk.rt) == messages[:2]


async def test_the_spill_can_be_read_by_its_owner_alone(desk, messages, spiller):
    await spiller.spill(messages[0])
    (path,) = desk.rt.settings.data.glob("spill.*")
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text().splitlines()[0])["content"] == "第一句"


async def test_a_full_disk_is_an_error_and_leaves_no_half_line(
    desk, messages, spiller, monkeypatch
):
    await spiller.spill(messages[0])
    whole = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: whole(fd, data[: len(data) // 2]))
    with pytest.raises(OSError, match="No space left") as caught:
        await spiller.spill(messages[1])
    assert caught.value.errno == errno.ENOSPC
    monkeypatch.undo()
    await spiller.spill(messages[2])
    die(spiller)
    assert await recovered(desk.rt) == [messages[0], messages[2]]


async def test_the_mother_is_not_named_in_the_log_of_a_spill(desk, messages, spiller, capsys):
    await spiller.spill(messages[0])
    logged = capsys.readouterr().err
    assert "answer_late" in logged
    assert MOTHER not in logged
    assert "第一句" not in logged


async def test_recovery_answers_into_the_database_and_sends(town, parent):
    async with app.opened(town.settings) as rt:
        spiller = Late(rt)
        message = stored.load_message(
            json.dumps(
                {
                    "is": "Text",
                    "account": ACCOUNT,
                    "openid": parent.openid,
                    "created_at": 1,
                    "key": "4242",
                    "content": "孩子写作业总是拖拉怎么办",
                    "menu_id": "",
                }
            )
        )
        await spiller.spill(message)
        die(spiller)
        async with app.reachable(rt):
            from bot.dialogue.inbox import Inbox

            box = Inbox(rt, app.engine(), sender := Late(rt))
            box.start()
            assert await late.recover(rt, box.recover) == 1
            await box.close()
            await sender.close()
    assert "编号" in parent.chat[-1]
    assert await state(town, "4242") == "sent"
    async with town.db.read() as tx:
        kept = await tx.scalar(text("SELECT count(*) FROM inbox WHERE msg_key = '4242'"))
    assert kept == 1
