"""A job with a bug fails alone: the others go on, and the health page shows its failures."""

import asyncio

from bot import worker
from bot.ops import jobs


async def test_a_bug_of_a_job_stops_neither_the_worker_nor_the_job(each_desk):
    stop, runs = asyncio.Event(), []

    async def broken(rt):
        runs.append(rt)
        if len(runs) == 2:
            stop.set()
        raise RuntimeError("a bug")

    await worker._repeat(each_desk.rt, "test.broken", broken, 0.01, stop)
    async with each_desk.rt.db.read() as tx:
        (kept,) = [run for run in await jobs.listed(tx) if run.name == "test.broken"]
    assert (kept.runs, kept.failures, kept.last_error) == (2, 2, "RuntimeError")
