"""`bot serve`, `bot work`, `bot sandbox`: the long-running processes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import click

from bot import heap, logs, settings
from bot.errors import StartRefused
from bot.settings import Settings


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where it exists (docs/decisions/0007-uvloop.md)."""
    heap.share()
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)


def _prepared() -> Settings:
    loaded = settings.load()
    logs.configure(level=loaded.log_level, form=loaded.log_format)
    return loaded


@click.command()
def serve() -> None:
    """Serve the webhook (and the pages) until SIGTERM."""
    from bot import web
    from bot.cli.setup import ready

    loaded = _prepared()
    ready(loaded)
    _run(web.serve(loaded))


@click.command()
def work() -> None:
    """Run the jobs: late answers, deletion of what is past its time."""
    from bot import worker
    from bot.cli.setup import ready

    loaded = _prepared()
    ready(loaded)
    _run(worker.work(loaded))


@click.command()
def sandbox() -> None:
    """Play the WeChat platform on this machine, with a phone page to try the service."""
    from bot.sandbox import app
    from bot.sandbox.config import ConfigError, SandboxConfig

    loaded = _prepared()
    given = {
        "host": loaded.sandbox_host,
        "port": loaded.sandbox_port,
        "webhook_url": loaded.sandbox_webhook,
        "token": loaded.wechat_token.get_secret_value(),
        "aes_key": loaded.wechat_aes_key.get_secret_value(),
        "app_id": loaded.wechat_app_id,
        "app_secret": loaded.wechat_app_secret.get_secret_value(),
        "account_id": loaded.wechat_account_id,
        "data_format": loaded.sandbox_format,
        "seed": loaded.sandbox_seed,
        "mode": loaded.wechat_mode if loaded.wechat_aes_key.get_secret_value() else "plain",
    }
    try:
        config = SandboxConfig.from_mapping({k: v for k, v in given.items() if v != ""})
    except ConfigError as error:
        raise StartRefused(f"the sandbox does not start: {error}") from error
    _run(app.serve(config))
