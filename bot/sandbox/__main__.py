"""`python -m bot.sandbox`: the pretend platform alone, for any webhook."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import sys
from typing import TYPE_CHECKING

from bot.sandbox.app import serve
from bot.sandbox.config import ConfigError, SandboxConfig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# option: setting, environment variable, help
OPTIONS = {
    "--webhook": ("webhook_url", "BOT_SANDBOX_WEBHOOK", "address that gets the pushes"),
    "--host": ("host", "BOT_SANDBOX_HOST", "address to listen on"),
    "--port": ("port", "BOT_SANDBOX_PORT", "port to listen on"),
    "--token": ("token", "BOT_WECHAT_TOKEN", "shared word of the account"),
    "--aes-key": ("aes_key", "BOT_WECHAT_AES_KEY", "43 characters, for compatible and safe"),
    "--app-id": ("app_id", "BOT_WECHAT_APP_ID", "app id of the account"),
    "--app-secret": ("app_secret", "BOT_WECHAT_APP_SECRET", "app secret of the account"),
    "--account-id": ("account_id", "BOT_WECHAT_ACCOUNT_ID", "gh_ id of the account"),
    "--mode": ("mode", "BOT_WECHAT_MODE", "plain, compatible or safe"),
    "--format": ("data_format", "BOT_SANDBOX_FORMAT", "xml or json"),
    "--seed": ("seed", "BOT_SANDBOX_SEED", "number that decides every id"),
}


def read_config(arguments: Sequence[str], environment: Mapping[str, str]) -> SandboxConfig:
    """Return the settings from options, else from the environment, else the defaults.

    Raises:
        ConfigError: a value does not fit; the message names the field.

    """
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    for option, (name, variable, words) in OPTIONS.items():
        parser.add_argument(option, dest=name, help=f"{words} ({variable})")
    given = vars(parser.parse_args(arguments))
    values = {name: environment.get(variable) for name, variable, _ in OPTIONS.values()}
    values.update({name: value for name, value in given.items() if value is not None})
    return SandboxConfig.from_mapping({n: v for n, v in values.items() if v})


def main() -> int:
    """Serve until interrupted; 2 when the settings do not fit."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        config = read_config(sys.argv[1:], os.environ)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(config))
    return 0


if __name__ == "__main__":
    sys.exit(main())
