"""Restore: checked, migrated, fenced; the old database is kept, a wrong file changes nothing."""

import asyncio
import shutil
import sqlite3
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from bot import app
from bot.db.engine import Database
from bot.delivery import fence
from bot.errors import InvalidInput
from bot.ops import backup, restore, sqlite_copy
from tests.support.desk import FATHER, Desk, all_cells

QUESTION = "孩子写作业总是拖拉怎么办"
#: A process that has read once and sits idle.
HOLD = """
import asyncio, sys
from sqlalchemy import text
from bot.db.engine import Database

async def main():
    db = Database(sys.argv[1])
    async with db.read() as tx:
        await tx.execute(text("SELECT count(*) FROM inbox"))
    print("open", flush=True)
    sys.stdin.readline()
    await db.dispose()

asyncio.run(main())
"""


@pytest.fixture
async def saved(settings):
    """A backup with one answer in it; the database has had another one since. Nothing runs."""
    async with Desk.open(settings) as desk:
        await desk.says(QUESTION)
        made = await backup.backup(desk.rt)
        rows = await all_cells(desk.rt.db, without=("fence",))
        await desk.says("孩子沉迷手机怎么办")
    return made, rows


@pytest.fixture
async def sqlite_saved(sqlite_settings):
    async with Desk.open(sqlite_settings) as desk:
        await desk.says(QUESTION)
        return await backup.backup(desk.rt)


async def test_every_row_is_back_and_the_fence_is_up(settings, saved):
    made, rows = saved
    done = await restore.restore(settings, made.path)
    db = Database(settings.url)
    assert await all_cells(db, without=("fence",)) == rows
    async with db.read() as tx:
        stands = await fence.is_up(tx)
    await db.dispose()
    assert stands.reason == "restored"
    assert done.rows == made.rows


async def test_a_service_answers_on_what_was_restored(settings, saved):
    await restore.restore(settings, saved[0].path)
    async with Desk.open(settings) as desk:
        assert "编号" in await desk.says(QUESTION)


async def test_what_was_restored_can_be_backed_up_and_restored_again(settings, saved):
    await restore.restore(settings, saved[0].path)
    async with app.opened(settings) as rt:
        again = await backup.backup(rt)
    done = await restore.restore(settings, again.path)
    assert done.rows["inbox"] == 1


async def test_the_old_database_is_kept_beside(sqlite_settings, sqlite_saved):
    async with Desk.open(sqlite_settings) as desk:
        await desk.says("孩子沉迷手机怎么办", who=FATHER)
        file = Path(desk.rt.db.file)
    done = await restore.restore(sqlite_settings, sqlite_saved.path)
    assert done.before == f"{file}.before-restore"
    assert sorted(p.name for p in file.parent.glob("bot.db*")) == [
        "bot.db",
        "bot.db.before-restore",
    ]
    assert file.stat().st_mode & 0o777 == 0o600
    assert sqlite_copy.look(Path(done.before)).rows["inbox"] == 2
    assert sqlite_copy.look(file).rows["inbox"] == 1


async def test_the_old_postgresql_database_is_kept_as_a_schema(settings, saved):
    if settings.url.startswith("sqlite"):
        pytest.skip("SQLite keeps a file")
    await restore.restore(settings, saved[0].path)
    async with Desk.open(settings) as desk:
        (old,) = await desk.rows("SELECT count(*) AS n FROM before_restore.inbox")
        (new,) = await desk.rows("SELECT count(*) AS n FROM inbox")
    assert (old["n"], new["n"]) == (2, 1)


async def test_a_log_of_before_is_not_played_into_the_new_database(sqlite_settings, sqlite_saved):
    file = Path(sqlite_settings.url.partition(":///")[2])
    file.with_name("bot.db-wal").write_bytes(b"stale")
    file.with_name("bot.db-shm").write_bytes(b"stale")
    await restore.restore(sqlite_settings, sqlite_saved.path)
    async with Desk.open(sqlite_settings) as desk:
        assert len(await desk.rows("SELECT * FROM inbox")) == 1


async def test_a_damaged_database_can_be_replaced(sqlite_settings, sqlite_saved):
    file = Path(sqlite_settings.url.partition(":///")[2])
    file.write_bytes(b"nothing of a database")
    done = await restore.restore(sqlite_settings, sqlite_saved.path)
    assert Path(done.before).read_bytes() == b"nothing of a database"
    async with Desk.open(sqlite_settings) as desk:
        assert len(await desk.rows("SELECT * FROM inbox")) == 1


async def test_another_process_with_the_database_open_stops_it(settings, saved):
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, settings.url, cwd=root, stdin=PIPE, stdout=PIPE
    )
    await process.stdout.readline()
    with pytest.raises(InvalidInput, match="stop `bot serve`"):
        await restore.restore(settings, saved[0].path)
    await process.communicate(b"end\n")
    await restore.restore(settings, saved[0].path)


def damaged(path):
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 4096)


def cut(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def replaced(path):
    path.write_bytes(b"a shopping list")


@pytest.mark.parametrize("known", [True, False], ids=["with manifest", "from elsewhere"])
@pytest.mark.parametrize("spoil", [cut, replaced, damaged])
async def test_a_spoilt_file_is_refused_and_nothing_changes(
    settings, saved, spoil, known, tmp_path
):
    path = saved[0].path
    if not known:
        path = Path(shutil.copy(path, tmp_path / "elsewhere"))
    spoil(path)
    with pytest.raises(InvalidInput) as caught:
        await restore.restore(settings, path)
    assert "\n" not in str(caught.value)
    async with Desk.open(settings) as desk:
        assert len(await desk.rows("SELECT * FROM inbox")) == 2
        assert await desk.rows("SELECT * FROM fence") == []


async def test_a_database_of_something_else_is_refused(sqlite_settings, sqlite_saved, tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (a)")
    with pytest.raises(InvalidInput, match="not of this service"):
        await restore.restore(sqlite_settings, tmp_path / "other.db")


async def test_a_backup_of_a_newer_version_is_refused(sqlite_settings, sqlite_saved, tmp_path):
    newer = Path(shutil.copy(sqlite_saved.path, tmp_path / "newer.db"))
    with sqlite3.connect(newer) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(InvalidInput, match="schema 9999"):
        await restore.restore(sqlite_settings, newer)


async def test_no_file_is_said_so(sqlite_settings, tmp_path):
    with pytest.raises(InvalidInput, match="is not a file"):
        await restore.restore(sqlite_settings, tmp_path / "none")
