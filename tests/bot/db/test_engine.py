"""Transactions of one database: nothing lost, readers read, trouble has one name."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from bot.db.engine import Database
from bot.errors import StartRefused, StoreAway


@pytest.fixture
async def db(settings):
    opened = Database(settings.url, pool=5)
    async with opened.write() as tx:
        await tx.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"))
        await tx.execute(text("INSERT INTO counter VALUES (1, 0)"))
    yield opened
    await opened.dispose()


async def count(db):
    async with db.read() as tx:
        return await tx.scalar(text("SELECT n FROM counter WHERE id = 1"))


async def test_a_thousand_changes_at_once_lose_none(db):
    lock = "" if db.is_sqlite else " FOR UPDATE"

    async def add():
        async with db.write() as tx:
            n = await tx.scalar(text(f"SELECT n FROM counter WHERE id = 1{lock}"))
            await tx.execute(text("UPDATE counter SET n = :n WHERE id = 1"), {"n": n + 1})

    await asyncio.gather(*(add() for _ in range(1000)))
    assert await count(db) == 1000


async def test_batches_and_transactions_of_two_processes_lose_none(db, settings):
    other = Database(settings.url, pool=5)
    lock = "" if db.is_sqlite else " FOR UPDATE"

    def add(tx):
        n = tx.scalar(text(f"SELECT n FROM counter WHERE id = 1{lock}"))
        tx.execute(text("UPDATE counter SET n = :n WHERE id = 1"), {"n": n + 1})

    async def add_slowly(which):
        async with which.write() as tx:
            await tx.run_sync(add)

    work = [(db, other)[n % 2] for n in range(100)]
    await asyncio.gather(*(d.transact(add) for d in work), *(add_slowly(d) for d in work))
    assert await count(db) == 200
    await other.dispose()


async def test_an_error_inside_leaves_nothing_behind(db):
    def work(tx):
        tx.execute(text("UPDATE counter SET n = 8"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        async with db.write() as tx:
            await tx.run_sync(work)
    with pytest.raises(RuntimeError):
        await db.transact(work)
    assert await count(db) == 0


async def test_a_reader_sees_what_is_committed_while_a_writer_works(db):
    async with db.write() as tx:
        await tx.execute(text("UPDATE counter SET n = 7"))
        assert await count(db) == 0
    assert await count(db) == 7


async def test_a_reader_of_sqlite_cannot_write(tmp_path):
    db = Database(f"sqlite+aiosqlite:///{tmp_path}/r.db")
    async with db.write() as tx:
        await tx.execute(text("CREATE TABLE t (a)"))
    with pytest.raises(StoreAway):
        async with db.read() as tx:
            await tx.execute(text("INSERT INTO t VALUES (1)"))
    await db.dispose()


async def test_a_key_met_twice_and_a_wrong_statement_keep_their_names(db):
    with pytest.raises(IntegrityError):
        async with db.write() as tx:
            await tx.execute(text("INSERT INTO counter VALUES (1, 0)"))
    if not db.is_sqlite:  # SQLite calls it operational, like a missing disk
        with pytest.raises(ProgrammingError):
            async with db.write() as tx:
                await tx.execute(text("SELECT * FROM nothing"))


async def test_errors_do_not_show_their_parameters(db):
    with pytest.raises(IntegrityError) as caught:
        async with db.write() as tx:
            await tx.execute(
                text("INSERT INTO counter (id, n) VALUES (:i, :n)"), {"i": 77123, "n": None}
            )
    if db.is_sqlite:  # PostgreSQL's own sentence holds the row; nobody logs it
        assert "77123" not in str(caught.value)


async def test_a_database_that_is_not_there_is_away():
    db = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreAway):
        async with db.read() as tx:
            await tx.execute(text("SELECT 1"))
    with pytest.raises(StoreAway):
        await db.transact(lambda tx: tx.execute(text("SELECT 1")))
    await db.dispose()


async def test_a_file_that_is_no_database_is_away_or_named(tmp_path):
    (tmp_path / "x.db").mkdir()
    db = Database(f"sqlite+aiosqlite:///{tmp_path}/x.db")
    with pytest.raises(StoreAway):
        async with db.read() as tx:
            await tx.execute(text("SELECT 1"))
    await db.dispose()
    # aiosqlite's thread of a failed opening ends by itself; it must find this test's loop open
    async with asyncio.timeout(10):
        while any("_connection_worker" in t.name for t in threading.enumerate()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_connections_cut_by_the_server_are_replaced(postgres, tmp_path):
    db = Database(postgres().replace("postgresql:", "postgresql+psycopg:"))
    async with db.read() as tx:
        await tx.execute(text("SELECT 1"))
    killer = Database(db.url)
    async with killer.write() as tx:
        await tx.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    async with db.read() as tx:
        assert await tx.scalar(text("SELECT 1")) == 1
    await db.dispose()
    await killer.dispose()


@pytest.mark.parametrize("url", ["nonsense", "sqlite", "://"])
def test_what_is_no_url_is_named_by_its_setting(url):
    with pytest.raises(StartRefused, match="BOT_DATABASE_URL"):
        Database(url)


def test_an_absent_file_is_told_without_making_it(tmp_path):
    file = Path(tmp_path / "deep" / "bot.db")
    db = Database(f"sqlite+aiosqlite:///{file}")
    assert db.is_absent()
    assert not file.exists()


async def test_a_commit_is_on_disk_before_it_is_told(tmp_path):
    db = Database(f"sqlite+aiosqlite:///{tmp_path}/d.db")

    async def pragma(name):
        async with db.write() as tx:
            return await tx.scalar(text(f"PRAGMA {name}"))

    assert await pragma("journal_mode") == "wal"
    assert await pragma("synchronous") == 2  # FULL
    assert await db.transact(lambda tx: tx.scalar(text("PRAGMA synchronous"))) == 2
    await db.dispose()
