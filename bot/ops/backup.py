"""Back up while the service runs: a copy of one instant, looked through before it counts."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from bot.errors import InvalidInput
from bot.logs import log
from bot.ops import copies, postgres, sqlite_copy
from bot.ops.copies import Backup
from bot.runtime import Runtime


async def backup(rt: Runtime, to: Path | None = None) -> Backup:
    """Make a backup and return what is in it; prunes the folder when it went there.

    The copy holds no access token and no session of staff, and on SQLite it carries a raised send
    fence, so that it sends nothing even when it is put in place by hand.

    Raises:
        InvalidInput: the place is taken or cannot be written, or the copy is not sound.
        StoreAway: the database does not answer.
    """
    at = rt.clock.now()
    path = to or rt.settings.data / copies.FOLDER / copies.name(at, _suffix(rt))
    scratch = _scratch(rt, path)
    try:
        if rt.db.is_sqlite:
            look = await asyncio.to_thread(sqlite_copy.make, Path(rt.db.file), scratch, at)
        else:
            look = await postgres.dump(rt, scratch)
        digest = await asyncio.to_thread(copies.sha256, scratch)
        made = Backup(path, scratch.stat().st_size, digest, at, look.revision, look.rows)
        _put(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)
    copies.note(rt.settings.data, made)
    pruned = copies.prune(rt.settings.data, rt.settings.backup_keep)
    log.info("backup_made", size_bytes=made.size_bytes, rows=sum(look.rows.values()), pruned=pruned)
    return made


def _suffix(rt: Runtime) -> str:
    return ".db" if rt.db.is_sqlite else ".dump"


def _scratch(rt: Runtime, path: Path) -> Path:
    """Return an empty file of our own (0600) beside the place the backup will have."""
    if path.exists():
        raise InvalidInput(f"{path} exists; a backup never writes over a file")
    scratch = path.with_name(f".{path.name}.part")
    try:
        for folder in (rt.settings.data / copies.FOLDER, path.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch.unlink(missing_ok=True)
        os.close(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise InvalidInput(f"{path.parent} cannot be written: {error.strerror}") from error
    return scratch


def _put(scratch: Path, path: Path) -> None:
    """Give the finished file its name, safe on disk."""
    with scratch.open("rb") as file:
        os.fsync(file.fileno())
    try:
        path.hardlink_to(scratch)  # fails where somebody was faster
    except FileExistsError as taken:
        raise InvalidInput(f"{path} exists; a backup never writes over a file") from taken
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
