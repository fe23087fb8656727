"""Restore a backup: checked, migrated and fenced beside the old database, then put in its place.

At every instant either the old database is in place or the new one with its fence up.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.clock import Clock, SystemClock
from bot.db.engine import Database
from bot.db.migrate import upgrade
from bot.delivery import fence
from bot.errors import InvalidInput
from bot.logs import log
from bot.ops import copies, postgres, sqlite_copy
from bot.settings import Settings

BEFORE = ".before-restore"
_TAILS = ("", "-wal", "-shm")


async def restore(settings: Settings, file: Path, *, clock: Clock | None = None) -> copies.Restored:
    """Put a backup in place of the database; nothing may run on it.

    Raises:
        InvalidInput: the file is no sound backup for this database, or a process is running.
    """
    _check_file(settings, file)
    at = (clock or SystemClock()).now()
    if not settings.url.startswith("sqlite"):
        return await postgres.restore(settings, file, at)
    look = await asyncio.to_thread(sqlite_copy.look, file)
    copies.check_revision(file, look.revision)
    place = Path(make_url(settings.url).database or "")
    ready = place.with_name(place.name + ".restoring")
    with sqlite_copy.taken(place):
        pass  # said before the long part
    try:
        await asyncio.to_thread(_copy, file, ready)
        await _prepare(ready, at)
        sqlite_copy.settle(place)
        with sqlite_copy.taken(place):  # for a moment: a process that starts now waits on the file
            before = _swap(place, ready)
    finally:
        _drop(ready)
    log.warning("restored", revision=look.revision, rows=sum(look.rows.values()))
    return copies.Restored(look.rows, look.revision, before)


def _check_file(settings: Settings, file: Path) -> None:
    """Compare the file with the manifest kept when it was made, where there is one."""
    if not file.is_file():
        raise InvalidInput(f"{file} is not a file")
    for known in copies.listed(settings.data):
        if known.path == file.resolve() and known.sha256 != copies.sha256(file):
            raise InvalidInput(f"{file} is damaged: it is not what was backed up (SHA-256)")


def _drop(path: Path) -> None:
    for tail in _TAILS:
        Path(f"{path}{tail}").unlink(missing_ok=True)


def _copy(file: Path, ready: Path) -> None:
    _drop(ready)
    ready.parent.mkdir(parents=True, exist_ok=True)
    ready.touch(mode=0o600)
    shutil.copyfile(file, ready)


async def _prepare(ready: Path, at: datetime) -> None:
    """Bring the copy to the newest schema and raise the fence in it."""
    url = f"sqlite+aiosqlite:///{ready}"
    await asyncio.to_thread(upgrade, url)
    db = Database(url)
    try:
        async with db.write() as tx:
            await fence.raise_(tx, at, "restored")
    finally:
        await db.dispose()
    await asyncio.to_thread(sqlite_copy.look, ready)
    with ready.open("rb") as new:
        os.fsync(new.fileno())


def _swap(place: Path, ready: Path) -> str:
    """Keep the old database beside and put the new one in place by one rename."""
    before = Path(f"{place}{BEFORE}")
    _drop(before)
    kept = ""
    if place.exists():
        before.hardlink_to(place)
        kept = str(before)
        wal = Path(f"{place}-wal")
        if wal.exists():  # the old database is damaged: keep all there is of it
            shutil.copyfile(wal, f"{before}-wal")
            Path(f"{before}-wal").chmod(0o600)
    # the log of the old database must be gone before the new one stands in its place
    for tail in _TAILS[1:]:
        Path(f"{place}{tail}").unlink(missing_ok=True)
    ready.replace(place)
    return kept
