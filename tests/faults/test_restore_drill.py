"""The drill: back up while parents write, go on, restore, and send nothing of before."""

import asyncio

import pytest

from tests.faults.test_kill import Load, kept
from tests.support.process import BOT, ROOT, Town, bot, environment
from tests.support.waiting import until

WAITS = "UPDATE inbox SET delivery = 'late' WHERE id IN (SELECT min(id) FROM inbox)"


@pytest.fixture
def tools(request, database_url):
    is_sqlite = database_url.startswith("sqlite")
    return "" if is_sqlite else request.getfixturevalue("postgres").tools


async def backed_up(service, file):
    """Run `bot backup` beside the service, without blocking its platform."""
    given = environment(service.data, **service.settings)
    process = await asyncio.create_subprocess_exec(
        BOT, "backup", "--to", str(file), env=given, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def test_a_backup_under_load_is_restored_to_its_instant(tmp_path, database_url, tools):
    file = tmp_path / "drill.backup"
    async with Town.open(tmp_path, database_url, pg_bin=tools) as town:
        (service,) = town.services
        load = Load(town, 450)
        pushing = asyncio.ensure_future(load)
        await load.reached.wait()
        before = load.acknowledged()
        await backed_up(service, file)
        await pushing
        assert load.acknowledged() == set(load.numbers)
        await town.db.dispose()
        running = bot(service.data, "restore", str(file), "--yes", **service.settings)
        assert (running.returncode, "stop `bot serve`" in running.stderr) == (2, True)
        assert await service.end() == 0
        assert bot(service.data, "restore", str(file), "--yes", **service.settings).returncode == 0
        assert before <= await kept(town) <= set(load.numbers)
        (told,) = await town.rows("SELECT count(*) AS n, count(DISTINCT code) AS c FROM decision")
        assert told["n"] == told["c"] == len(await kept(town))
        await service.start()
        load.answers.clear()
        await load  # the platform's retries: what the backup has, and what it has not
        assert load.acknowledged() == await kept(town) == set(load.numbers)


async def test_a_restored_database_sends_nothing_of_before(tmp_path, database_url, tools):
    file = tmp_path / "drill.backup"
    async with Town.open(tmp_path, database_url, pg_bin=tools) as town:
        (service,) = town.services
        parent = town.parent()
        await parent.follows()
        await parent.says("谢谢")
        async with town.db.write() as tx:
            await tx.exec_driver_sql(WAITS)
        await backed_up(service, file)
        await service.end()
        await town.db.dispose()
        assert bot(service.data, "restore", str(file), "--yes", **service.settings).returncode == 0
        shown = list(parent.chat)
        await service.start()
        worker = await asyncio.create_subprocess_exec(
            BOT,
            "work",
            env=environment(service.data, **service.settings),
            cwd=ROOT,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await until(lambda: swept(town), seconds=90)
        assert "不客气" in await parent.says("谢谢")  # who writes is answered
        worker.terminate()
        await worker.wait()
        assert parent.chat[: len(shown)] == shown
        assert len(parent.chat) == len(shown) + 1
        lifted = bot(service.data, "fence", "lift", "--yes", **service.settings)
        assert lifted.stdout.endswith("lifted\n")


async def swept(town):
    rows = await town.rows("SELECT count(*) AS n FROM inbox WHERE delivery = 'unknown'")
    return rows[0]["n"] == 1
