"""Engines for a URL: one BEGIN IMMEDIATE writer and readers on SQLite, one pool on PostgreSQL.

Source: DEPENDENCIES 2.1; deferred transactions on SQLite lose updates or fail as "locked".
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot.errors import StartRefused, StoreAway

_BUSY_MS = 10_000
#: Seconds between two tries to begin, where another process writes.
_AGAIN_S = 0.0005

T = TypeVar("T")


class Database:
    """Opened once, handed to everyone; `write()` and `read()` are transactions."""

    def __init__(self, url: str, *, pool: int = 10) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise StartRefused("BOT_DATABASE_URL is not a database URL") from None
        self.url = url
        #: One writer at a time in this process: waiting here is fair, SQLite's busy wait is not.
        self._writing = asyncio.Lock()
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        #: SQLite's file; empty on PostgreSQL.
        self.file = (parsed.database or "") if self.is_sqlite else ""
        if self.is_sqlite:
            _make_folder(parsed.database)
            self.writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", pool=1)
            self._batches: Engine | None = _sqlite_batches(url)
            self._thread = ThreadPoolExecutor(1, "sqlite-batches")
            self.reader = _sqlite_engine(url, begin="BEGIN", pool=4, read_only=True)
        else:
            self._batches = None
            self.writer = self.reader = create_async_engine(
                url,
                pool_size=pool,
                max_overflow=pool,
                pool_pre_ping=True,
                pool_recycle=1800,
                hide_parameters=True,  # they hold openids and words; errors reach the log
                connect_args={"connect_timeout": 5, "target_session_attrs": "read-write"},
            )

    def is_absent(self) -> bool:
        """Say whether there is no SQLite file yet (PostgreSQL tells only when asked)."""
        return self.is_sqlite and not Path(self.file).exists()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write; commits at the end, rolls back on an error.

        Raises:
            StoreAway: the database is not reachable, locked for too long, full or read-only.
        """
        with _translated():
            if self.is_sqlite:
                async with self._writing, self.writer.begin() as tx:
                    yield tx
            else:
                async with self.writer.begin() as tx:
                    yield tx

    async def transact(self, work: Callable[[Connection], T]) -> T:
        """Run plain code in one writing transaction; returns what it returns.

        On SQLite it runs in a thread of its own: one hop for all its statements, where every
        statement of an async connection costs several (docs/performance.md).

        Raises:
            StoreAway: as `write`.
        """
        with _translated():
            if self._batches is None:
                async with self.writer.begin() as tx:
                    return await tx.run_sync(work)
            async with self._writing:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(
                    self._thread, _in_transaction, self._batches, work
                )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction for reading; on SQLite it cannot write."""
        with _translated():
            async with self.reader.begin() as tx:
                yield tx

    async def dispose(self) -> None:
        """Close every connection; the process would not end otherwise (aiosqlite #369)."""
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()
        if self._batches is not None:
            self._thread.shutdown(wait=True)
            self._batches.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_away(error):
            raise StoreAway(
                f"the database does not take this: {type(error.orig).__name__}"
            ) from error
        raise
    except (PoolTimeout, OSError) as error:
        raise StoreAway(f"the database does not answer: {type(error).__name__}") from error


def _is_away(error: DBAPIError) -> bool:
    return error.connection_invalidated or type(error.orig).__name__ in {
        "OperationalError",
        "InterfaceError",
        "InternalError",
        "DiskFull",
        "ReadOnlySqlTransaction",
        "AdminShutdown",
        "ConnectionTimeout",
    }


def _make_folder(file: str | None) -> None:
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StartRefused(
                f"the folder of BOT_DATABASE_URL cannot be made: {error.strerror}"
            ) from error


def _in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as tx:
        return work(tx)


def plain(url: URL) -> Engine:
    """Return an engine of one connection for work that runs alone, without asyncio.

    On SQLite every transaction takes the lock to write at its beginning.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_batches(url)
    options = {"connect_timeout": 5, "target_session_attrs": "read-write"}
    return create_engine(
        url, pool_size=1, max_overflow=0, hide_parameters=True, connect_args=options
    )


def _sqlite_batches(url: str | URL) -> Engine:
    made = create_engine(
        make_url(url).set(drivername="sqlite"),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )
    _tune(made, begin="BEGIN IMMEDIATE", is_keen=True)
    return made


def _keenly(connection: Connection, begin: str) -> None:
    """Begin as soon as another process lets go: SQLite's own waiting grows to 100 ms a step.

    Only in a thread of its own: it sleeps.
    """
    ends = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.exec_driver_sql(begin)
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > ends:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


def _sqlite_engine(url: str, *, begin: str, pool: int, read_only: bool = False) -> AsyncEngine:
    made = create_async_engine(
        url, pool_size=pool, max_overflow=0, pool_timeout=_BUSY_MS / 1000, hide_parameters=True
    )
    _tune(made.sync_engine, begin=begin, read_only=read_only)
    return made


def _tune(engine: Engine, *, begin: str, read_only: bool = False, is_keen: bool = False) -> None:
    pragmas = [
        f"busy_timeout={0 if is_keen else _BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",  # inbox and ledger must survive power loss (RELIABILITY 3)
        "foreign_keys=ON",
        "cache_size=-2000",
        "wal_autocheckpoint=8000",  # 32 MB: hot pages are copied back once, not every 1,000 pages
    ]
    if read_only:
        pragmas.append("query_only=ON")

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we emit BEGIN ourselves
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        if is_keen:
            _keenly(connection, begin)
        else:
            connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
