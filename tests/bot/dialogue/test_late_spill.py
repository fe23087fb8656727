"""The spill: what was acknowledged before the database had it, safe on disk and recovered once."""

import errno
import json
import os

import pytest

from bot import app
from bot.dialogue import late, stored
from bot.dialogue.inbox import Inbox
from bot.dialogue.late import Late
from bot.wechat.messages import Text
from tests.support.desk import MOTHER
from tests.support.world import ACCOUNT

QUESTION = "孩子写作业总是拖拉怎么办"


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


async def test_the_mother_is_not_named_in_the_log_of_a_spill(desk, messages, spiller, logged):
    await spiller.spill(messages[0])
    lines = logged()
    assert "answer_late" in lines
    assert MOTHER not in lines
    assert "第一句" not in lines


async def test_recovery_answers_into_the_database_and_sends(town):
    parent = town.parent()
    await parent.follows()
    await parent.says("你好")
    async with app.opened(town.settings) as rt, app.reachable(rt):
        spiller = Late(rt)
        await spiller.spill(Text(ACCOUNT, parent.openid, 1, "4242", QUESTION))
        die(spiller)
        box = Inbox(rt, app.engine(), sender := Late(rt))
        box.start()
        assert await late.recover(rt, box.recover) == 1
        await box.close()
        await sender.close()
    assert "编号" in parent.chat[-1]
    kept = await town.rows("SELECT delivery FROM inbox WHERE msg_key = '4242'")
    assert [r["delivery"] for r in kept] == ["sent"]
