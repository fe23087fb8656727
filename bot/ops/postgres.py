"""PostgreSQL's own tools: a dump of one snapshot with its row counts, and a restore of it.

The password goes by the environment of the tool, never by its command line.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.migrate import LOCK, upgrade
from bot.delivery import fence
from bot.errors import InvalidInput, StoreAway
from bot.logs import log
from bot.ops import copies
from bot.runtime import Runtime
from bot.settings import Settings

_MAGIC = b"PGDMP"
#: The schema that holds the database of before a restore.
BEFORE = "before_restore"


async def dump(rt: Runtime, target: Path) -> copies.Look:
    """Dump the database into an empty file; the rows are counted in the same snapshot.

    Raises:
        InvalidInput: pg_dump is missing or refuses, with its own sentence.
        StoreAway: the database does not answer.
    """
    url = make_url(rt.settings.url)
    async with rt.db.read() as tx:
        await tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        snapshot = await tx.scalar(text("SELECT pg_export_snapshot()"))
        look = await _look(tx)
        skipped = [f"--exclude-table-data={table}" for table in copies.TRANSIENT]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        options += [f"--exclude-schema={BEFORE}", "--no-password", f"--file={target}", *skipped]
        await _run(rt.settings, "pg_dump", url, *options, f"--dbname={_address(url)}")
    await _run(rt.settings, "pg_restore", url, f"--file={os.devnull}", str(target))
    return look


async def _look(tx: AsyncConnection) -> copies.Look:
    tables = await tx.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    )
    rows = {}
    for table in tables:
        counted = await tx.scalar(text(f'SELECT count(*) FROM public."{table}"'))  # noqa: S608 - from the catalogue
        rows[table] = 0 if table in copies.TRANSIENT else int(counted or 0)
    if "alembic_version" not in rows:
        raise InvalidInput("there is no schema yet: run `bot init`")
    revision = await tx.scalar(text("SELECT version_num FROM alembic_version"))
    return copies.Look(str(revision or ""), rows)


async def restore(settings: Settings, file: Path, at: datetime) -> copies.Restored:
    """Restore a dump; the database of before stays as the schema `before_restore`.

    Raises:
        InvalidInput: the file is no sound dump, a process is running, or pg_restore refuses.
    """
    url = make_url(settings.url)
    with file.open("rb") as opened:
        if opened.read(len(_MAGIC)) != _MAGIC:
            raise InvalidInput(f"{file} is not a backup of this service (no dump of pg_dump)")
    await _run(settings, "pg_restore", url, f"--file={os.devnull}", str(file))
    async with _alone(settings) as db:
        await _set_aside(db)
        try:
            options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
            options += ["--no-password", f"--dbname={_address(url)}"]
            await _run(settings, "pg_restore", url, *options, str(file))
            async with db.write() as tx:
                look = await _look(tx)
                copies.check_revision(file, look.revision)
                if "fence" in look.rows:
                    await fence.raise_(tx, at, "restored")
        except BaseException:
            await _put_back(db)
            raise
    await asyncio.to_thread(upgrade, settings.url)
    if "fence" not in look.rows:  # the dump was made before there were fences
        await _raise(settings, at)
    log.warning("restored", revision=look.revision, rows=sum(look.rows.values()))
    return copies.Restored(look.rows, look.revision, f"schema {BEFORE}")


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[Database]:
    """Open the database if nobody else has; who starts to migrate meanwhile waits."""
    db = Database(settings.url, pool=2)
    try:
        async with db.writer.connect() as watch:
            others = await watch.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )
            if others:
                raise InvalidInput(
                    f"{others} connections to the database are open: "
                    "stop `bot serve` and `bot work` first"
                )
            if await watch.scalar(text("SELECT current_schema()")) not in {"public", None}:
                raise InvalidInput("the tables are not in the schema public: use pg_restore")
            await watch.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            await watch.commit()
            yield db
            await watch.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
    finally:
        await db.dispose()


async def _set_aside(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(text(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE"))
        await tx.execute(text(f"ALTER SCHEMA public RENAME TO {BEFORE}"))
        await tx.execute(text("CREATE SCHEMA public"))


async def _put_back(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(text("DROP SCHEMA IF EXISTS public CASCADE"))
        await tx.execute(text(f"ALTER SCHEMA {BEFORE} RENAME TO public"))


async def _raise(settings: Settings, at: datetime) -> None:
    db = Database(settings.url, pool=1)
    try:
        async with db.write() as tx:
            await fence.raise_(tx, at, "restored")
    finally:
        await db.dispose()


def _address(url: URL) -> str:
    """Return the URL for the tools, without driver and password."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


async def _run(settings: Settings, tool: str, url: URL, *words: str) -> None:
    path = shutil.which(tool, path=settings.pg_bin or None)
    if path is None:
        raise InvalidInput(f"{tool} is not installed: set BOT_PG_BIN to its folder")
    password = {"PGPASSWORD": url.password} if url.password else {}
    try:
        process = await asyncio.create_subprocess_exec(
            path,
            *words,
            env=os.environ | password,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
    except OSError as error:
        raise StoreAway(f"{tool} cannot be run: {error.strerror}") from error
    if process.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines() or [f"{tool} failed"]
        raise InvalidInput(lines[0])
