"""`bot work`: what time does, until SIGTERM: late answers swept up, old rows forgotten."""

from __future__ import annotations

import asyncio
import signal

from bot import app as parts
from bot.dialogue import late
from bot.errors import BotError
from bot.feature import Job
from bot.logs import log
from bot.runtime import Runtime
from bot.settings import Settings

_SWEEP_S = 15.0


async def work(settings: Settings) -> None:
    """Run every feature's jobs at their intervals until the process is asked to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with parts.opened(settings) as rt, parts.reachable(rt):
        jobs = [(_SWEEP_S, late.sweep), *(j for f in parts.FEATURES for j in f.jobs)]
        log.info("working", jobs=len(jobs))
        async with asyncio.TaskGroup() as group:
            for interval_s, job in jobs:
                group.create_task(_repeat(rt, job, interval_s, stop))


async def _repeat(rt: Runtime, job: Job, interval_s: float, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await job(rt)
        except BotError as error:  # the database is away or the platform refuses: next time
            log.error("job_failed", job=job.__qualname__, reason=str(error))
        try:
            async with asyncio.timeout(interval_s):
                await stop.wait()
        except TimeoutError:
            continue
