"""`bot work` takes up what others left, survives trouble, and ends when asked."""

import asyncio
from datetime import timedelta

from sqlalchemy import insert

from bot.clock import SystemClock
from bot.dialogue import stored
from bot.dialogue.tables import inbox
from bot.wechat.replies import TextReply
from tests.support import process, world
from tests.support.process import ROOT, Town
from tests.support.waiting import until


async def left(town, parent):
    """Leave an answer that a process which died two minutes ago had not sent."""
    row = {
        "account": world.ACCOUNT,
        "openid": parent.openid,
        "msg_key": "77",
        "kind": "Text",
        "content": "w",
        "reply": stored.dumps(TextReply("迟到的回答")),
        "delivery": "late",
        "received_at": SystemClock().now() - timedelta(minutes=2),
    }
    async with town.db.write() as tx:
        await tx.execute(insert(inbox), [row])


async def test_the_worker_sends_what_was_left_and_ends_when_asked(tmp_path, database_url):
    async with Town.open(tmp_path, database_url) as town:
        (service,) = town.services
        parent = town.parent()
        await parent.follows()
        await parent.says("你好")
        await left(town, parent)
        worker = await asyncio.create_subprocess_exec(
            process.BOT,
            "work",
            env=process.environment(service.data, **service.settings),
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )
        await until(lambda: "迟到的回答" in parent.chat)
        worker.terminate()
        async with asyncio.timeout(30):
            logged = (await worker.communicate())[1].decode()
        assert worker.returncode == 0, logged
        assert '"event": "working"' in logged
        assert '"level": "error"' not in logged
    assert parent.chat.count("迟到的回答") == 1
