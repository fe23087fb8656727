"""Durable work on DBOS, the only file that knows it: SQLite in one process, PostgreSQL in several.

The ledger is ours and is the truth; DBOS keeps a runner alive for every broadcast that has
something to send, and hands the runners of a dead process to another one. Source: DEPENDENCIES 1.3
(DBOS itself takes over only from its own executor id; the rest is `_rescue`).
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import socket
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID
from sqlalchemy import delete, select
from sqlalchemy.engine import make_url

from bot.db.upsert import upsert
from bot.delivery import course, freeze, leases, runner
from bot.delivery.ledger_tables import executors
from bot.errors import BotError, StartRefused
from bot.logs import log
from bot.runtime import Runtime

_QUEUE = "broadcasts"
#: Pinned: DBOS would hash the source, and a new release would not take up old work.
_VERSION = "1"
_DEAD_AFTER = timedelta(seconds=15)
_LOOK_S = 0.5
_KEPT = timedelta(days=30)


class Engine:
    """The runners of this process."""

    def __init__(self, rt: Runtime, name: str) -> None:
        self.rt, self.name = rt, name
        self.freezing: set[int] = set()
        self.tasks: list[asyncio.Task[None]] = []


_engine: Engine | None = None


@asynccontextmanager
async def running(rt: Runtime) -> AsyncIterator[Engine]:
    """Run the engine while the block runs.

    Raises:
        StartRefused: on SQLite another process runs it already.
    """
    global _engine  # noqa: PLW0603 - DBOS calls plain functions; one engine a process
    url, name, lock = _store(rt)
    engine = _engine = Engine(rt, name)
    await _beat_once(engine)
    if lock is not None:  # whoever held a batch here is dead
        await rt.db.transact(leases.release_all)
    DBOS(config=_config(url, name))
    DBOS.launch()  # in the loop: DBOS then runs async workflows on it (DEPENDENCIES 1.3)
    await DBOS.register_queue_async(
        _QUEUE, worker_concurrency=runner.SLOTS * 4, polling_interval_sec=_LOOK_S
    )
    await asyncio.to_thread(DBOS.apply_schedules, _SCHEDULES)
    engine.tasks = [asyncio.create_task(_beat(engine)), asyncio.create_task(_watch(engine))]
    try:
        yield engine
    finally:
        runner.stop()
        for task in engine.tasks:
            task.cancel()
        await asyncio.gather(*engine.tasks, return_exceptions=True)
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=5)
        _engine = None
        if lock is not None:
            os.close(lock)


def _config(url: str, name: str) -> DBOSConfig:
    return {
        "name": "coedu-bot",
        "system_database_url": url,
        "application_version": _VERSION,
        "executor_id": name,
        "serializer": DBOSPortableJSONSerializer(),  # the default is pickle
        "log_level": "WARNING",
        "scheduler_polling_interval_sec": 5.0,
    }


def _store(rt: Runtime) -> tuple[str, str, int | None]:
    """Return where DBOS keeps its rows, this process's name, and the lock of the SQLite file."""
    if not rt.db.is_sqlite:
        plain = make_url(rt.db.url).set(drivername="postgresql")
        # never used again: an executor that comes back would be taken for the dead one
        name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        return plain.render_as_string(hide_password=False), name, None
    path = Path(rt.db.file).with_name("jobs.db")
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise StartRefused(
            "another `bot work` runs on this SQLite database; several workers need PostgreSQL"
        ) from None
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=WAL")  # DBOS keeps what it finds; its own is DELETE
        file.execute("CREATE TABLE IF NOT EXISTS opened (at TEXT)")
    return f"sqlite:///{path}", "embedded", lock


async def _watch(engine: Engine) -> None:
    """Look at the broadcasts twice a second, whatever happens."""
    while True:
        try:
            work = await engine.rt.db.transact(partial(course.look, engine.rt))
            for number in work.to_freeze:
                await _freeze(engine, number)
            for order in work.to_send:
                await _run(order.id, order.round)
        except BotError as error:  # the database is away: next time
            log.warning("broadcasts_not_seen", reason=str(error))
        await asyncio.sleep(_LOOK_S)


async def _freeze(engine: Engine, number: int) -> None:
    if number not in engine.freezing:
        engine.freezing.add(number)
        task = asyncio.create_task(freeze.freeze(engine.rt, number))
        task.add_done_callback(lambda done: _frozen(engine, number, done))


def _frozen(engine: Engine, number: int, task: asyncio.Task[Any]) -> None:
    engine.freezing.discard(number)
    if not task.cancelled() and task.exception() is not None:
        log.error("freeze_failed", broadcast=number, reason=type(task.exception()).__name__)


async def _run(broadcast: int, nth: int) -> None:
    """Start the runners of a broadcast's round; a second call finds them by their ids."""
    for slot in range(runner.SLOTS):
        with SetWorkflowID(f"broadcast:{broadcast}:{nth}:{slot}"), SetEnqueueOptions():
            await DBOS.enqueue_workflow_async(_QUEUE, _runner, broadcast, nth)


@DBOS.step()
async def _runner_step(broadcast: int, nth: int) -> int:
    assert _engine is not None
    return await runner.run(_engine.rt, broadcast, nth, _engine.name)


@DBOS.workflow(max_recovery_attempts=100)
async def _runner(broadcast: int, nth: int) -> int:
    return await _runner_step(broadcast, nth)


async def _beat(engine: Engine) -> None:
    while True:
        await asyncio.sleep(_DEAD_AFTER.total_seconds() / 5)
        try:
            await _beat_once(engine)
        except BotError as error:
            log.warning("heartbeat_failed", reason=str(error))


async def _beat_once(engine: Engine) -> None:
    rt = engine.rt
    save = upsert(executors, ("id",), ("seen_at",), is_sqlite=rt.db.is_sqlite)
    async with rt.db.write() as tx:
        await tx.execute(save, {"id": engine.name, "seen_at": rt.clock.now()})


async def _alive() -> set[str]:
    assert _engine is not None
    rt = _engine.rt
    since = rt.clock.now() - _DEAD_AFTER
    async with rt.db.write() as tx:
        await tx.execute(delete(executors).where(executors.c.seen_at < since - _KEPT))
        alive = await tx.scalars(select(executors.c.id).where(executors.c.seen_at >= since))
        return set(alive)


@DBOS.step()
async def _rescue_step() -> int:
    """Put the runners of silent processes back into the queue; returns how many."""
    alive, count = await _alive(), 0
    pending = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
    for found in pending:
        if found.executor_id not in alive and found.workflow_id != DBOS.workflow_id:
            await DBOS.resume_workflow_async(found.workflow_id, queue_name=found.queue_name)
            count += 1
    return count


@DBOS.workflow()
async def _rescue(_when: datetime, _context: Any) -> None:
    """Run for all processes once every ten seconds: a DBOS schedule needs no leader."""
    await _rescue_step()


@DBOS.step()
async def _prune_step() -> int:
    assert _engine is not None
    old = (_engine.rt.clock.now() - _KEPT).isoformat()
    done = await DBOS.list_workflows_async(
        status=["SUCCESS", "ERROR", "CANCELLED"], end_time=old, limit=5000,
        load_input=False, load_output=False,
    )  # fmt: skip
    await DBOS.delete_workflows_async([found.workflow_id for found in done])
    return len(done)


@DBOS.workflow()
async def _prune(_when: datetime, _context: Any) -> None:
    """Forget what is long over; DBOS never does."""
    await _prune_step()


_SCHEDULES: list[Any] = [
    {
        "schedule_name": "rescue",
        "workflow_fn": _rescue,
        "schedule": "*/10 * * * * *",
        "context": None,
    },
    {
        "schedule_name": "prune",
        "workflow_fn": _prune,
        "schedule": "30 3 * * *",
        "context": None,
        "cron_timezone": "Asia/Shanghai",
    },
]
