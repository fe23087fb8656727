"""The database goes away, the disk fills up: the webhook goes on, and recovers by itself."""

import asyncio
import resource
import sqlite3

import pytest
from sqlalchemy import text

from bot.db import engine
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
        assert await town.rows("SELECT 1 FROM inbox WHERE content = :q", q=QUESTION)
        await until(lambda: alarms(town, 2))  # the cry is written although the disk was full


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
        assert "请现在就做" in await parent.says("1")
        await allow(admin, name, "true")
        await until(lambda: alarms(city, 2))
        await until(lambda: has_choice(city, "1"))
        assert "编号" in await parent.says(QUESTION)
    await admin.dispose()


@pytest.fixture
def read_only(monkeypatch):
    """Returns a switch that makes SQLite refuse every write of a batch."""
    is_on = False
    run = engine._in_transaction

    def refusing(made, work):
        def refused(tx):
            tx.exec_driver_sql(f"PRAGMA query_only={'ON' if is_on else 'OFF'}")
            try:
                return work(tx)
            finally:
                tx.exec_driver_sql("PRAGMA query_only=OFF")

        return run(made, refused)

    def switch(on):
        nonlocal is_on
        is_on = on

    monkeypatch.setattr(engine, "_in_transaction", refusing)
    return switch


@pytest.fixture
async def city(tmp_path):
    async with City.open(settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("answer", "told"),
    [("1", "请现在就做"), ("他把门锁了", "请现在就做"), ("2", "今天先做三件事"), ("3", "不再提")],
)
async def test_a_read_only_database_costs_no_step_of_a_crisis(city, read_only, answer, told):
    parent = city.parent()
    await parent.follows()
    read_only(True)
    assert BUSY in await parent.says(QUESTION)
    assert "现在有危险吗" in await parent.says(DANGER)
    assert told in await parent.says(answer)
    assert BUSY in await parent.says(QUESTION)
    assert await city.rows("SELECT 1 FROM alarm") == []
    read_only(False)
    await until(lambda: alarms(city, 1))
    choice = answer if answer in ("2", "3") else "1"
    await until(lambda: has_choice(city, choice))
    await asyncio.sleep(0.2)
    assert parent.chat.count(parent.chat[-1]) >= 1
    assert sum("现在有危险吗" in words for words in parent.chat) == 1  # nothing is sent again
    assert len(await city.rows("SELECT 1 FROM inbox WHERE content = :c", c=DANGER)) == 1
    await until(lambda: not list(city.settings.data.glob("cried.*")))


async def test_the_answer_is_understood_when_the_database_goes_between_the_two(city, read_only):
    parent = city.parent()
    await parent.follows()
    assert "现在有危险吗" in await parent.says(DANGER)
    read_only(True)
    assert "请现在就做" in await parent.says("1")
    read_only(False)
    await until(lambda: has_choice(city, "1"))


async def test_a_softer_question_stays_soft_without_a_database(city, read_only):
    parent = city.parent()
    await parent.follows()
    read_only(True)
    assert "真的想过不活" in await parent.says("孩子说作业多得想死")
    assert "今天先做三件事" in await parent.says("他写到十一点")


async def test_what_a_dead_process_had_kept_is_written_by_the_next(tmp_path, read_only):
    given = settings(tmp_path, f"sqlite:///{tmp_path}/bot.db")
    read_only(True)
    async with City.open(given) as city:
        parent = city.parent()
        await parent.follows()
        await parent.says(DANGER)
        assert list(given.data.glob("cried.*"))
    read_only(False)
    async with City.open(given) as city:
        await until(lambda: alarms(city, 1))
        await until(lambda: not list(given.data.glob("cried.*")))


async def alarms(place, number):
    return len(await place.rows("SELECT 1 FROM alarm")) == number


async def choices(place):
    rows = await place.rows("SELECT choice FROM alert WHERE choice IS NOT NULL")
    return [r["choice"] for r in rows]


async def has_choice(place, choice):
    return await choices(place) == [choice]


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
