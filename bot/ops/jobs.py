"""The ledger of jobs: what the worker ran, when, and how it ended; a page can list it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.upsert import upsert
from bot.errors import BotError, StoreAway
from bot.logs import log
from bot.ops.tables import job_runs
from bot.runtime import Runtime
from bot.wechat.errors import WeChatError

_KEY_MAX = 64


@dataclass(frozen=True, slots=True)
class JobRun:
    """The last run of one job; `last_error` is a key, empty after a good run."""

    name: str
    every_s: float
    last_started_at: datetime
    last_finished_at: datetime | None
    last_error: str
    runs: int
    failures: int


async def run(
    rt: Runtime, name: str, every_s: float, job: Callable[[Runtime], Awaitable[object]]
) -> None:
    """Run a job once and keep its outcome; an outcome that cannot be kept stops nothing.

    Raises:
        BotError: what the job raised.
    """
    await _keep(rt, _started(name, every_s, rt.clock.now()))
    fault = ""
    try:
        await job(rt)
    except Exception as error:
        fault = key_of(error)
        raise
    finally:
        await _keep(rt, _finished(name, fault, rt.clock.now()))


def key_of(error: Exception) -> str:
    """Return a short key for an error: messages may hold what must not be kept."""
    if isinstance(error, WeChatError) and error.code is not None:
        return f"wechat.{error.code}"
    return type(error).__name__[:_KEY_MAX]


async def listed(tx: AsyncConnection) -> list[JobRun]:
    """Return every job that ever ran, by name."""
    rows = (await tx.execute(select(job_runs).order_by(job_runs.c.name))).all()
    return [JobRun(*row) for row in rows]


async def heartbeat(tx: AsyncConnection) -> datetime | None:
    """Return when the worker last began a job, None when it never did."""
    last: datetime | None = await tx.scalar(select(func.max(job_runs.c.last_started_at)))
    return last


_Write = Callable[[AsyncConnection], Awaitable[Any]]


async def _keep(rt: Runtime, write: _Write) -> None:
    try:
        async with rt.db.write() as tx:
            await write(tx)
    except (StoreAway, BotError) as away:
        log.warning("job_not_kept", reason=str(away))


def _started(name: str, every_s: float, at: datetime) -> _Write:
    async def write(tx: AsyncConnection) -> None:
        known = await tx.execute(
            update(job_runs)
            .where(job_runs.c.name == name)
            .values(last_started_at=at, every_s=every_s, runs=job_runs.c.runs + 1)
        )
        if known.rowcount:
            return
        row = {
            "every_s": every_s,
            "last_started_at": at,
            "last_finished_at": None,
            "last_error": "",
            "runs": 1,
            "failures": 0,
        }
        first = upsert(job_runs, ("name",), tuple(row), is_sqlite=tx.dialect.name == "sqlite")
        await tx.execute(first, {"name": name} | row)

    return write


def _finished(name: str, fault: str, at: datetime) -> _Write:
    async def write(tx: AsyncConnection) -> None:
        await tx.execute(
            update(job_runs)
            .where(job_runs.c.name == name)
            .values(
                last_finished_at=at,
                last_error=fault,
                failures=job_runs.c.failures + (1 if fault else 0),
            )
        )

    return write
