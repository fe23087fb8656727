"""`scripts/bench together`: how long parents wait for an answer while a broadcast leaves.

One `bot serve`, one `bot work`, the sandbox at 20 to 80 ms, and messages at a fixed rate (67 a
second is what a send to 4 million brings, WECHAT 10). Rounds without and with a broadcast take
turns; latencies run from the scheduled instant.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import push
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot import app, logs
from bot.db.migrate import upgrade
from bot.library import publish
from bot.settings import Settings
from knowledge import files

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BOT = str(Path(sys.executable).with_name("bot"))
TOKEN = "benchTOKEN1"  # noqa: S105 - of a sandbox


def main() -> None:
    """Run the rounds and print the medians."""
    parser = argparse.ArgumentParser(prog="scripts/bench together", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=67.0, help="messages a second")
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--database", default="", help="an empty PostgreSQL (SQLite unless said)")
    asked = parser.parse_args()
    logs.configure(level="error")
    folder = Path(tempfile.mkdtemp(prefix="together-"))
    url = asked.database or f"sqlite:///{folder}/bot.db"
    people = int(asked.rounds * asked.seconds * 3000)
    with ExitStack() as stack:
        address = stack.enter_context(push.platform(people))
        port, environment = push.free_port(), _environment(folder, url, address)
        asyncio.run(_filled(folder, url, address, people))
        stack.enter_context(_process("serve", environment | {"BOT_PORT": str(port)}))
        _wait(port)
        _load(port, asked.rate, 3)  # warm
        found: dict[str, list[dict[str, Any]]] = {"alone": [], "with a broadcast": []}
        for _ in range(asked.rounds):
            found["alone"].append(_load(port, asked.rate, asked.seconds))
            with _process("work", environment):
                begun = _wait_sending(url)
                found["with a broadcast"].append(_load(port, asked.rate, asked.seconds))
                sent = _sent(url) - begun
                print(f"{sent / asked.seconds:,.0f} sends a second meanwhile", flush=True)
    _print(found)


def _print(found: dict[str, list[dict[str, Any]]]) -> None:
    print(f"\n| messages at a fixed rate | p50 ms | p99 ms | p99.9 ms | wrong |\n{'|---' * 5}|")
    for name, rounds in found.items():
        cells = [
            statistics.median(one[p] for one in rounds) for p in ("p50_ms", "p99_ms", "p99.9_ms")
        ]
        wrong = sum(one["wrong"] for one in rounds)
        print(f"| {name} | {cells[0]:.1f} | {cells[1]:.1f} | {cells[2]:.1f} | {wrong} |")


def _environment(folder: Path, url: str, address: str) -> dict[str, str]:
    keep = {k: os.environ[k] for k in ("PATH", "HOME") if k in os.environ}
    return keep | {
        "BOT_DATA": str(folder), "BOT_DATABASE_URL": url, "BOT_WECHAT_API": address,
        "BOT_WECHAT_APP_ID": push.APP, "BOT_WECHAT_APP_SECRET": push.SECRET,
        "BOT_WECHAT_ACCOUNT_ID": push.ACCOUNT, "BOT_WECHAT_TOKEN": TOKEN,
        "BOT_WECHAT_MODE": "plain", "BOT_CONSOLE_PORT": "0", "BOT_PARENT_ANSWERS": "0",
        "BOT_PARENT_QUESTIONS": "10000", "BOT_LOG_LEVEL": "error",
    }  # fmt: skip


async def _filled(folder: Path, url: str, address: str, people: int) -> None:
    """Publish the base, add the crowd, and place a broadcast to it."""
    given = Settings(
        data=folder, database_url=url, wechat_api=address, wechat_app_id=push.APP,
        wechat_app_secret=push.SECRET, wechat_account_id=push.ACCOUNT, wechat_mode="plain",
        wechat_token=TOKEN,
    )  # fmt: skip
    upgrade(given.url)
    async with app.opened(given) as rt:
        await publish.publish(rt, list(files.load()), origin="file")
        await push.ordered(rt, people)


class _process:  # noqa: N801 - used like a function
    """One command of ours while a block runs."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self._name, self._environment = name, environment

    def __enter__(self) -> None:
        self._running = subprocess.Popen([BOT, self._name], env=self._environment, cwd=ROOT)

    def __exit__(self, *_: object) -> None:
        self._running.terminate()
        self._running.wait(30)


def _wait(port: int) -> None:
    import socket

    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("bot serve does not start")


def _wait_sending(url: str) -> int:
    """Wait until this worker sends; returns how many had been sent before it counts."""
    before = _sent(url)
    for _ in range(600):
        if _sent(url) > before:
            return _sent(url)
        time.sleep(0.1)
    raise SystemExit("nothing is sent")


def _sent(url: str) -> int:
    parsed = make_url(url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    engine = create_engine(parsed.set(drivername=driver))
    with engine.connect() as tx:
        found = tx.scalar(text("SELECT sum(used) FROM channel_day")) or 0
    engine.dispose()
    return int(found)


def _load(port: int, rate: float, seconds: float) -> dict[str, Any]:
    texts = ["孩子写作业拖拉怎么办", "总是玩手机不睡觉", "宣传周是几号", "怎么绑定班级", "你好"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(texts, file)
        file.flush()
        words = [sys.executable, str(HERE / "load.py"), str(port), TOKEN, file.name, "open"]
        words += [str(int(rate * seconds)), str(rate)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
