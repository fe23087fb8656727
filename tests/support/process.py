"""The service as the operator starts it: commands of their own, with a clean environment."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from bot.db.engine import Database
from tests.support import command, world
from tests.support.command import BOT

ROOT = Path(__file__).parents[2]


def environment(folder, **settings):
    """Return a clean environment: this machine's search path, our settings and nothing else."""
    keep = {k: os.environ[k] for k in ("PATH", "HOME", "LANG", "TMPDIR") if k in os.environ}
    named = {f"BOT_{name.upper()}": str(value) for name, value in settings.items()}
    return keep | {"BOT_DATA": str(folder), "PYTHONWARNINGS": "ignore"} | named


def bot(folder, *words, **settings):
    """Run one command to its end."""
    return command.run(words, environment(folder, **settings), folder)


def installed(folder, *words, **settings):
    """Run one command of the installed `bot` to its end."""
    return command.started(words, environment(folder, **settings), folder)


def account(url, **changes):
    """Return the settings of a service for the sandbox's account, as words."""
    given = {
        "database_url": url,
        "console_port": 0,
        "wechat_account_id": world.ACCOUNT,
        "wechat_app_id": "wxcity0000000001",
        "wechat_app_secret": "s" * 32,
        "wechat_token": world.TOKEN,
        "wechat_aes_key": world.AES_KEY,
        "wechat_mode": "safe",
        "parent_answers": 0,
    }
    return given | changes


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Service:
    """One `bot serve` in a process of its own; `start` after a death uses the same port."""

    data: Path
    settings: dict
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None
    lines: list[str] = field(default_factory=list)

    async def start(self):
        given = {"log_level": "info"} | self.settings | {"port": self.port}
        self.process = await asyncio.create_subprocess_exec(
            BOT,
            "serve",
            env=environment(self.data, **given),
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            async for line in self.process.stderr:
                self.lines.append(line.decode())
                if '"serving"' in self.lines[-1]:
                    break
            else:
                raise AssertionError("".join(self.lines))
        self._reading = asyncio.create_task(self._read())

    async def _read(self):
        async for line in self.process.stderr:
            self.lines.append(line.decode())

    async def end(self, how="terminate"):
        """Ask it to end, or `kill` it; returns its exit status."""
        if self.process.returncode is None:
            getattr(self.process, how)()
        async with asyncio.timeout(60):
            status = await self.process.wait()
            await self._reading
        return status

    def logged(self, event):
        return [json.loads(line) for line in self.lines if f'"event": "{event}"' in line]


@dataclass
class Town:
    """Services in processes of their own, the platform in this one, and their database."""

    platform: object
    services: list[Service]
    db: Database

    def parent(self, openid=""):
        return world.Parent(self, self.platform.add_phone("parent", openid))

    async def rows(self, sql, **values):
        async with self.db.read() as tx:
            return (await tx.execute(text(sql), values)).mappings().all()

    @classmethod
    @asynccontextmanager
    async def open(cls, folder, url, number=1, *, sandbox=None, **changes):
        """Prepare the database and start the services, each with a data folder of its own."""
        given = world.settings(folder, url)
        await world.prepare(given)
        made = []
        async with world.pretended(**(sandbox or {})) as (platform, address):
            for n in range(number):
                data = folder / f"data{n}"
                data.mkdir(parents=True, exist_ok=True)
                named = {"wechat_api": address, "privacy_key": "k" * 32} | changes
                made.append(Service(data, account(url, **named)))
            world.point(platform, *(s.port for s in made))
            db = Database(given.url)
            try:
                await asyncio.gather(*(s.start() for s in made))
                yield cls(platform, made, db)
            finally:
                await asyncio.gather(*(s.end("kill") for s in made if s.process is not None))
                await db.dispose()


def limit_files(service, size_bytes):
    """Let the service write no file beyond this size, as on a full disk; None lifts it."""
    hard = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)[1]
    soft = hard if size_bytes is None else size_bytes
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
