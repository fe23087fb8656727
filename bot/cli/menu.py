"""`bot menu`: compare the menu file with the live menu, and publish it."""

from __future__ import annotations

import asyncio

import click

from bot import logs, settings
from bot.app import connected, opened
from bot.db.migrate import upgrade
from bot.errors import BotError, StartRefused
from bot.ops import account
from bot.settings import Settings
from bot.wechat import menu as menus
from bot.wechat.errors import WeChatError


@click.group()
def menu() -> None:
    """Look after the menu under the chat (bot/wechat/menu.yaml)."""


@menu.command()
@click.option("--yes", is_flag=True, help="Publish without asking.")
@click.option("--dry-run", is_flag=True, help="Show the difference, publish nothing.")
def publish(*, yes: bool, dry_run: bool) -> None:
    """Show what differs from the live menu, and put the menu file in its place. Safe to repeat."""
    loaded = settings.load()
    logs.configure(level="warning", form=loaded.log_format)
    wanted = menus.load(site=loaded.public_url)
    if loaded.migrate_at_start:
        upgrade(loaded.url)  # the access token is kept there
    try:
        asyncio.run(_publish(loaded, wanted, yes=yes, dry_run=dry_run))
    except WeChatError as error:
        raise BotError(sentence(error)) from error


def _require_account(held: account.Account) -> None:
    missing = [f"BOT_WECHAT_{n.upper()}" for n in ("app_id", "app_secret") if not held[n]]
    if missing:
        raise StartRefused(f"{', '.join(missing)} must be set (docs/connecting.md)")


async def _publish(loaded: Settings, wanted: menus.Menu, *, yes: bool, dry_run: bool) -> None:
    async with opened(loaded) as rt, connected(rt) as gateway:
        _require_account(account.now(rt))
        changes = menus.diff(await gateway.current_menu(), wanted)
        for change in changes:
            click.echo(change)
        if not changes:
            click.echo("the live menu is the same; nothing to publish")
        elif dry_run:
            click.echo(f"dry run: {len(changes)} differences, nothing published")
        elif yes or click.confirm("Publish this menu to every follower?"):
            await gateway.publish_menu(wanted)
            click.echo(
                "published; a phone takes it up when its chat is opened again after some minutes"
            )
        else:
            click.echo("nothing published")


def sentence(error: WeChatError) -> str:
    """Return a refusal of the platform as one sentence: the call, what it means, what to do."""
    answer = error.answer
    return f"{error}: {answer.meaning} ({answer.remedy})"
