"""`bot certificates`: check one offline, change the keys that sign them, show the public ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from bot import logs, settings
from bot.app import opened
from bot.errors import InvalidInput, StoreAway
from bot.runtime import Runtime

_PNG = b"\x89PNG"
_FILE_BYTES = 5_000_000


@click.group()
def certificates() -> None:
    """Check certificates, and keep the keys that sign them."""


@certificates.command()
@click.argument("what", metavar="FILE|TEXT")
@click.option(
    "--keys", type=click.Path(path_type=Path, exists=True), help="What /h/verify/keys said."
)
def check(what: str, keys: Path | None) -> None:
    """Check a certificate without a network: its picture, a file with its code's words, or those.

    Whether it was revoked since, only the service knows: the page /h/verify says so.
    """
    from bot.awards import proving

    code = _code(what)
    known = _of_file(keys) if keys else asyncio.run(_of_database())
    content = proving.opened(code, lambda name: known.get(name, ""))
    if content is None:
        raise InvalidInput("not genuine: the signature does not fit, or no key of ours made it")
    click.echo("genuine: nothing was changed since it was signed")
    for name in ("serial", "title", "about", "text", "hours", "name", "issued", "issuer", "key"):
        click.echo(f"{name:>7}: {content.get(name, '')}")


def _code(what: str) -> str:
    """Return the words of a code: of a picture, of a file, or as they were given."""
    from bot.drawing import canvas

    path = Path(what)
    try:
        content = path.read_bytes() if path.is_file() else what.encode()
    except OSError:  # too long for a name: it is the text itself
        content = what.encode()
    if len(content) > _FILE_BYTES:
        raise InvalidInput("the file is too large for a certificate")
    if not content.startswith(_PNG):
        return content.decode("utf-8", errors="replace").strip()
    found = canvas.carried(content)
    if not found:
        raise InvalidInput("the picture carries no words: scan its code and give what it says")
    return found


def _of_file(path: Path) -> Mapping[str, str]:
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["keys"]
        return {str(one["id"]): str(one["public"]) for one in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput("the file of keys is not what /h/verify/keys says") from error


async def _of_database() -> Mapping[str, str]:
    return {row.id: row.public for row in await _published()}


@certificates.command("keys")
def listed() -> None:
    """List the public keys; the one without an end signs."""
    found = asyncio.run(_published())
    for row in found:
        until = f"until {row.retired_at:%Y-%m-%d %H:%M}" if row.retired_at else "signs"
        click.echo(f"{row.id}  {row.public}  from {row.made_at:%Y-%m-%d %H:%M} UTC, {until}")
    if not found:
        click.echo("there is none: the first certificate makes it")


@certificates.command()
@click.option("--yes", is_flag=True, help="Do it without asking.")
def rotate(*, yes: bool) -> None:
    """Make a new pair of keys; what the former one signed stays valid."""
    if not yes:
        click.confirm("Make a new pair, and delete the private half of the former one?", abort=True)
    click.echo(f"new certificates are signed by {asyncio.run(_rotate())}")


async def _published() -> list[Any]:
    from bot.awards import keys

    async with opened(_prepared()) as rt:
        _is_there(rt)
        async with rt.db.read() as tx:
            return await keys.published(tx)


async def _rotate() -> str:
    from bot.awards import keys
    from bot.console import audit

    async with opened(_prepared()) as rt:
        _is_there(rt)
        async with rt.db.write() as tx:
            made = await keys.rotate(rt, tx)
            await audit.note(rt, tx, None, "certificate.key_rotated", f"key:{made}")
            return made


def _is_there(rt: Runtime) -> None:
    if rt.db.is_absent():
        raise StoreAway("there is no database yet: run `bot init`")


def _prepared() -> settings.Settings:
    loaded = settings.load()
    logs.configure(level="error", form=loaded.log_format)
    return loaded
