"""`bot menu publish` against the sandbox, which runs in a thread with a loop of its own."""

import asyncio
import threading

import pytest
from aiohttp import web
from click.testing import CliRunner

from bot.cli import bot
from bot.errors import BotError, StartRefused
from bot.sandbox.app import make_app
from bot.sandbox.config import SandboxConfig
from bot.sandbox.weixin import PLATFORM
from bot.wechat import menu

SECRET = "s" * 32


class Sandbox:
    def __init__(self):
        self.config = SandboxConfig(app_secret=SECRET)
        self.app = make_app(self.config)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.runner = web.AppRunner(self.app)

    def __enter__(self):
        self.thread.start()
        self.wait(self.start())
        return self

    def __exit__(self, *_):
        self.wait(self.runner.cleanup())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def start(self):
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()

    def wait(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=30)

    @property
    def url(self):
        host, port = self.runner.addresses[0][:2]
        return f"http://{host}:{port}"

    @property
    def menu(self):
        return self.app[PLATFORM].account.menu


@pytest.fixture
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def run(sandbox, tmp_path):
    environment = {
        "BOT_DATA": str(tmp_path),
        "BOT_WECHAT_API": sandbox.url,
        "BOT_WECHAT_APP_ID": sandbox.config.app_id,
        "BOT_WECHAT_APP_SECRET": SECRET,
    }

    def invoke(*words, answer=None, **changed):
        given = environment | changed
        return CliRunner().invoke(bot, ["menu", "publish", *words], env=given, input=answer)

    return invoke


def test_a_dry_run_shows_the_difference_and_publishes_nothing(run, sandbox):
    done = run("--dry-run")
    assert done.exit_code == 0, done.exception
    first = menu.load().buttons[0]
    assert f"+ 1 name: {first.name}" in done.output.splitlines()
    assert "nothing published" in done.output
    assert sandbox.menu is None


def test_the_difference_comes_before_the_question_and_no_is_the_default(run, sandbox):
    done = run(answer="\n")
    assert done.exit_code == 0, done.exception
    assert done.output.index("+ 1 name") < done.output.index("Publish this menu")
    assert done.output.endswith("nothing published\n")
    assert sandbox.menu is None


def test_a_yes_publishes(run, sandbox):
    done = run(answer="y\n")
    assert done.exit_code == 0, done.exception
    names = [button["name"] for button in sandbox.menu["button"]]
    assert names == [button.name for button in menu.load().buttons]


def test_the_second_time_there_is_nothing_to_publish(run):
    assert run("--yes").exit_code == 0
    done = run("--yes")
    assert done.output == "the live menu is the same; nothing to publish\n"


def test_a_refusal_is_one_sentence_with_meaning_and_remedy(run):
    done = run("--yes", BOT_WECHAT_APP_SECRET="w" * 32)
    assert isinstance(done.exception, BotError)
    sentence = str(done.exception)
    assert "stable_token answered 40" in sentence
    assert "AppSecret" in sentence
    assert sentence.endswith(")")
    assert "\n" not in sentence
    assert "w" * 32 not in sentence


def test_without_a_platform_the_sentence_says_so(run):
    done = run("--yes", BOT_WECHAT_API="http://127.0.0.1:1")
    assert isinstance(done.exception, BotError)
    assert "stable_token gave no answer" in str(done.exception)


def test_without_an_account_it_does_not_begin(run):
    done = run("--yes", BOT_WECHAT_APP_SECRET="")
    assert isinstance(done.exception, StartRefused)
    assert str(done.exception).startswith("BOT_WECHAT_APP_SECRET must be set")
