"""`bot backup`, `bot backups`, `bot restore`, `bot fence`: copies of the database, and sending."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot import logs, settings
from bot.app import opened
from bot.delivery import fence as fences
from bot.errors import StoreAway
from bot.ops import backup as making
from bot.ops import copies
from bot.ops import restore as restoring
from bot.settings import Settings

_MB = 1024**2


@click.command()
@click.option("--to", type=click.Path(path_type=Path), help="The file to make; not yet there.")
def backup(to: Path | None) -> None:
    """Back up the database while the service runs, and look the copy through."""
    made = asyncio.run(_backup(_prepared(), to))
    click.echo(
        f"{made.path}: {made.size_bytes} bytes, {sum(made.rows.values())} rows in "
        f"{len(made.rows)} tables, schema {made.revision}, sha256 {made.sha256}"
    )


async def _backup(loaded: Settings, to: Path | None) -> copies.Backup:
    async with opened(loaded) as rt:
        return await making.backup(rt, to)


@click.command()
def backups() -> None:
    """List the backups that were made here, newest first."""
    found = copies.listed(_prepared().data)
    for one in found:
        gone = "" if one.is_there else "  (the file is gone)"
        size = one.size_bytes / _MB
        click.echo(f"{one.at:%Y-%m-%d %H:%M:%S} UTC  {size:8.1f} MB  {one.path}{gone}")
    if not found:
        click.echo("there is none: run `bot backup`")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Restore without asking.")
def restore(file: Path, *, yes: bool) -> None:
    """Put a backup in place of the database, with the send fence up. Stop the service first."""
    loaded = _prepared()
    if not yes:
        click.confirm(f"Put {file} in place of the database?", abort=True)
    done = asyncio.run(restoring.restore(loaded, file))
    click.echo(f"restored: {sum(done.rows.values())} rows, schema {done.revision}")
    if done.before:
        click.echo(f"the database of before is kept: {done.before} (delete it when all is well)")
    click.echo("the send fence is up: nothing is sent by the account's initiative.")
    click.echo("When nothing else sends for this account any more: bot fence lift --yes")


@click.group(invoke_without_command=True)
@click.pass_context
def fence(context: click.Context) -> None:
    """Show the send fence, which stands after a restore."""
    if context.invoked_subcommand is None:
        stands = asyncio.run(_fence(_prepared(), lift=False))
        click.echo(_line(stands) if stands else "the send fence is down: sending is free")


@fence.command()
@click.option("--yes", is_flag=True, help="Lift without asking.")
@click.option("--copied", is_flag=True, help="The copy made by `bot copy` is thrown away.")
def lift(*, yes: bool, copied: bool) -> None:
    """Take the fence away: the account may send by its own initiative again."""
    loaded = _prepared()
    stands = asyncio.run(_fence(loaded, lift=False))
    if stands is None:
        click.echo("the send fence is down already")
        return
    click.echo(_line(stands))
    if not yes:
        click.confirm("Does nothing else send for this account any more?", abort=True)
    asyncio.run(_fence(loaded, lift=True, is_back=copied))
    click.echo("lifted")


async def _fence(loaded: Settings, *, lift: bool, is_back: bool = False) -> fences.Fence | None:
    async with opened(loaded) as rt:
        if rt.db.is_absent():
            raise StoreAway("there is no database yet: run `bot init`")
        async with rt.db.write() as tx:
            return await (fences.lift(tx, is_back=is_back) if lift else fences.is_up(tx))


def _line(stands: fences.Fence) -> str:
    return f"the send fence stands since {stands.raised_at:%Y-%m-%d %H:%M} UTC ({stands.reason})"


def _prepared() -> Settings:
    loaded = settings.load()
    logs.configure(level="error", form=loaded.log_format)
    return loaded
