"""A SQLite database as a file: copied at one instant, looked through, taken by a lock."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import InvalidInput, StoreAway
from bot.ops import copies

_MAGIC = b"SQLite format 3\0"
#: Bytes by which SQLite locks a file: pending, reserved, shared (sqlite.org/lockingv3.html).
_LOCK_FROM, _LOCK_BYTES = 0x40000000, 512


def make(source: Path, target: Path, at: datetime) -> copies.Look:
    """Copy the database into an empty file while others read and write it.

    `VACUUM INTO` holds one read transaction; in WAL mode no writer waits for it.

    Raises:
        InvalidInput: the database or its copy is not sound.
        StoreAway: there is no database, it is locked, or the disk is full.
    """
    if not source.exists():
        raise StoreAway("there is no database yet: run `bot init`")
    try:
        with closing(_open(source, "ro")) as live:
            live.execute("PRAGMA busy_timeout=10000")
            live.execute("VACUUM INTO ?", (str(target),))
        with closing(_open(target, "rw")) as copy:
            _clean(copy, at)
        return look(target)
    except sqlite3.OperationalError as error:
        raise StoreAway(f"the database cannot be copied: {error}") from error
    except sqlite3.DatabaseError as error:
        raise InvalidInput(f"the database is damaged and cannot be copied: {error}") from error


def _clean(copy: sqlite3.Connection, at: datetime) -> None:
    """Take out what grants access, its bytes too, and raise the fence."""
    copy.execute("PRAGMA journal_mode=MEMORY")
    copy.execute("PRAGMA secure_delete=ON")
    tables = _tables(copy)
    for table in copies.TRANSIENT:
        if table in tables:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of ours
    if "fence" in tables:
        raised = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        copy.execute("INSERT OR REPLACE INTO fence VALUES (1, ?, 'backup')", (raised,))


def look(path: Path) -> copies.Look:
    """copies.Look a database file through, without changing it.

    Raises:
        InvalidInput: it is no SQLite database of this service, or damaged.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise InvalidInput(f"{path} is not a backup of this service (no SQLite database)")
    try:
        with closing(_open(path, "ro&immutable=1")) as copy:
            _sound(path, copy)
            tables = _tables(copy)
            if "alembic_version" not in tables or "inbox" not in tables:
                raise InvalidInput(f"{path} is a database, but not of this service")
            (revision,) = copy.execute("SELECT version_num FROM alembic_version").fetchone() or (
                "",
            )
            count = 'SELECT count(*) FROM "{}"'
            return copies.Look(
                revision, {t: copy.execute(count.format(t)).fetchone()[0] for t in tables}
            )
    except sqlite3.DatabaseError as error:
        raise InvalidInput(f"{path} is damaged: {error}") from error


def _sound(path: Path, copy: sqlite3.Connection) -> None:
    (first,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if first != "ok":
        raise InvalidInput(f"{path} is damaged: {' '.join(first.split())}")
    broken = copy.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise InvalidInput(f"{path} is damaged: table {broken[0]} refers to rows that are gone")


def settle(path: Path) -> None:
    """Bring what stands in the write-ahead log into the file; a damaged file stays as it is."""
    if path.exists():
        with contextlib.suppress(sqlite3.Error), closing(_open(path, "rw")) as database:
            database.execute("PRAGMA busy_timeout=5000")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def taken(path: Path) -> Iterator[None]:
    """Hold SQLite's own locks on the file, so that no process uses it; damaged files too.

    An open connection in WAL mode holds the shared lock as long as it lives, also when idle. This
    process must have none: closing it would let go of the lock.

    Raises:
        InvalidInput: a process has the database open.
    """
    if not path.exists():
        yield
        return
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_BYTES, _LOCK_FROM)
        yield
    except BlockingIOError as busy:
        raise InvalidInput(
            f"a process has {path} open: stop `bot serve` and `bot work` first"
        ) from busy
    finally:
        os.close(descriptor)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None)


def _tables(copy: sqlite3.Connection) -> list[str]:
    names = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return sorted(name for (name,) in names)
