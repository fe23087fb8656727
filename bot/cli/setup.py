"""`bot init`, `bot migrate`: the schema and the published base."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot import logs, settings
from bot.app import opened
from bot.courses.seeding import Seeded
from bot.curation import adopting
from bot.db import revisions
from bot.errors import StartRefused
from bot.library import publish
from bot.runtime import Runtime
from bot.settings import Settings
from knowledge import files
from knowledge.courses import COURSES
from knowledge.topics import CONTENT


def ready(loaded: Settings) -> None:
    """Bring the schema to head before a process starts, unless the database is out of use.

    Raises:
        StartRefused: with the sentence that says what to do.
    """
    if loaded.migrate_at_start and not revisions.is_newest(loaded.url):
        from bot.db.migrate import upgrade

        upgrade(loaded.url)
    from bot.delivery import fence

    fence.check_start(loaded.url)


@click.command()
def migrate() -> None:
    """Bring the database schema up to date."""
    from bot.db.migrate import heads, upgrade

    loaded = settings.load()
    logs.configure(level=loaded.log_level, form=loaded.log_format)
    upgrade(loaded.url)
    click.echo(f"the schema is at {', '.join(heads())}")


@click.command()
@click.option("--content", type=click.Path(path_type=Path), default=CONTENT, help="Entry files.")
@click.option("--courses", type=click.Path(path_type=Path), default=COURSES, help="Course files.")
@click.option("--overwrite", is_flag=True, help="Also replace what was changed in the console.")
@click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
def init(content: Path, courses: Path, *, overwrite: bool, dry_run: bool) -> None:
    """Prepare the database, publish the entry files, open the console. Safe to repeat."""
    loaded = settings.load()
    from bot.db.migrate import upgrade

    logs.configure(level="warning", form=loaded.log_format)
    upgrade(loaded.url)
    asyncio.run(_init(loaded, content, overwrite=overwrite, dry_run=dry_run))
    if not dry_run:
        asyncio.run(_console(loaded, courses))


async def _console(loaded: Settings, given: Path) -> None:
    """Fill the tree, bring in the courses; print a set-up link while nobody administrates."""
    from bot.calendar import store as calendar
    from bot.cli.people import setup_link
    from bot.courses import seeding
    from bot.directory import actions as directory
    from bot.org import tree
    from bot.people import staff

    async with opened(loaded) as rt:
        async with rt.db.write() as tx:
            added = await tree.seed(tx, rt.clock.now())
            listed = await directory.seed(tx, rt.clock.now())
            await calendar.seed(tx, rt.clock.now())
            courses = await seeding.seed(rt, tx, given)
            is_open = await staff.has_administrator(tx)
        if added:
            click.echo(f"organisation: {added} units added")
        if listed:
            click.echo(f"directory: {listed} centres added, to be verified")
        _tell(courses)
        if not is_open:
            link = await setup_link(rt)
            click.echo(f"console: {link} (works once, for 30 minutes)")


def _tell(seeded: Seeded) -> None:
    """Say what became of the courses of the files, if anything."""
    if seeded.added or seeded.renewed:
        done = f"{len(seeded.added)} new, {len(seeded.renewed)} in a new version"
        click.echo(f"courses: {done}, {len(seeded.same)} unchanged")
    if seeded.left:
        names = ", ".join(seeded.left)
        click.echo(f"courses: changed in the console, so the files were left out: {names}")
    if seeded.unpublished:
        click.echo(f"courses: {len(seeded.unpublished)} not `published` in their files, left out")


async def _init(loaded: Settings, content: Path, *, overwrite: bool, dry_run: bool) -> None:
    entries = files.load(content)
    async with opened(loaded) as rt:
        change = await publish.compare(rt, entries)
        for sign, ids in (("+", change.added), ("~", change.changed), ("-", change.removed)):
            for entry in ids if change.same else ids[:0]:
                click.echo(f"{sign} {entry}")
        foreign = await _foreign(rt, change)
        if foreign and not overwrite:
            raise StartRefused(
                f"{len(foreign)} entries were changed in the console and would be replaced: "
                f"{', '.join(foreign[:5])}; --overwrite replaces them"
            )
        if not change and not dry_run:
            async with rt.db.write() as tx:
                await adopting.settle(rt, tx)
        if dry_run or not change:
            click.echo(_summary(change, "nothing changed" if not change else "dry run"))
            return
        version = await adopting.publish_files(rt, entries)
        click.echo(_summary(change, f"published as {version}"))


async def _foreign(rt: Runtime, change: publish.Change) -> list[str]:
    """Return what the console decided otherwise: what it changed, and what it took back."""
    async with rt.db.read() as tx:
        retired = await adopting.retired(tx)
    return sorted({*change.foreign, *(retired & {*change.added})})


def _summary(change: publish.Change, what: str) -> str:
    counts = (
        f"{len(change.added)} new, {len(change.changed)} changed, "
        f"{len(change.removed)} removed, {change.same} unchanged"
    )
    return f"{what}: {counts}"
