"""The stream: it rings within one's scope, says no words, and ends with session and process."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from bot.console import live
from bot.handoff.live import THEME
from tests.support.desk import FATHER
from tests.support.waiting import until

TIANHE, YUEXIU = "gz/tianhe", "gz/yuexiu"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(live, "PERIOD_S", 0.02)
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.2)


@asynccontextmanager
async def listening(counter, client):
    """Open the stream as a browser does; yields a function that waits for the next line."""
    url = f"{counter.office.origin}/console/inbox/events"
    headers = {"Accept": "text/event-stream"}
    async with counter.office.http.get(url, headers=headers, cookies=client.cookies) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert stream.headers["Cache-Control"] == "no-store"

        async def next_line(start):
            async with asyncio.timeout(10):
                async for line in stream.content:
                    if line.decode().startswith(start):
                        return line.decode().strip()
            return None

        yield next_line


async def test_it_rings_when_something_changes_and_says_no_words(counter):
    agent = await counter.agent()
    async with listening(counter, agent) as line:
        assert json.loads((await line("data:"))[5:]) == {"waiting": 0}
        await counter.ticket()
        assert await line("data:") == 'data: {"waiting": 1}'
        await counter.says("孩子叫小明，想请老师看看")
        told = await line("data:")
        assert "小明" not in told


async def test_nothing_outside_one_s_scope_rings(counter):
    agent = await counter.agent("tianhe", ("agent", TIANHE, ""))
    async with listening(counter, agent) as line:
        assert await line("data:") == 'data: {"waiting": 0}'
        await counter.ticket(who=FATHER, area=YUEXIU)
        assert (await line(("data:", ":"))).startswith(":")  # only the heartbeat
        await counter.ticket(area=TIANHE)
        assert await line("data:") == 'data: {"waiting": 1}'


async def test_it_ends_when_the_session_ends(one_counter):
    agent = await one_counter.agent()
    async with listening(one_counter, agent) as line:
        await line("data:")
        await one_counter.office.change("DELETE FROM staff_session")
        assert await line("data:") is None


async def test_it_ends_when_the_right_is_taken(one_counter):
    agent = await one_counter.agent()
    async with listening(one_counter, agent) as line:
        await line("data:")
        await one_counter.office.change("UPDATE staff_grant SET role = 'leader'")
        assert await line("data:") is None


async def test_it_does_not_keep_a_session_alive(one_counter):
    agent = await one_counter.agent()
    async with listening(one_counter, agent) as line:
        await line("data:")
        one_counter.pass_time(minutes=31)
        assert await line("data:") is None


async def test_nobody_reads_while_nobody_listens(one_counter):
    agent = await one_counter.agent()
    bell = live.bell(one_counter.office.rt, THEME)
    async with listening(one_counter, agent) as line:
        await line("data:")
        assert bell._reading is not None
    await until(lambda: bell._reading is None)
