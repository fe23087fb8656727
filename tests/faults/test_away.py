"""The database goes away, the disk fills up: the webhook goes on, and recovers by itself."""

import asyncio
import resource
import sqlite3

import pytest
from sqlalchemy import text

from bot.db.engine import Database
from tests.support.process import Town, limit_files
from tests.support.waiting import until
from tests.support.world import City, settings

QUESTION = "孩子写作业总是拖拉怎么办"
DANGER = "孩子说不想活了，刚才吃了一瓶药"
BUSY = "暂时有点忙"

limited = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="prlimit is Linux's own")


async def answers(parent, town):
    """Ask, cry for help and leave; returns the words told."""
    asked = await parent.says(QUESTION)
    cried = await parent.says(DANGER)
    picture = await parent.sends("image")
    assert [d.attempts[-1].status for d in parent.deliveries] == [200] * len(parent.deliveries)
    assert picture == ""
    return asked, cried


async def first_help(town):
    """Return what the same cry is told while all is well, to another parent."""
    other = town.parent()
    await other.follows()
    return await other.says(DANGER)


@limited
async def test_a_full_disk_gives_the_busy_text_and_a_crisis_its_help(tmp_path):
    url = f"sqlite:///{tmp_path}/bot.db"
    async with Town.open(tmp_path, url) as town:
        (service,) = town.services
        parent = town.parent()
        await parent.follows()
        help_first = await first_help(town)
        limit_files(service, 0)
        asked, cried = await answers(parent, town)
        assert BUSY in asked
        assert cried == help_first
        assert service.logged("store_away")
        limit_files(service, None)
        assert "编号" in await parent.says(QUESTION)
        kept = await town.rows("SELECT content FROM inbox WHERE kind = 'Text'")
        assert [r["content"] for r in kept] == [DANGER, QUESTION]


@limited
async def test_a_receipt_that_cannot_be_made_safe_is_not_acknowledged_as_taken(tmp_path):
    url = f"sqlite:///{tmp_path}/bot.db"
    async with Town.open(tmp_path, url, answer_deadline_s="0.3") as town:
        (service,) = town.services
        parent = town.parent()
        await parent.follows()
        lock = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        limit_files(service, 0)
        assert BUSY in await parent.says(QUESTION)
        assert "现在有危险吗" in await parent.says(DANGER)
        assert service.logged("spill_failed")
        limit_files(service, None)
        lock.execute("ROLLBACK")
        lock.close()

        async def answered():
            return "不客气" in await parent.says("谢谢")

        await until(answered)


async def test_postgres_cut_off_gives_the_busy_text_and_comes_back(tmp_path, postgres):
    url = postgres()
    admin = Database(postgres().replace("postgresql:", "postgresql+psycopg:"))
    name = url.partition("?")[0].rpartition("/")[2]
    async with City.open(settings(tmp_path, url)) as city:
        parent = city.parent()
        await parent.follows()
        help_first = await first_help(city)
        await allow(admin, name, "false")
        asked, cried = await answers(parent, city)
        assert BUSY in asked
        assert cried == help_first
        await allow(admin, name, "true")
        assert "编号" in await parent.says(QUESTION)
    await admin.dispose()


async def test_connections_cut_in_the_middle_are_made_again_unseen(tmp_path, postgres):
    url = postgres()
    admin = Database(postgres().replace("postgresql:", "postgresql+psycopg:"))
    name = url.partition("?")[0].rpartition("/")[2]
    async with City.open(settings(tmp_path, url)) as city:
        parents = [city.parent() for _ in range(20)]
        await asyncio.gather(*(p.follows() for p in parents))
        for _ in range(3):
            asking = asyncio.gather(*(p.says(QUESTION) for p in parents))
            await cut(admin, name)
            assert all("编号" in words for words in await asking)
        rows = await city.rows("SELECT count(*) AS n FROM decision")
        assert rows[0]["n"] == 60
    await admin.dispose()


async def cut(admin, name):
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"
    async with admin.write() as tx:
        await tx.execute(text(query), {"n": name})


async def allow(admin, name, yes):
    async with admin.write() as tx:
        await tx.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {yes}'))
    if yes == "false":
        await cut(admin, name)
