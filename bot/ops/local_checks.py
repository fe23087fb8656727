"""What can be looked at without the network: each check yields findings, the cheap way."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from bot.clock import day
from bot.db import revisions
from bot.delivery import fence, incidents
from bot.errors import BotError, StoreAway
from bot.library import find, tables
from bot.ops import account, copies, jobs, wire
from bot.ops.finding import Finding, made
from bot.runtime import Runtime

_MB = 1024**2
_LEAST_FREE = 500 * _MB  # below this no broadcast may start (RELIABILITY 3)
_MOST_WAL = 256 * _MB  # it is copied back every 32 MB
_BACKUP_HOURS = 48
_SILENT = timedelta(minutes=5)


async def settings(rt: Runtime) -> AsyncIterator[Finding]:
    """Look at the account's settings."""
    held = account.now(rt)
    for name in dict.fromkeys((*held.missing, "app_secret")):
        if not held[name]:
            yield made("settings.missing", "fail", setting=f"BOT_WECHAT_{name.upper()}")
    if held.unreadable:
        yield made("settings.unreadable", "fail", names=", ".join(sorted(held.unreadable)))
    if not rt.db.is_sqlite and not rt.settings.privacy_key.get_secret_value():
        yield made("settings.no_privacy_key", "warn")
    if held["mode"] == "plain":
        yield made("settings.plain", "warn")
    try:
        wire.gate(rt)
    except BotError as error:
        yield made("settings.broken", "fail", reason=str(error))
    else:
        if not held.missing:
            yield made("settings.ok", "ok", mode=held["mode"])


async def disk(rt: Runtime) -> AsyncIterator[Finding]:
    """Look whether the data folder takes more."""
    folder = rt.settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_text("ok")
        probe.unlink()
    except OSError as error:
        yield made("disk.broken", "fail", folder=str(folder), reason=error.strerror or "")
        return
    free = shutil.disk_usage(folder).free
    enough = free >= _LEAST_FREE
    values = {"free_mb": free // _MB, "folder": str(folder)}
    yield made("disk.ok", "ok", **values) if enough else made("disk.low", "warn", **values)


async def store(rt: Runtime) -> AsyncIterator[Finding]:
    """Look whether the database answers, has the schema and a base."""
    if rt.db.is_absent():
        yield made("database.absent", "fail")
        return
    try:
        async with rt.db.read() as tx:
            await tx.execute(select(1))
        stands = await _revision(rt)
        if stands != revisions.newest():
            yield made("database.schema", "fail", stands=stands or "-", needs=revisions.newest())
            return
        yield made("database.ok", "ok", stands=stands)
        async for finding in _base(rt):
            yield finding
    except StoreAway as away:
        yield made("database.away", "fail", reason=str(away))


async def _revision(rt: Runtime) -> str:
    try:
        async with rt.db.read() as tx:
            return str(await tx.scalar(text("SELECT version_num FROM alembic_version")) or "")
    except (StoreAway, DBAPIError):
        return ""  # no such table: nothing was migrated here


async def _base(rt: Runtime) -> AsyncIterator[Finding]:
    async with rt.db.read() as tx:
        published = await tx.scalar(select(tables.base.c.version))
        count = await tx.scalar(select(func.count()).select_from(tables.published))
        if published is None:
            yield made("index.empty", "fail")
            return
        try:
            if not find.is_loaded(rt):
                await tx.run_sync(lambda c: find.refresh(rt, c))
        except BotError as error:
            yield made("index.broken", "fail", reason=str(error))
            return
    base, today = find.now(rt), day(rt.clock.now())
    if base.index.version != published:
        yield made("index.behind", "ok", held=base.index.version, published=published)
    else:
        yield made("index.ok", "ok", entries=count, version=published)
    overdue = sum(e.review_due < today for e in base.entries.values())
    expired = len(base.barred(today))
    if overdue or expired:
        yield made("entries.overdue", "warn", overdue=overdue, expired=expired)


async def wal(rt: Runtime) -> AsyncIterator[Finding]:
    """Look at the size of SQLite's write-ahead log."""
    size = _wal_bytes(rt) if rt.db.is_sqlite else None
    if size is not None:
        is_large = size > _MOST_WAL
        values = {"size_mb": size // _MB}
        yield made("wal.large", "warn", **values) if is_large else made("wal.ok", "ok", **values)


def _wal_bytes(rt: Runtime) -> int | None:
    try:
        return Path(f"{rt.db.file}-wal").stat().st_size
    except FileNotFoundError:
        return None


async def backup(rt: Runtime) -> AsyncIterator[Finding]:
    """Look how old the last backup is."""
    found = copies.listed(rt.settings.data)
    if not found:
        yield made("backup.none", "warn")
        return
    hours = int((rt.clock.now() - found[0].at).total_seconds() // 3600)
    if hours >= _BACKUP_HOURS:
        yield made("backup.old", "warn", hours=hours)
    else:
        yield made("backup.ok", "ok", hours=hours, size_mb=found[0].size_bytes // _MB)


async def worker(rt: Runtime) -> AsyncIterator[Finding]:
    """Look whether the worker is alive and its jobs end well."""
    async with rt.db.read() as tx:
        last, runs = await jobs.heartbeat(tx), await jobs.listed(tx)
    if last is None:
        yield made("worker.never", "warn")
        return
    silent = rt.clock.now() - last
    if silent > _SILENT:
        yield made("worker.away", "warn", minutes=int(silent.total_seconds() // 60))
    else:
        yield made("worker.ok", "ok", seconds=max(0, int(silent.total_seconds())))
    for run in runs:
        if run.last_error:
            yield made("worker.failing", "warn", job=run.name, error=run.last_error)


async def sending(rt: Runtime) -> AsyncIterator[Finding]:
    """Look whether a fence stands, and what the platform has refused lately."""
    async with rt.db.read() as tx:
        stands, seen = await fence.is_up(tx), await incidents.listed(tx)
    if stands is not None:
        since = f"{stands.raised_at:%Y-%m-%d %H:%M} UTC"
        yield made("fence.up", "warn", since=since, reason=stands.reason)
    for one in seen:
        if one.key.startswith("wechat."):
            yield Finding(one.key, "warn", one.values)
