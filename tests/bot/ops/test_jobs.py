"""The ledger of jobs: every run, how it ended, and the worker's pulse."""

import pytest

from bot import worker
from bot.errors import StoreAway
from bot.ops import jobs
from bot.wechat import errors


async def good(rt):
    del rt


async def refused(rt):
    del rt
    raise errors.classify(45009, "secret words", "x")


async def broken(rt):
    del rt
    raise ZeroDivisionError("13912345678")


async def runs(desk):
    async with desk.rt.db.read() as tx:
        return await jobs.listed(tx)


async def test_a_run_is_kept_with_beginning_and_end(each_desk):
    async with each_desk.rt.db.read() as tx:
        assert await jobs.heartbeat(tx) is None
    for _ in range(2):
        each_desk.clock.turn(minutes=1)
        await jobs.run(each_desk.rt, "ops.good", 60.0, good)
    at = each_desk.clock.now()
    assert await runs(each_desk) == [jobs.JobRun("ops.good", 60.0, at, at, "", 2, 0)]
    async with each_desk.rt.db.read() as tx:
        assert await jobs.heartbeat(tx) == at


async def test_a_failure_is_kept_as_a_key_and_rises_and_a_good_run_clears_it(each_desk):
    with pytest.raises(errors.Quota):
        await jobs.run(each_desk.rt, "a", 1.0, refused)
    with pytest.raises(ZeroDivisionError):
        await jobs.run(each_desk.rt, "b", 1.0, broken)
    assert [(r.last_error, r.failures) for r in await runs(each_desk)] == [
        ("wechat.45009", 1),
        ("ZeroDivisionError", 1),
    ]
    await jobs.run(each_desk.rt, "a", 1.0, good)
    again = (await runs(each_desk))[0]
    assert (again.last_error, again.runs, again.failures) == ("", 2, 1)


async def test_a_job_runs_also_when_its_run_cannot_be_kept(desk, logged):
    ran = []

    async def job(rt):
        ran.append(rt)

    async with desk.rt.db.write() as tx:
        await tx.exec_driver_sql("ALTER TABLE job_run RENAME TO gone")
    await jobs.run(desk.rt, "a", 1.0, job)
    assert ran == [desk.rt]
    assert '"job_not_kept"' in logged()


def test_every_job_of_the_worker_has_a_name_of_its_own():
    names = [name for name, _, _ in worker.planned()]
    assert len(names) == len(set(names))
    assert {"late.sweep", "ops.look_near", "answers.forget_old"} <= set(names)


def test_the_error_of_a_database_is_a_key():
    assert jobs.key_of(StoreAway("words of a parent")) == "StoreAway"
