"""From one database to another: everything or nothing, proved, and only one of them sends."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select, text

from bot import app
from bot.db.engine import plain
from bot.db.migrate import upgrade
from bot.delivery import fence
from bot.delivery.ledger_tables import broadcasts
from bot.errors import InvalidInput, NotAllowed, StartRefused
from bot.ops import transfer, transfer_checks, transfer_rows
from tests.support import rows, sending
from tests.support.desk import FATHER, Desk
from tests.support.office import Office


def test_every_table_comes_back_by_way_of_the_other_database(settings, other_url, tmp_path):
    rows.filled(settings.url)
    before, again = rows.cells(settings.url), f"sqlite:///{tmp_path}/again.db"
    there = transfer.copy(settings.url, other_url)
    assert {one.table: one.here.rows for one in there} == dict.fromkeys(before, 3) | {"fence": 0}
    assert all(one.is_equal for one in there)
    assert rows.cells(other_url) == before
    back = transfer.copy(other_url, again)
    assert rows.cells(again) == before
    assert {one.table: one.there for one in back} == {one.table: one.here for one in there}


async def test_what_an_office_has_written_is_copied(settings, other_url):
    async with Desk.open(settings) as desk:
        await desk.says("孩子写作业总是拖拉怎么办")
        await desk.says("我要找人工", who=FATHER)
    async with Office.open(settings) as office:
        await office.units()
        await office.staff("chen", ("admin", "", ""))
    before = rows.cells(settings.url)
    transfer.copy(settings.url, other_url)
    assert rows.cells(other_url) == before
    given = settings.model_copy(update={"database_url": other_url})
    async with Desk.open(given) as desk:  # numbers go on where they were
        assert "编号" in await desk.says("孩子写作业总是拖拉怎么办", who=FATHER)
        found = await desk.rows("SELECT count(*) AS n, count(DISTINCT id) AS d FROM decision")
        assert found[0]["n"] == found[0]["d"] > len(before["decision"])


def test_the_database_of_before_is_out_of_use_for_good(settings, other_url):
    rows.filled(settings.url)
    transfer.copy(settings.url, other_url)
    assert "'copied'" in rows.fence(settings.url)[0]
    assert rows.fence(other_url) == []
    fence.check_start(transfer_checks.address(other_url).render_as_string(hide_password=False))
    with pytest.raises(StartRefused, match="set BOT_DATABASE_URL"):
        fence.check_start(settings.url)
    with pytest.raises(InvalidInput, match="was copied to another one"):
        transfer.copy(settings.url, other_url)


async def test_its_fence_is_lifted_only_by_who_says_that_the_copy_is_gone(settings, other_url):
    upgrade(settings.url)
    transfer.copy(settings.url, other_url)
    async with app.opened(settings) as rt, rt.db.write() as tx:
        with pytest.raises(NotAllowed, match="in use now"):
            await fence.lift(tx)
        assert (await fence.lift(tx, is_back=True)).reason == "copied"


def test_a_fence_of_a_restore_goes_along(settings, other_url):
    upgrade(settings.url)
    rows.change(settings.url, "INSERT INTO fence VALUES (1, '2026-11-30 00:00:00', 'restored')")
    stood = rows.fence(settings.url)
    transfer.copy(settings.url, other_url)
    assert rows.fence(other_url) == stood


def test_runners_in_the_target_do_not_make_it_full(tmp_path, postgres):
    url = postgres()
    rows.change(url, "CREATE SCHEMA dbos")
    rows.change(url, "CREATE TABLE dbos.workflow_status (id integer)")
    rows.change(url, "INSERT INTO dbos.workflow_status VALUES (1)")
    here = f"sqlite:///{tmp_path}/bot.db"
    rows.filled(here)
    transfer.copy(here, url)
    assert rows.cells(url)["broadcast"] == rows.cells(here)["broadcast"]


async def test_a_running_broadcast_goes_on_in_a_round_of_its_own(settings, other_url):
    async with sending.opened(settings) as office:
        await office.people(2)
        number = await office.order()
        await office.start(number)
    transfer.copy(settings.url, other_url)
    engine = plain(transfer_checks.address(other_url))
    with engine.connect() as there:
        found = there.execute(select(broadcasts.c.stage, broadcasts.c.round)).one()
    engine.dispose()
    assert tuple(found) == ("running", 2)


def test_a_difference_is_said_and_the_target_stays_behind_its_fence(
    settings, other_url, monkeypatch
):
    rows.filled(settings.url)
    counters = transfer_rows.move

    def tampered(source, target, table):
        made = counters(source, target, table)
        if table.name == "ticket":
            with target.begin() as there:
                there.execute(text("DELETE FROM ticket WHERE id = 7"))
        return made

    monkeypatch.setattr(transfer_rows, "move", tampered)
    with pytest.raises(transfer.Differs) as caught:
        transfer.copy(settings.url, other_url)
    different = [one for one in caught.value.tables if not one.is_equal]
    assert [(one.table, one.here.rows, one.there.rows) for one in different] == [("ticket", 3, 2)]
    assert rows.fence(settings.url) == []
    assert "'copying'" in rows.fence(other_url)[0]
    with pytest.raises(StartRefused, match="was not finished"):
        fence.check_start(other_url)
    monkeypatch.undo()
    with pytest.raises(InvalidInput, match="was not finished: drop it"):
        transfer.copy(settings.url, other_url)


def test_the_order_of_rows_does_not_matter_and_a_cell_does():
    one, other = {"a": 1, "b": "x"}, {"a": 2, "b": None}
    assert transfer_rows.Sum().plus([one, other]) == transfer_rows.Sum().plus([other]).plus([one])
    assert transfer_rows.Sum().plus([one]) != transfer_rows.Sum().plus([{"a": "1", "b": "x"}])
    assert transfer_rows.Sum().plus([one, one]) != transfer_rows.Sum().plus([one])


def test_numbers_of_deleted_rows_are_not_given_again(postgres):
    here, there = postgres(), postgres()
    rows.filled(here)
    rows.change(here, "SELECT setval('broadcast_id_seq', 90)")
    transfer.copy(here, there)
    engine = plain(transfer_checks.address(there))
    with engine.connect() as now:
        assert now.scalar(text("SELECT nextval('broadcast_id_seq')")) == 91
        assert now.scalar(text("SELECT nextval('ticket_id_seq')")) == 22
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_source_is_locked_for_writing_until_the_end(kind, tmp_path, request, monkeypatch):
    here = (
        f"sqlite:///{tmp_path}/bot.db"
        if kind == "sqlite"
        else request.getfixturevalue("postgres")()
    )
    rows.filled(here)
    tried = []
    moved = transfer_rows.move

    def writes(source, target, table):
        if not tried:
            tried.append(refused(here))
        return moved(source, target, table)

    monkeypatch.setattr(transfer_rows, "move", writes)
    transfer.copy(here, f"sqlite:///{tmp_path}/other.db")
    assert tried == [True]


def refused(url):
    if url.startswith("sqlite"):
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0)) as writer,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            writer.execute("UPDATE ticket SET id = id")
        return True
    engine = plain(transfer_checks.address(url))
    with engine.connect() as writer:
        writer.execute(text("SET lock_timeout = '50ms'"))
        with pytest.raises(Exception, match="lock timeout"):
            writer.execute(text("UPDATE ticket SET id = id"))
    engine.dispose()
    return True
