"""The command line: one file a group; errors are sentences, not traces."""

from __future__ import annotations

import sys
from typing import ClassVar

import click

from bot import __version__
from bot.errors import BotError
from intents.errors import IntentsError
from knowledge.errors import KnowledgeError


class _Group(click.Group):
    """Loads a command's module only when it is called: the others must not cost its start."""

    _modules: ClassVar[dict[str, str]] = {
        "ask": "asking",
        "audit": "people",
        "backup": "copies",
        "backups": "copies",
        "certificates": "certificates",
        "copy": "copying",
        "doctor": "doctor",
        "evaluate": "asking",
        "explain": "asking",
        "fence": "copies",
        "init": "setup",
        "knowledge": "base",
        "menu": "menu",
        "migrate": "setup",
        "privacy": "privacy",
        "restore": "copies",
        "sandbox": "running",
        "serve": "running",
        "staff": "people",
        "work": "running",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        module = self._modules.get(cmd_name)
        if module is None:
            return None
        import importlib

        found = importlib.import_module(f"bot.cli.{module}")
        command: click.Command = getattr(found, cmd_name)
        return command


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def bot() -> None:
    """Family-education guidance assistant for a WeChat official account.

    Settings come from the environment (BOT_…); docs/operations.md lists them all.
    """


def main() -> None:
    """Run the command line; a fault of ours to explain ends with status 2 and one sentence."""
    try:
        bot(prog_name="bot", standalone_mode=False)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (BotError, KnowledgeError, IntentsError) as error:
        click.echo(f"bot: {error}", err=True)
        sys.exit(2)
