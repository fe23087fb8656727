"""`bot knowledge`: check the entry files, and see which topics and ages they cover."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from knowledge import check as checking
from knowledge import courses, files
from knowledge import coverage as covering
from knowledge.entry import AGES
from knowledge.topics import CONTENT, topics

_CONTENT = click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=CONTENT,
    help="Folder of the entry files.",
)


@click.group()
def knowledge() -> None:
    """Look after the entry files (docs/content-guide.md)."""


@knowledge.command()
@_CONTENT
@click.option(
    "--courses",
    "given",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=courses.COURSES,
    help="Folder of the courses.",
)
def check(content: Path, given: Path) -> None:
    """Check entries and courses; print each fault with file and line, and end with 1 if any."""
    listed, broken = courses.survey(given)
    faults = [*checking.check(content), *broken]
    for fault in faults:
        click.echo(str(fault))
    if faults:
        click.echo(f"{len(faults)} faults", err=True)
        sys.exit(1)
    click.echo(f"{len(files.load(content))} entries and {len(listed)} courses are fine")


@knowledge.command()
@_CONTENT
@click.option("--markdown", is_flag=True, help="Print the tables of docs/coverage.md.")
def coverage(content: Path, *, markdown: bool) -> None:
    """Show how many published entries speak for each topic and age, and where there is none.

    0 is a hole: an age the topic usually concerns. A dot is an age it usually does not.
    """
    entries = files.load(content)
    if markdown:
        click.echo(covering.markdown(entries), nl=False)
        return
    counts = covering.counts(entries)
    holes = covering.holes(counts)
    width = max(map(len, counts))
    click.echo("  ".join([" " * width, *(f"{age:>6}" for age in AGES), "entries"]))
    for leaf, row in counts.items():
        cells = [_cell(row[age], hole=(leaf, age) in holes) for age in AGES]
        total = sum(e.topic == leaf for e in entries)
        click.echo("  ".join([leaf.ljust(width), *cells, f"{total:>7}", topics()[leaf].name]))
    click.echo(f"{len(entries)} entries, {len(counts)} topics, {len(holes)} holes")
    for leaf, age in holes:
        click.echo(f"  {leaf}: no entry for {age}")


def _cell(count: int, *, hole: bool) -> str:
    return f"{count if count or hole else '.':>6}"
