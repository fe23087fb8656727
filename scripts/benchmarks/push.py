"""`scripts/bench push`: customer messages with the ledger beside bare clients, sends a CPU second.

The sandbox plays the platform in a process of its own at 20 to 80 ms; each client sends the same
texts in a process of its own, one after the other in one run. Only the client's CPU counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402
import uvloop  # noqa: E402
from sqlalchemy import insert, select  # noqa: E402

from bot import app, heap, logs  # noqa: E402
from bot.db.migrate import upgrade  # noqa: E402
from bot.delivery import course, freeze, order, runner, sender  # noqa: E402
from bot.delivery.ledger_tables import batches  # noqa: E402
from bot.delivery.order import Content, Order  # noqa: E402
from bot.people.families import guardians  # noqa: E402
from bot.people.followers import followers  # noqa: E402
from bot.people.reach import reach  # noqa: E402
from bot.settings import Settings  # noqa: E402

TEXT = "本周六上午九点半有一节现场家长课堂 讲怎样陪孩子写作业 回复“报名”就可以参加"
APP, SECRET, ACCOUNT = "wxbench0000000001", "s" * 32, "gh_bench"
SIDE_BY_SIDE = 128


def main() -> None:
    """Run every client once, in this order, and print the ratios."""
    parser = argparse.ArgumentParser(prog="scripts/bench push", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--database", default="", help="an empty PostgreSQL (SQLite unless said)")
    parser.add_argument("--as", dest="role", default="", help="(one client, used by itself)")
    parser.add_argument("--at", default="", help="(the platform's address)")
    asked = parser.parse_args()
    if asked.role:
        print(json.dumps(_ROLES[asked.role](asked)))
        return
    found = {role: _measured(role, asked) for role in _ROLES}
    bare = found["aiohttp alone"]["a_cpu_second"]
    print(f"\n| client | messages | s | sends a CPU second | beside aiohttp alone |\n{'|---' * 5}|")
    for role, figures in found.items():
        print(
            f"| {role} | {figures['messages']:,} | {figures['s']:.1f} |"
            f" {figures['a_cpu_second']:,.0f} | {figures['a_cpu_second'] / bare:.2f} |"
        )


def _measured(role: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Start a fresh platform and one client against it."""
    with platform(asked.messages) as address:
        words = [sys.executable, __file__, "--as", role, "--at", address]
        words += ["--messages", str(asked.messages), "--database", asked.database]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        refused = json.loads(urlopen(f"{address}/sandbox/api/refusals").read())  # noqa: S310
        totals = json.loads(urlopen(f"{address}/sandbox/api/deliveries/totals").read())  # noqa: S310
        assert totals["by_channel"]["custom"] == asked.messages, (role, totals, refused)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@contextmanager
def platform(people: int) -> Any:
    """Run the sandbox with so many followers who have just written; yields its address."""
    port = free_port()
    words = [sys.executable, "-m", "bot.sandbox", "--port", str(port), "--app-id", APP]
    words += ["--app-secret", SECRET, "--account-id", ACCOUNT, "--token", "benchtoken"]
    words += ["--mode", "plain"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _post(address, "/followers", {"count": people, "wrote_ago_s": 1.0})
        _post(address, "/settings", {"latency_ms": [20, 80], "keep_calls": 0})
        yield address
    finally:
        process.kill()
        process.wait()


def openids(count: int) -> list[str]:
    """Return the openids of the platform's crowd."""
    return [f"oBulk{n:023d}" for n in range(1, count + 1)]


def alone(asked: argparse.Namespace) -> dict[str, Any]:
    """Send with an aiohttp session and nothing else."""
    return uvloop.run(_alone(asked))


async def _alone(asked: argparse.Namespace) -> dict[str, Any]:
    slots = asyncio.Semaphore(SIDE_BY_SIDE)
    connector = aiohttp.TCPConnector(limit=SIDE_BY_SIDE)
    async with aiohttp.ClientSession(connector=connector) as http:
        token = await _token(http, asked.at)
        url = f"{asked.at}/cgi-bin/message/custom/send?access_token={token}"

        async def one(openid: str) -> None:
            body = {"touser": openid, "msgtype": "text", "text": {"content": TEXT}}
            async with slots:
                data = json.dumps(body, ensure_ascii=False).encode()
                async with http.post(url, data=data) as answer:
                    assert (await answer.json(content_type=None))["errcode"] == 0

        with _timed(asked.messages) as figures:
            await asyncio.gather(*(one(openid) for openid in openids(asked.messages)))
    return figures


def ledger(asked: argparse.Namespace) -> dict[str, Any]:
    """Send as the service does: frozen rows, claims, attempts, outcomes."""
    return uvloop.run(_ledger(asked))


async def _ledger(asked: argparse.Namespace) -> dict[str, Any]:
    logs.configure(level="error")
    folder = Path(tempfile.mkdtemp(prefix="push-"))
    given = Settings(
        data=folder,
        database_url=asked.database or f"sqlite:///{folder}/bot.db",
        wechat_api=asked.at,
        wechat_app_id=APP,
        wechat_app_secret=SECRET,
        wechat_token=SECRET,
        wechat_account_id=ACCOUNT,
        wechat_mode="plain",
        send_concurrency=SIDE_BY_SIDE // runner.SLOTS,
    )
    upgrade(given.url)
    async with app.opened(given) as rt, app.reachable(rt):
        number = await ordered(rt, asked.messages)
        await freeze.freeze(rt, number)
        await rt.db.transact(partial(course.look, rt))
        gateway = await rt.connect()
        await gateway.client.tokens.get()  # as the bare client has done by now
        heap.settle()
        with _timed(asked.messages) as figures:
            await asyncio.gather(*(_runner(rt, number, f"r{n}") for n in range(runner.SLOTS)))
    return figures


async def ordered(rt: Any, count: int) -> int:
    now, people = rt.clock.now(), openids(count)
    mine = [{"account": ACCOUNT, "openid": openid} for openid in people]
    told = {"role": "", "is_elder": False, "added_at": now, "changed_at": now}
    window = {"window_until": now + timedelta(hours=40), "window_left": 5, "last_at": now}
    async with rt.db.write() as tx:
        await tx.execute(insert(followers), [m | {"follows": True, "changed_s": 1} for m in mine])
        await tx.execute(insert(guardians), [m | told for m in mine])
        await tx.execute(insert(reach), [m | window for m in mine])
        text = Content(pull={"title": "t", "text": TEXT}, custom={"text": TEXT})
        return await order.place(
            tx,
            Order(
                account=ACCOUNT, kind="campaign", about="bench", texts=(text,), is_urgent=True,
                audience={"areas": [""]}, not_before=now, not_after=now + timedelta(hours=2),
            ),
            now,
        )  # fmt: skip


async def _runner(rt: Any, number: int, owner: str) -> None:
    while True:
        async with rt.db.read() as tx:
            b = batches.c
            mine = select(b.number).where(b.broadcast == number, b.is_done.is_(False))
            free = await tx.scalar(mine.where(b.lease_until.is_(None)).order_by(b.number).limit(1))
        if free is None:
            return
        await sender.send_batch(rt, number, free, owner)


def threads(asked: argparse.Namespace) -> dict[str, Any]:
    """Send with wechatpy's own client in threads."""
    from wechatpy.client import WeChatClient

    class Client(WeChatClient):  # type: ignore[misc] # wechatpy has no types
        API_BASE_URL = f"{asked.at}/cgi-bin/"

    client = Client(APP, SECRET)
    client.session.access_token_fetched = True

    def one(openid: str) -> None:
        client.message.send_text(openid, TEXT)

    one_token = json.loads(
        urlopen(  # noqa: S310
            f"{asked.at}/cgi-bin/token?grant_type=client_credential&appid={APP}&secret={SECRET}"
        ).read()
    )
    client.session.set(client.access_token_key, one_token["access_token"], 7200)
    client.expires_at = int(time.time()) + 7000  # noqa: TID251 - a foreign client's clock
    with ThreadPoolExecutor(32) as pool, _timed(asked.messages) as figures:
        list(pool.map(one, openids(asked.messages)))
    return figures


_ROLES = {
    "aiohttp alone": alone,
    "ours, with the ledger": ledger,
    "wechatpy, 32 threads": threads,
}


@contextmanager
def _timed(count: int) -> Any:
    figures: dict[str, Any] = {"messages": count}
    begun, cpu = time.perf_counter(), time.process_time()
    yield figures
    figures["s"] = time.perf_counter() - begun
    figures["a_cpu_second"] = count / (time.process_time() - cpu)


async def _token(http: aiohttp.ClientSession, address: str) -> str:
    body = {"grant_type": "client_credential", "appid": APP, "secret": SECRET}
    async with http.post(f"{address}/cgi-bin/stable_token", json=body) as answer:
        return str((await answer.json(content_type=None))["access_token"])


def _post(address: str, path: str, body: dict[str, Any]) -> None:
    request = Request(  # noqa: S310 - our own sandbox
        f"{address}/sandbox/api{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    for _ in range(100):
        try:
            urlopen(request).read()  # noqa: S310
        except ConnectionError:
            time.sleep(0.1)
        except OSError as error:
            if "refused" not in str(error):
                raise
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the sandbox does not start")


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
