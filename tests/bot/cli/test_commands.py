"""The commands as an operator runs them: help, refusals with one sentence, exit statuses."""

import pytest

from tests.support.process import account, bot, installed

COMMANDS = [
    "ask",
    "audit",
    "audit verify",
    "backup",
    "backups",
    "certificates",
    "certificates check",
    "certificates keys",
    "certificates rotate",
    "copy",
    "doctor",
    "evaluate",
    "explain",
    "fence",
    "fence lift",
    "init",
    "knowledge",
    "knowledge check",
    "knowledge coverage",
    "menu",
    "menu publish",
    "migrate",
    "privacy",
    "restore",
    "sandbox",
    "serve",
    "staff",
    "staff link",
    "staff list",
    "work",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(tmp_path, command):
    done = bot(tmp_path, *command.split(), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: bot {command} ")
    assert len(done.stdout.splitlines()) >= 4


def test_the_list_of_commands_is_complete(tmp_path):
    done = bot(tmp_path, "-h")
    listed = [line.split()[0] for line in done.stdout.partition("Commands:")[2].splitlines()[1:]]
    assert listed == sorted({c.split()[0] for c in COMMANDS})


def test_an_unknown_command_and_the_version(tmp_path):
    assert installed(tmp_path, "fly").returncode == 2
    assert installed(tmp_path, "--version").stdout.startswith("bot, version ")


def test_the_installed_command_says_the_same_as_a_fork(tmp_path):
    for words in (("ask", "--help"), ("staff", "list"), ("ask",)):
        one, other = installed(tmp_path, *words), bot(tmp_path, *words)
        assert (one.returncode, one.stdout, one.stderr) == (
            other.returncode, other.stdout, other.stderr,
        )  # fmt: skip


WRONG = {
    "an example token": ("BOT_WECHAT_TOKEN", {"wechat_token": "token"}),
    "a short token": ("BOT_WECHAT_TOKEN", {"wechat_token": "ab"}),
    "a token of other letters": ("BOT_WECHAT_TOKEN", {"wechat_token": "一二三四"}),
    "a bad key": ("BOT_WECHAT_AES_KEY", {"wechat_aes_key": "short"}),
    "safe mode without a key": ("BOT_WECHAT_AES_KEY", {"wechat_aes_key": ""}),
    "an unknown mode": ("BOT_WECHAT_MODE", {"wechat_mode": "secret"}),
    "a bad database address": ("BOT_DATABASE_URL", {"database_url": "mysql://root@db/x"}),
    "a bad port": ("BOT_PORT", {"port": "70000"}),
    "a port that is no number": ("BOT_PORT", {"port": "http"}),
    "a misspelt setting": ("BOT_WECHAT_TOKEN", {"wechat_tokn": "abc"}),
    "a bad log level": ("BOT_LOG_LEVEL", {"log_level": "loud"}),
    "a bad path": ("BOT_WEBHOOK_PATH", {"webhook_path": "wechat"}),
    "a deadline past the platform's": ("BOT_ANSWER_DEADLINE_S", {"answer_deadline_s": "6"}),
    "a database out of reach": (
        "database",
        {"database_url": "postgresql://nobody:s3cret@127.0.0.1:1/none"},
    ),
    "a folder that is a file": ("BOT_DATA", {"data": "/dev/null/x", "database_url": ""}),
    "no folder for the key": ("BOT_DATA", {"data": "/dev/null/x"}),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_setting_ends_the_start_with_a_sentence_that_names_it(tmp_path, what):
    name, changed = WRONG[what]
    done = bot(tmp_path, "serve", **account(f"sqlite:///{tmp_path}/bot.db", **changed))
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("bot: ")
    assert name in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stderr


def test_a_port_in_use_is_named(tmp_path):
    import socket

    assert bot(tmp_path, "init").returncode == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = bot(tmp_path, "serve", **account(f"sqlite:///{tmp_path}/bot.db", port=port))
    assert done.returncode == 2
    assert f"BOT_PORT {port}" in done.stderr.splitlines()[-1]


def test_serving_nothing_says_what_to_do(tmp_path):
    done = bot(tmp_path, "serve", **account(f"sqlite:///{tmp_path}/bot.db"))
    assert done.returncode == 2
    assert done.stderr == "bot: no entry is published: run `bot init`\n"
