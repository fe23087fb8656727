"""`scripts/bench webhook`: our full path beside a bare handler and a naive service, in one run.

Each server runs on core 0, the load on core 1 (where there are two). CPU is user + system time of
the whole server process; the ratios of one run are what counts, absolute figures drift.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import load

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BIN = Path(sys.executable).parent
TICK = os.sysconf("SC_CLK_TCK")
TOKEN = "bench" + secrets.token_hex(8)


@dataclass
class Server:
    """A server process under measurement."""

    name: str
    command: list[str]
    environment: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None
    figures: dict[str, list[float]] = field(default_factory=dict)

    def start(self, probe: Iterator[tuple[bytes, bytes]]) -> None:
        """Start and wait for the first right answer; notes cold start and memory."""
        began = time.perf_counter()
        self.process = subprocess.Popen(
            pinned(0, self.command), env=os.environ | self.environment, cwd=ROOT
        )
        while not answers(self.port, *next(probe)):
            assert time.perf_counter() - began < 60, f"{self.name} did not start"  # noqa: PLR2004
            time.sleep(0.01)
        self.note("cold_start_s", time.perf_counter() - began)
        self.note("rss_mb_start", self.rss_mb())

    def note(self, name: str, value: float) -> None:
        self.figures.setdefault(name, []).append(value)

    def cpu_s(self) -> float:
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def rss_mb(self) -> float:
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def pinned(core: int, command: list[str]) -> list[str]:
    if shutil.which("taskset") and (os.cpu_count() or 1) > 1:
        return ["taskset", "-c", str(core), *command]
    return command


def run_load(port: int, texts: list[str], kind: str, count: int, *rate: str) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "load.py"), str(port), TOKEN, *texts, kind, str(count)]
    done = subprocess.run(
        pinned(1, [*command, *rate]), capture_output=True, text=True, timeout=300, check=False
    )
    found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    return found


def answers(port: int, request: bytes, expected: bytes) -> bool:
    """Say whether the server gives the right answer to one request now."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.sendall(request)
            received = b""
            while expected not in received and (part := line.recv(65536)):
                received += part
    except OSError:
        return False
    return received.startswith(b"HTTP/1.1 200") and expected in received


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def make_base(folder: Path, count: int) -> list[dict[str, Any]]:
    """Write `count` entries: the real ones, then copies of them with a word before each wording."""
    from knowledge import files

    real = files.load()
    rows: list[dict[str, Any]] = []
    for number in range(count):
        entry, lap = real[number % len(real)], number // len(real)
        source = files.CONTENT / entry.topic / f"{entry.id.rsplit('.', 1)[1]}.md"
        text = source.read_text(encoding="utf-8")
        askings = list(entry.askings())
        if lap:
            word = ("", "甲校", "乙校", "丙校", "丁校")[lap]
            for asking in askings:
                text = text.replace(asking, word + asking)
            text = text.replace(f"id: {entry.id}\n", f"id: {entry.id}-{lap}\n")
            askings = [word + a for a in askings]
        target = folder / entry.topic / f"{source.stem}{f'-{lap}' if lap else ''}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        rows.append({"askings": askings, "answer": entry.answer})
    return rows


def servers(work: Path, base: Path) -> list[Server]:
    made = []
    for kind in ("bare", "naive"):
        port = free_port()
        command = [sys.executable, str(HERE / "peers.py"), kind, str(port), TOKEN, str(base)]
        made.append(Server(kind, command, {}, port))
    port = free_port()
    environment = {
        "BOT_DATA": str(work / "data"),
        "BOT_PORT": str(port),
        "BOT_WECHAT_TOKEN": TOKEN,
        "BOT_WECHAT_MODE": "plain",
        "BOT_WECHAT_APP_ID": "wxbench",
        "BOT_WECHAT_ACCOUNT_ID": "gh_bench",
        "BOT_LOG_LEVEL": "warning",
    }
    subprocess.run(
        [str(BIN / "bot"), "init", "--content", str(work / "content")],
        env=os.environ | environment, cwd=ROOT, check=True,
    )  # fmt: skip
    made.append(Server("ours", [str(BIN / "bot"), "serve"], environment, port))
    return made


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=500)
    parser.add_argument("--count", type=int, default=8000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--all-new", action="store_true", help="no text is asked twice")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.all_new:
        os.environ["ALL_NEW"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        rows = make_base(work / "content", options.entries)
        base, texts = work / "base.jsonl", work / "texts.json"
        base.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows))
        asked = [a for r in rows[:210] for a in r["askings"]]
        # a parent never types a wording to the letter: a character of talk is added, and with
        # --all-new another word each time, so that no text is met twice
        texts.write_text(json.dumps([f"{a[:-1]}呢{a[-1]}" for a in asked], ensure_ascii=False))
        running = servers(work, base)
        try:
            measure(running, [str(texts)], options)
        finally:
            for server in running:
                server.stop()
    report(running, options)


def measure(running: list[Server], texts: list[str], options: argparse.Namespace) -> None:
    probe = load.requests(TOKEN, json.loads(Path(texts[0]).read_text()), 10_000)
    for server in running:
        server.start(probe)
    for number in range(options.rounds):
        for server in running:
            count = options.count if server.name != "naive" else options.count // 4
            before = server.cpu_s()
            found = run_load(server.port, texts, "closed", count)
            assert found["wrong"] == 0, (server.name, found)
            server.note("cpu_us", (server.cpu_s() - before) / count * 1e6)
            server.note("per_s", found["per_s"])
            server.note("closed_p99_ms", found["p99_ms"])
            print(f"round {number + 1} {server.name}: {server.figures['cpu_us'][-1]:.0f} µs")
    for server in running:
        seconds = 10 if server.name != "naive" else 4
        for _ in range(options.rounds):
            before = server.cpu_s()
            count = options.rate * seconds
            found = run_load(server.port, texts, "open", count, str(options.rate))
            assert found.get("wrong") == 0, (server.name, found)
            server.note("open_p50_ms", found["p50_ms"])
            server.note("open_p99_ms", found["p99_ms"])
            server.note("open_cpu_us", (server.cpu_s() - before) / count * 1e6)
        server.note("rss_mb_end", server.rss_mb())


def report(running: list[Server], options: argparse.Namespace) -> None:
    figures = {
        s.name: {k: round(statistics.median(v), 3) for k, v in s.figures.items()} for s in running
    }
    ours, bare, naive = (figures[n] for n in ("ours", "bare", "naive"))
    figures["ratios"] = {
        "ours_to_bare": round(ours["cpu_us"] / bare["cpu_us"], 2),
        "ours_to_naive": round(ours["cpu_us"] / naive["cpu_us"], 3),
    }
    figures["run"] = {k: v for k, v in vars(options).items() if k != "json"}
    text = json.dumps(figures, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
