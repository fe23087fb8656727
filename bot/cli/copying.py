"""`bot copy`: from the database in use to an empty one, of either kind."""

from __future__ import annotations

from collections.abc import Sequence

import click

from bot import (
    app,  # noqa: F401 - every feature's tables are known
    logs,
    settings,
)
from bot.errors import InvalidInput
from bot.ops import transfer, transfer_checks
from bot.ops.transfer import Compared


@click.command()
@click.option(
    "--to", required=True, metavar="URL", help="The empty database; its password may be PGPASSWORD."
)
@click.option("--yes", is_flag=True, help="Copy without asking.")
def copy(to: str, *, yes: bool) -> None:
    """Move everything to an empty database, SQLite or PostgreSQL. Stop the service first.

    Afterwards the database of before never sends again; BOT_DATABASE_URL must name the new one.
    """
    loaded = settings.load()
    logs.configure(level="error", form=loaded.log_format)
    shown = transfer_checks.address(to).set(password=None).render_as_string()
    if not yes:
        click.confirm(f"Copy to {shown}, and send from there only?", abort=True)
    try:
        done = transfer.copy(
            loaded.url, to, tell=lambda name: click.echo(f"copying {name}", err=True)
        )
    except transfer.Differs as differs:
        _print(differs.tables)
        raise
    _print(done)
    click.echo(f"equal: {sum(one.here.rows for one in done)} rows in {len(done)} tables")
    click.echo("the database of before is fenced for good (copied): it sends nothing any more.")
    click.echo(f"the folder {loaded.data} stays where it is, and is needed: keys, photos, spill,")
    click.echo("index. With another privacy.key a message that was under way could be sent twice.")
    click.echo("runners are not copied (jobs.db, schema dbos): `bot work` starts them again.")
    click.echo("next: set BOT_DATABASE_URL to the new database, start `bot serve` and `bot work`.")
    _look_again(loaded.url)


def _print(tables: Sequence[Compared]) -> None:
    wide = max(len(one.table) for one in tables)
    click.echo(f"{'table':<{wide}}  {'rows':>10}  hash")
    for one in tables:
        word = "equal" if one.is_equal else f"DIFFERENT ({one.there.rows} rows there)"
        click.echo(f"{one.table:<{wide}}  {one.here.rows:>10}  {word}")


def _look_again(url: str) -> None:
    """Tell of a process that was started on the old database while it was copied."""
    try:
        transfer.check_rest(url)
    except InvalidInput as busy:
        click.echo(f"but the database of before was opened meanwhile: {busy}", err=True)
