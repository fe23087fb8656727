"""A service on a free port, the pretend platform on another, and the phones of a few parents."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from aiohttp.test_utils import TestServer
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot import app, logs, web
from bot.db.engine import Database
from bot.db.migrate import upgrade
from bot.library import publish
from bot.sandbox import actions
from bot.sandbox.app import make_app
from bot.sandbox.config import SandboxConfig
from bot.sandbox.weixin import PLATFORM
from bot.settings import Settings
from knowledge import files
from tests.support import postgres

TOKEN = "cityTOKEN2026"
AES_KEY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPA"
ACCOUNT = "gh_city00000001"
#: The small base the tests publish: fitted in a moment, wide enough to be wrong in.
SMALL = (
    "study.procrastinate.last-minute",
    "study.procrastinate.slow-homework",
    "study.reading.choose-books",
    "study.reading.not-like-reading",
    "media.game.adult-account",
    "media.game.cant-stop",
    "media.game.late-night",
    "media.phone.buy-phone",
    "media.phone.night-phone",
    "media.phone.primary-rules",
    "media.phone.teen-conflict",
    "media.phone.toddler-screen",
    "svc.week.when",
    "emo.low.on-treatment",
    "emo.low.says-want-to-die",
    "emo.low.weeks-of-sadness",
)


def settings(folder, url, **changes):
    given = {
        "data": folder / "data",
        "database_url": url,
        "port": 0,
        "console_port": 0,
        "wechat_account_id": ACCOUNT,
        "wechat_app_id": "wxcity0000000001",
        "wechat_app_secret": "s" * 32,
        "wechat_token": TOKEN,
        "wechat_aes_key": AES_KEY,
        "wechat_mode": "safe",
        "log_level": "warning",
        # one parent of a test may say more in a minute than any other
        "parent_answers": 0,
    }
    return Settings(**(given | changes))


@cache
def small_base():
    shipped = {entry.id: entry for entry in files.load()}
    return [shipped[name] for name in SMALL]


_filled: list[bytes] = []


async def prepare(given):
    """Migrate and publish the small base: made once a process, then copied."""
    is_sqlite = given.url.startswith("sqlite")
    if _copied(given) or (not is_sqlite and postgres.copy(given.url, "base")):
        return
    upgrade(given.url)
    async with app.opened(given) as rt:
        await publish.publish(rt, small_base(), origin="file")
    if not is_sqlite:
        postgres.keep(given.url, "base")
    elif not _filled:
        _filled.append(_file(given).read_bytes())


def _copied(given):
    if not given.url.startswith("sqlite") or not _filled or _file(given).exists():
        return False
    _file(given).parent.mkdir(parents=True, exist_ok=True)
    _file(given).write_bytes(_filled[0])
    return True


def _file(given):
    return Path(make_url(given.url).database)


@asynccontextmanager
async def pretended(mode="safe", **sandbox):
    """Play the platform on a free port; yields its state and its address."""
    config = SandboxConfig(
        token=TOKEN,
        aes_key=AES_KEY,
        app_id="wxcity0000000001",
        app_secret="s" * 32,
        account_id=ACCOUNT,
        mode=mode,
        **sandbox,
    )
    application = make_app(config)
    async with TestServer(application) as server:
        yield application[PLATFORM], str(server.make_url("")).rstrip("/")


def point(platform, *ports):
    """Let the platform push to these services in turn."""
    hooks = ",".join(f"http://127.0.0.1:{port}/wechat" for port in ports)
    platform.config = platform.config.changed({"webhook_url": hooks})


@dataclass
class Parent:
    """One phone of the sandbox, and what its owner does with it."""

    city: City  # or anything that has the platform
    phone: object
    deliveries: list = field(default_factory=list)

    async def _done(self, delivery):
        self.deliveries.append(delivery)
        return (delivery.verdict.reply or {}).get("Content", "")

    async def follows(self, scene=""):
        return await self._done(await actions.follow(self.city.platform, self.phone, scene))

    async def scans(self, scene):
        """Scan a code of ours; who does not follow yet follows by it."""
        return await self._done(await actions.scan(self.city.platform, self.phone, scene))

    async def leaves(self):
        return await self._done(await actions.unfollow(self.city.platform, self.phone))

    async def says(self, words):
        """Send a text; returns what the account answered in the response, or an empty string."""
        return await self._done(await actions.say(self.city.platform, self.phone, words))

    async def sends(self, kind, **values):
        return await self._done(await actions.send(self.city.platform, self.phone, kind, values))

    async def pushes(self, **fields):
        return await self._done(await actions.send_raw(self.city.platform, self.phone, fields))

    @property
    def openid(self):
        return self.phone.openid

    @property
    def chat(self):
        """What the account has shown on this phone, passive replies and customer messages."""
        return [e.bubble.get("content", "") for e in self.phone.log if e.side == "account"]


@dataclass
class City:
    """A running service and its surroundings."""

    settings: Settings
    platform: object
    ports: list
    db: Database

    @classmethod
    @asynccontextmanager
    async def open(cls, given, *, services=1, clock=None, **sandbox):
        """Start everything; two services share the database, and the platform takes turns."""
        logs.configure(level=given.log_level)
        await prepare(given)
        async with AsyncExitStack() as stack:
            pretend = pretended(given.wechat_mode, **sandbox)
            platform, address = await stack.enter_async_context(pretend)
            given = given.model_copy(update={"wechat_api": address, "wechat_open": address})
            ports = [
                await stack.enter_async_context(web.started(given, clock=clock))
                for _ in range(services)
            ]
            point(platform, *ports)
            db = Database(given.url)
            stack.push_async_callback(db.dispose)
            yield cls(given, platform, ports, db)

    def parent(self, name="parent"):
        return Parent(self, self.platform.add_phone(name))

    async def rows(self, sql, **values):
        async with self.db.read() as tx:
            return (await tx.execute(text(sql), values)).mappings().all()
