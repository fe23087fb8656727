"""`bot work`: what time does, until SIGTERM: late answers swept up, old rows forgotten."""

from __future__ import annotations

import asyncio
import os
import signal

from bot import app as parts
from bot import heap
from bot.delivery import engine
from bot.dialogue import late
from bot.errors import BotError
from bot.feature import Job
from bot.logs import frames, log
from bot.ops import account, jobs
from bot.runtime import Runtime
from bot.settings import Settings

_SWEEP_S = 15.0
#: A parent who waits for an answer goes before a broadcast where both want the processor.
_NICE = 10


async def work(settings: Settings) -> None:
    """Run every feature's jobs at their intervals until the process is asked to stop."""
    os.nice(_NICE)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with parts.opened(settings) as rt, parts.reachable(rt), engine.running(rt):
        await account.load(rt)
        heap.settle()
        plan = planned()
        log.info("working", jobs=len(plan))
        async with asyncio.TaskGroup() as group:
            for name, interval_s, job in plan:
                group.create_task(_repeat(rt, name, job, interval_s, stop))


def planned() -> list[tuple[str, float, Job]]:
    """Return every job with its name and its interval."""
    features = [
        (f"{feature.name}.{job.__name__}", interval_s, job)
        for feature in parts.FEATURES
        for interval_s, job in feature.jobs
    ]
    return [("late.sweep", _SWEEP_S, late.sweep), *features]


async def _repeat(rt: Runtime, name: str, job: Job, interval_s: float, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await jobs.run(rt, name, interval_s, job)
        except BotError as error:  # the database is away or the platform refuses: next time
            log.error("job_failed", job=name, reason=str(error))
        except Exception as bug:  # noqa: BLE001 - one broken job must not stop the sending
            log.error("job_failed", job=name, bug=frames(bug))
        try:
            async with asyncio.timeout(interval_s):
                await stop.wait()
        except TimeoutError:
            continue
