"""`bot doctor`: look at everything the service stands on, and say in a sentence what is wrong."""

from __future__ import annotations

import asyncio

import click

from bot import logs, settings
from bot.app import opened
from bot.ops import health
from bot.ops.finding import Finding


@click.command()
@click.option("--offline", is_flag=True, help="Do not call the platform.")
def doctor(*, offline: bool) -> None:
    """Check settings, disk, database, index, backup, worker, clock, token and the webhook."""
    loaded = settings.load()
    logs.configure(level="error", form=loaded.log_format)
    findings = asyncio.run(_examine(loaded, offline=offline))
    if any(f.verdict == "fail" for f in findings):
        raise SystemExit(1)


async def _examine(loaded: settings.Settings, *, offline: bool) -> list[Finding]:
    findings = []
    async with opened(loaded) as rt:
        async for finding in health.looks(rt, offline=offline):
            findings.append(finding)
            click.echo(f"{finding.verdict:4}  {finding.what:10}  {finding.sentence()}")
    return findings
