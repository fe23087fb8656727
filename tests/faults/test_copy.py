"""A database is copied with a campaign half sent, or the copy is killed: nobody gets it twice."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import inspect

from bot.clock import HandClock
from bot.db.engine import plain
from bot.delivery import engine, fence
from bot.errors import StartRefused
from bot.ops import transfer, transfer_checks
from tests.support import rows, sending, world
from tests.support.process import BOT, Town, account, bot, environment
from tests.support.waiting import until

PEOPLE = 230


@pytest.fixture
async def begun(settings):
    """A campaign that was cut off while it was sent, and the platform that saw it."""
    await world.prepare(settings)
    clock = HandClock(sending.MORNING)
    async with world.pretended() as (platform, address):
        async with sending.beside(settings, platform, address, clock) as office:
            people = await office.people(PEOPLE)
            number = await office.order()
            await office.start(number)
            cut = asyncio.create_task(office.send(number))
            await until(lambda: len(office.shown()) > PEOPLE / 2)
            cut.cancel()
            await asyncio.gather(cut, return_exceptions=True)
            assert (await office.states(number))["claimed"]
            assert len(office.shown()) < PEOPLE
        yield platform, address, clock, people, number


async def test_a_campaign_goes_on_in_the_other_database(settings, other_url, begun):
    platform, address, clock, people, number = begun
    transfer.copy(settings.url, other_url, clock=clock)
    given = settings.model_copy(update={"database_url": other_url})
    clock.turn(seconds=20)  # the lease of before is over
    async with sending.beside(given, platform, address, clock) as office:
        async with engine.running(office.rt):
            await until(lambda: is_over(office, number), seconds=60)
        states = await office.states(number)
        shown = office.shown()
    assert set(states) == {"sent", "held"}
    assert sum(states.values()) == PEOPLE
    assert set(shown.values()) == {1}
    assert states["sent"] <= len(shown) <= PEOPLE
    held = {row["openid"] for row in await told(given, platform, address, clock)}
    assert set(people) - set(shown) <= held  # nobody is lost without a word
    is_where_it_belongs(other_url)


async def is_over(office, number):
    return await office.stage(number) == "finished"


async def told(given, platform, address, clock):
    async with sending.beside(given, platform, address, clock) as office:
        return await office.rows("SELECT openid FROM delivery WHERE state = 'held'")


def is_where_it_belongs(url):
    """See that the runners are not among our tables: in `jobs.db`, or in the schema `dbos`."""
    made = plain(transfer_checks.address(url))
    with made.connect() as here:
        look = inspect(here)
        assert "workflow_status" not in look.get_table_names()
        if made.dialect.name == "postgresql":
            assert "workflow_status" in look.get_table_names(schema="dbos")
    if made.dialect.name == "sqlite":
        jobs = made.url.database.replace("other.db", "jobs.db")
        found = sqlite3.connect(jobs).execute("SELECT name FROM sqlite_master").fetchall()
        assert ("workflow_status",) in found
    made.dispose()


async def test_the_database_of_before_sends_nothing_more(settings, other_url, begun):
    platform, address, clock, _, number = begun
    before = sum(len(phone.log) for phone in platform.phones.values())
    transfer.copy(settings.url, other_url, clock=clock)
    clock.turn(seconds=20)
    async with sending.beside(settings, platform, address, clock) as office:
        await office.look()
        assert await office.stage(number) == "paused"
        await office.change("UPDATE broadcast SET stage = 'running'")
        (batch,) = await office.rows("SELECT min(number) AS n FROM broadcast_batch"
                                     " WHERE is_done = false")  # fmt: skip
        await sending.sender.send_batch(office.rt, number, batch["n"], "old")
    assert sum(len(phone.log) for phone in platform.phones.values()) == before


@pytest.mark.parametrize("at", ["access_token", "delivery", "staff"])
async def test_a_kill_leaves_the_source_in_use_and_a_target_that_is_refused(
    tmp_path, database_url, other_url, at
):
    rows.filled(database_url)
    many = 30_000
    rows.change(database_url, many_deliveries(many))
    before = rows.cells(database_url)
    process = await asyncio.create_subprocess_exec(
        BOT, "copy", "--to", other_url, "--yes", cwd=tmp_path,
        env=environment(tmp_path, database_url=database_url),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async for line in process.stderr:
        if line.decode() == f"copying {at}\n":
            process.kill()
            break
    assert await process.wait() == -9
    await until(lambda: rows.cells(database_url) == before)
    fence.check_start(database_url)
    refused(tmp_path, other_url, "serve", "was not finished")
    refused(tmp_path, database_url, "copy", "was not finished: drop it", "--to", other_url, "--yes")
    fresh = f"sqlite:///{tmp_path}/fresh.db"
    done = bot(tmp_path, "copy", "--to", fresh, "--yes", database_url=database_url)
    assert done.returncode == 0, done.stderr
    assert rows.cells(fresh) == before


def many_deliveries(count):
    return f"""
        INSERT INTO delivery (broadcast, n, openid, channel, state)
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {count})
        SELECT 1000, n, 'o' || n, 'custom', 'planned' FROM number
    """


def refused(folder, url, command, sentence, *words):
    done = bot(folder, command, *words, **account(url))
    assert done.returncode == 2
    assert sentence in done.stderr


async def test_while_a_process_runs_nothing_is_copied(tmp_path, database_url, other_url):
    async with Town.open(tmp_path, database_url) as town:
        parent = town.parent()
        await parent.follows()
        await parent.says("谢谢")
        await town.db.dispose()
        refused(tmp_path, database_url, "copy", "stop `bot serve`", "--to", other_url, "--yes")
        assert "不客气" in await parent.says("谢谢")


def test_the_command_says_what_was_done_and_what_is_next(tmp_path, database_url, other_url):
    rows.filled(database_url)
    done = bot(tmp_path, "copy", "--to", other_url, "--yes", database_url=database_url)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0].split() == ["table", "rows", "hash"]
    assert ["delivery", "3", "equal"] in [line.split() for line in said]
    assert "set BOT_DATABASE_URL" in done.stdout
    refused(tmp_path, database_url, "serve", "was copied to another one")
    refused(tmp_path, database_url, "work", "was copied to another one")
    lifted = bot(tmp_path, "fence", "lift", "--yes", **account(database_url))
    assert (lifted.returncode, "in use now" in lifted.stderr) == (2, True)
    back = bot(tmp_path, "fence", "lift", "--yes", "--copied", **account(database_url))
    assert back.returncode == 0
    fence.check_start(database_url)


def test_a_death_between_the_two_last_steps_leaves_both_fenced(settings, other_url, monkeypatch):
    rows.filled(settings.url)
    monkeypatch.setattr(transfer, "_open", lambda target: target.rollback())
    transfer.copy(settings.url, other_url)
    for url in (settings.url, transfer_checks.address(other_url).render_as_string(False)):
        with pytest.raises(StartRefused):
            fence.check_start(url)
