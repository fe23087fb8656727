"""Backups: of one instant, looked through, without what grants access, the newest kept."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.delivery.tables import access_tokens
from bot.errors import InvalidInput, StoreAway
from bot.ops import account, backup, copies, sqlite_copy
from tests.support import world
from tests.support.desk import Desk

MARK = "MARKaccesstoken00000000"


async def leave_a_token(desk):
    at = desk.clock.now()
    row = {"app_id": "wx1", "token": MARK, "expires_at": at, "fetched_at": at}
    async with desk.rt.db.write() as tx:
        await tx.execute(insert(access_tokens), [row])


def spoil(name):
    with Path(name).open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 40960)


async def test_a_backup_holds_every_row_but_the_access_token(each_desk, counted):
    await each_desk.says("孩子写作业总是拖拉怎么办")
    await leave_a_token(each_desk)
    made = await backup.backup(each_desk.rt)
    there = await counted(each_desk.rt.db)
    rows = {n: c for n, c in made.rows.items() if n not in {"alembic_version", "fence"}}
    assert rows == {n: c for n, c in there.items() if n != "fence"} | {"access_token": 0}
    assert rows["inbox"] == rows["decision"] == 1
    assert MARK.encode() not in made.path.read_bytes()


async def test_a_backup_belongs_to_its_owner_and_its_manifest_tells_what_it_is(each_desk):
    made = await backup.backup(each_desk.rt)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o077 == 0
    assert made.sha256 == copies.sha256(made.path)
    (known,) = copies.listed(each_desk.rt.settings.data)
    assert (known.path, known.rows, known.at) == (made.path.resolve(), made.rows, made.at)
    assert [p for p in made.path.parent.iterdir() if p.name.endswith(".part")] == []


async def test_the_copy_carries_a_raised_fence(desk):
    made = await backup.backup(desk.rt)
    with sqlite3.connect(made.path) as copy:
        assert copy.execute("SELECT reason FROM fence").fetchall() == [("backup",)]
    assert await desk.rows("SELECT * FROM fence") == []


async def test_only_the_newest_are_kept(desk):
    desk.rt.settings = desk.rt.settings.model_copy(update={"backup_keep": 2})
    for _ in range(3):
        desk.clock.turn(hours=1)
        await backup.backup(desk.rt)
    kept = copies.listed(desk.rt.settings.data)
    assert [desk.clock.now() - one.at for one in kept] == [timedelta(0), timedelta(hours=1)]
    assert len(list((desk.rt.settings.data / "backups").glob("*.db"))) == 2


async def test_a_backup_elsewhere_is_known_and_never_deleted(desk, tmp_path):
    desk.rt.settings = desk.rt.settings.model_copy(update={"backup_keep": 1})
    away = tmp_path / "away" / "one.db"
    await backup.backup(desk.rt, away)
    for _ in range(2):
        desk.clock.turn(hours=1)
        await backup.backup(desk.rt)
    assert away.exists()
    assert [b.path.name for b in copies.listed(desk.rt.settings.data)][-1] == "one.db"


async def test_a_backup_never_writes_over_a_file(desk, tmp_path):
    (tmp_path / "mine.db").write_text("mine")
    with pytest.raises(InvalidInput, match=r"mine\.db exists"):
        await backup.backup(desk.rt, tmp_path / "mine.db")
    assert (tmp_path / "mine.db").read_text() == "mine"


async def test_a_place_that_cannot_be_written_is_named(desk, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match=r"file.* cannot be written"):
        await backup.backup(desk.rt, tmp_path / "file" / "x.db")


async def test_no_secret_of_the_account_is_in_the_file_in_clear(each_desk):
    values = {"app_secret": "MARKsecret" * 3, "token": "MARKtoken1", "aes_key": "M" * 43}
    async with each_desk.rt.db.write() as tx:
        await account.save(tx, each_desk.rt, values, by="admin")
    made = await backup.backup(each_desk.rt)
    bytes_there = made.path.read_bytes()
    assert made.rows["account_setting"] == 3
    assert [v for v in values.values() if v.encode() in bytes_there] == []
    assert b"MARK" not in bytes_there


async def test_a_damaged_database_is_not_backed_up(sqlite_settings):
    await world.prepare(sqlite_settings)
    async with Desk.open(sqlite_settings) as desk:
        await desk.rt.db.dispose()
        spoil(desk.rt.db.file)
        with pytest.raises(InvalidInput, match="damaged"):
            await backup.backup(desk.rt)
        assert copies.listed(sqlite_settings.data) == []
        assert list((sqlite_settings.data / "backups").iterdir()) == []


async def test_without_a_database_there_is_nothing_to_copy(tmp_path, sqlite_settings):
    with pytest.raises(StoreAway, match="bot init"):
        sqlite_copy.make(tmp_path / "none.db", tmp_path / "x", None)


async def test_without_the_tools_of_postgresql_the_setting_is_named(settings, tmp_path):
    if settings.url.startswith("sqlite"):
        pytest.skip("SQLite needs no tools")
    async with Desk.open(settings.model_copy(update={"pg_bin": str(tmp_path)})) as desk:
        with pytest.raises(InvalidInput, match="BOT_PG_BIN"):
            await backup.backup(desk.rt)


async def test_a_manifest_nobody_can_read_is_left_out(desk):
    await backup.backup(desk.rt)
    (desk.rt.settings.data / "backups" / "bot-broken.json").write_text("{")
    assert len(copies.listed(desk.rt.settings.data)) == 1
