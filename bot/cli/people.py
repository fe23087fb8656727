"""`bot staff`: one-time links and accounts; `bot audit`: whether the chain is whole."""

from __future__ import annotations

import asyncio

import click
from sqlalchemy import select

from bot import logs, settings
from bot.app import opened
from bot.console import audit as chain
from bot.console.visit import PREFIX
from bot.errors import InvalidInput
from bot.people import invitations, second_factor
from bot.people import staff as accounts
from bot.people.actor import Grant
from bot.people.tables import staff as rows
from bot.runtime import Runtime


@click.group()
def staff() -> None:
    """Look after the accounts of the console."""


@staff.command()
@click.option("--reset", metavar="LOGIN", help="A link to set a new password for this account.")
@click.option("--new-phone", is_flag=True, help="With --reset: forget the second factor, too.")
def link(*, reset: str | None, new_phone: bool) -> None:
    """Print a link that works once: 30 minutes for the first administrator, a day for a reset."""
    if new_phone and reset is None:
        raise InvalidInput("--new-phone needs --reset LOGIN")
    click.echo(asyncio.run(_link(reset, new_phone=new_phone)))


async def _link(login: str | None, *, new_phone: bool) -> str:
    loaded = settings.load()
    logs.configure(level="error", form=loaded.log_format)
    async with opened(loaded) as rt:
        return await (
            setup_link(rt) if login is None else _reset_link(rt, login, new_phone=new_phone)
        )


async def setup_link(rt: Runtime) -> str:
    """Return a fresh set-up link; the ones before it stop working.

    Raises:
        InvalidInput: there is an administrator already.
    """
    async with rt.db.write() as tx:
        if await accounts.has_administrator(tx):
            raise InvalidInput(
                "there is an administrator already; invite colleagues in the console, "
                "or use `bot staff link --reset LOGIN`"
            )
        key = await invitations.make(
            tx, invitations.SETUP, now=rt.clock.now(), grant=Grant(accounts.ADMIN, "")
        )
        await chain.note(rt, tx, None, "link.setup")
    return _address(rt, key)


async def _reset_link(rt: Runtime, login: str, *, new_phone: bool) -> str:
    async with rt.db.write() as tx:
        account = await accounts.by_login(tx, login)
        if account is None:
            raise InvalidInput(f"no account in use has the login {login}")
        key = await invitations.make(
            tx, invitations.RESET, now=rt.clock.now(), person=account.id, name=account.name
        )
        await chain.note(rt, tx, None, "link.reset", f"staff:{account.id}")
        if new_phone:
            await second_factor.drop(tx, account.id)
            await chain.note(rt, tx, None, "staff.second_factor_dropped", f"staff:{account.id}")
    return _address(rt, key)


def _address(rt: Runtime, key: str) -> str:
    given = rt.settings.console_origin.rstrip("/")
    origin = given or f"http://127.0.0.1:{rt.settings.console_port}"
    return f"{origin}{PREFIX}/invite?key={key}"


@staff.command("list")
def list_() -> None:
    """List the accounts: number, login, whether it is closed."""

    async def read() -> list[str]:
        async with opened(settings.load()) as rt, rt.db.read() as tx:
            found = await tx.execute(select(rows.c.id, rows.c.login, rows.c.disabled_at))
            return [f"{r.id}  {r.login}{'  closed' if r.disabled_at else ''}" for r in found]

    for line in asyncio.run(read()):
        click.echo(line)


@click.group()
def audit() -> None:
    """Look after the audit log."""


@audit.command()
def verify() -> None:
    """Walk the chain of the audit log; ends with 1 and the first row that does not fit."""

    async def walk() -> chain.Verdict:
        async with opened(settings.load()) as rt:
            return await chain.verify(rt)

    found = asyncio.run(walk())
    if found.broken is not None:
        click.echo(f"the chain is broken at row {found.broken}", err=True)
        raise SystemExit(1)
    click.echo(f"{found.rows} rows, the chain is whole")
