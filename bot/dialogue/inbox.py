"""The inbox: each message has exactly one effect; receipt, effects and reply are one transaction.

Messages that arrive while a batch commits form the next one, so durability (one fsync a batch)
costs little under load. Order is kept per parent: one batch at a time in a process, and between
replicas an advisory lock on the openid (PostgreSQL) or the single writer (SQLite).
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.dialogue import batch
from bot.dialogue.batch import Key, Received
from bot.dialogue.engine import Engine
from bot.dialogue.late import Late
from bot.dialogue.timing import Timing
from bot.errors import StoreAway
from bot.logs import frames, log
from bot.runtime import Runtime
from bot.wechat.messages import Inbound
from bot.wechat.replies import Reply

BATCH_MAX = 256
PACE_S = 0.012
_ATTEMPTS = 3
_LATE_AGAIN_S = 5.0
_TICK_S = 0.05
_SAVE_S = 60.0


@dataclass(slots=True, eq=False)
class _Job:
    """One message under way; `waiters` are the requests that want its reply, with deadlines.

    `began` is None where the message came from a spill: nobody waited.
    """

    received: Received
    began: float | None
    waiters: list[tuple[float, asyncio.Future[Reply | None]]] = field(default_factory=list)
    late: bool = False
    spilled: bool = False


class Inbox:
    """Takes messages, gives replies; `start` and `close` bracket its background tasks."""

    def __init__(self, rt: Runtime, engine: Engine, late: Late) -> None:
        self._rt, self._engine, self._late = rt, engine, late
        self._deadline_s = rt.settings.answer_deadline_s
        self._waiting: list[_Job] = []
        self._flying: dict[Key, _Job] = {}
        self._arrived = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._timing = Timing()

    def start(self) -> None:
        """Begin to work on what arrives."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            asyncio.create_task(self._work(), name="inbox"),
            asyncio.create_task(self._watch(), name="inbox-deadlines"),
            asyncio.create_task(self._save(), name="inbox-timing"),
        ]

    async def close(self) -> None:
        """Finish what has arrived, then stop."""
        while self._flying:  # noqa: ASYNC110 - at the end of the process, once
            await asyncio.sleep(_TICK_S)
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._keep_timing()

    @property
    def depth(self) -> int:
        """How many messages are under way."""
        return len(self._flying)

    async def answer(self, message: Inbound) -> Reply | None:
        """Return the reply to a message; a repeat gets the first one's reply and has no effect.

        Waits until the deadline of the settings. After it the receipt is made safe, nothing is
        shown, and the reply goes out once as a customer message.

        Raises:
            StoreAway: the database did not take the message; nothing has happened.
        """
        job = self._accept(message, late=False)
        waiter: asyncio.Future[Reply | None] = self._loop.create_future()
        job.waiters.append((self._loop.time() + self._deadline_s, waiter))
        return await waiter

    async def recover(self, message: Inbound) -> None:
        """Answer a message that was acknowledged before the database had it."""
        job = self._accept(message, late=True)
        waiter = self._loop.create_future()
        job.waiters.append((float("inf"), waiter))
        await waiter

    async def note(self, message: Inbound) -> None:
        """Take a message whose answer has been shown already: its effects, and nothing sent.

        Raises:
            StoreAway: the database did not take it.
        """
        job = self._accept(message, late=False)
        waiter: asyncio.Future[Reply | None] = self._loop.create_future()
        job.waiters.append((float("inf"), waiter))
        await waiter

    def _accept(self, message: Inbound, *, late: bool) -> _Job:
        received = Received(message)
        job = self._flying.get(received.key)
        if job is None:
            job = _Job(received, None if late else self._loop.time(), late=late)
            self._flying[received.key] = job
            self._waiting.append(job)
            self._arrived.set()
        return job

    async def _watch(self) -> None:
        """Give up waiting where the deadline is past: one timer for all instead of one each."""
        while True:
            await asyncio.sleep(_TICK_S)
            now = self._loop.time()
            for job in list(self._flying.values()):
                expired = [w for due, w in job.waiters if due <= now and not w.done()]
                if not expired:
                    continue
                safe = job.spilled or await self._spill(job)
                for waiter in expired:
                    if waiter.done():
                        continue
                    if safe:
                        waiter.set_result(None)
                    else:
                        waiter.set_exception(StoreAway("the receipt cannot be made safe"))

    async def _spill(self, job: _Job) -> bool:
        """Make the receipt safe on disk; when even that fails the message is not acknowledged."""
        job.late = True
        try:
            await self._late.spill(job.received.message)
        except OSError as error:
            log.error("spill_failed", reason=type(error).__name__)
            job.late = False
            return False
        job.spilled = True
        return True

    async def _save(self) -> None:
        while True:
            await asyncio.sleep(_SAVE_S)
            await self._keep_timing()

    async def _keep_timing(self) -> None:
        try:
            await self._timing.save(self._rt)
        except Exception as error:  # noqa: BLE001 - counting must never cost an answer
            log.warning("timing_waits", reason=type(error).__name__)

    async def _work(self) -> None:
        began = 0.0
        while True:
            await self._arrived.wait()
            # under load a batch every few ms: a commit costs the same for one row and for many
            await asyncio.sleep(max(0.0, began + PACE_S - self._loop.time()))
            began = self._loop.time()
            jobs, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            if not self._waiting:
                self._arrived.clear()
            await self._settle(jobs)

    async def _settle(self, jobs: list[_Job]) -> None:
        try:
            answers = await self._commit(jobs)
        except StoreAway as away:
            log.error("store_away", messages=len(jobs), reason=str(away))
            self._fail(jobs, away)
        except Exception as bug:  # noqa: BLE001 - the task must live; a bug is logged
            log.error("batch_failed", messages=len(jobs), bug=frames(bug))
            if len(jobs) > 1:  # one message the database refuses must not cost the others theirs
                for job in jobs:
                    await self._settle([job])
            else:
                self._fail(jobs, StoreAway(f"the batch failed: {type(bug).__name__}"))
        else:
            self._finish(jobs, answers)

    async def _commit(self, jobs: list[_Job]) -> dict[Key, Reply | None]:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                received = [(job.received, job.late) for job in jobs]
                run = partial(batch.run, self._rt, self._engine, careful=attempt > 1, jobs=received)
                return await self._rt.db.transact(run)
            except (DBAPIError, StoreAway) as error:
                # an unknown outcome of COMMIT is harmless: the rows are unique
                if attempt == _ATTEMPTS or not _worth_again(error):
                    raise
                log.info("batch_again", attempt=attempt, reason=type(error).__name__)
        raise AssertionError("unreachable")

    def _finish(self, jobs: list[_Job], answers: dict[Key, Reply | None]) -> None:
        now = self._loop.time()
        for job in jobs:
            if job.began is not None:
                self._timing.note(now - job.began)
            key = job.received.key
            del self._flying[key]
            # a repeat of a late one must not show what the customer message will bring
            reply = None if job.late else answers[key]
            for _, waiter in job.waiters:
                if not waiter.done():
                    waiter.set_result(reply)
            if job.late:
                self._late.deliver(key, spilled=job.spilled)

    def _fail(self, jobs: list[_Job], error: StoreAway) -> None:
        for job in jobs:
            if job.late:  # acknowledged and spilled: it stays until the database has it
                self._loop.call_later(_LATE_AGAIN_S, self._again, job)
                continue
            del self._flying[job.received.key]
            for _, waiter in job.waiters:
                if not waiter.done():
                    waiter.set_exception(error)

    def _again(self, job: _Job) -> None:
        self._waiting.append(job)
        self._arrived.set()


def _worth_again(error: Exception) -> bool:
    """Say whether another replica or a lost connection stood in the way, not the data."""
    if isinstance(error, StoreAway):
        cause = error.__cause__
        return isinstance(cause, DBAPIError) and cause.connection_invalidated
    if isinstance(error, IntegrityError):
        return True  # a message is known: look first this time
    name = type(getattr(error, "orig", None)).__name__
    return name in {"SerializationFailure", "DeadlockDetected"}
