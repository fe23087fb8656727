"""What scripts/demo runs: an account of its own, the three processes, and one question if asked."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import string
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

BOT = [sys.executable, "-m", "bot"]
PHONES = ("妈妈", "外婆")
LETTERS = string.ascii_letters + string.digits


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--once", metavar="TEXT", help="send one message, print the reply, end")
    options = parser.parse_args()
    # other ids each time: what the platform repeats is answered from memory
    seed = {"BOT_SANDBOX_SEED": str(secrets.randbelow(2**31))}
    environment = seed | os.environ | account() | ports(fixed=options.once is None)
    if options.once is None:
        announce("Publishing the entries …")
    prepared = run([*BOT, "init"], environment, quiet=True)
    names = ["sandbox", "serve"] if options.once else ["sandbox", "serve", "work"]
    processes = [start(name, environment, quiet=options.once is not None) for name in names]
    try:
        wait_for(environment)
        if options.once is not None:
            return once(environment, options.once)
        run([*BOT, "menu", "publish", "--yes"], environment, quiet=True)
        for name in PHONES:
            call(environment, "/phones", {"name": name})
        show(environment, prepared)
        return watch(processes)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(processes)


def account() -> dict[str, str]:
    """Return the demo account, made once with random secrets in the data folder."""
    folder = Path(os.environ.get("BOT_DATA", "data"))
    path = folder / "demo.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = {
            "BOT_WECHAT_ACCOUNT_ID": "gh_" + secrets.token_hex(6),
            "BOT_WECHAT_APP_ID": "wx" + secrets.token_hex(8),
            "BOT_WECHAT_APP_SECRET": secrets.token_hex(16),
            "BOT_WECHAT_TOKEN": word(24),
            "BOT_WECHAT_AES_KEY": aes_key(),
            "BOT_WECHAT_MODE": "safe",
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(made, indent=1))
    found: dict[str, str] = json.loads(path.read_text())
    return found | {"BOT_LOG_LEVEL": os.environ.get("BOT_LOG_LEVEL", "warning")}


def word(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def aes_key() -> str:
    """Return 43 characters, the last without stray bits, as the platform's console makes them."""
    return word(42) + secrets.choice("AEIMQUYcgkosw048")


def ports(*, fixed: bool) -> dict[str, str]:
    """Return the addresses of all sides: the usual ports where they are free, else any."""
    service = pick(int(os.environ.get("BOT_PORT", "8080")) if fixed else 0)
    sandbox = pick(int(os.environ.get("BOT_SANDBOX_PORT", "8081")) if fixed else 0)
    console = pick(int(os.environ.get("BOT_CONSOLE_PORT", "8082")) if fixed else 0)
    return {
        "BOT_PORT": str(service),
        "BOT_SANDBOX_PORT": str(sandbox),
        "BOT_CONSOLE_PORT": str(console),
        "BOT_SANDBOX_WEBHOOK": f"http://127.0.0.1:{service}/wechat",
        "BOT_WECHAT_API": f"http://127.0.0.1:{sandbox}",
        "BOT_WECHAT_OPEN": f"http://127.0.0.1:{sandbox}",
        "BOT_PUBLIC_URL": f"http://127.0.0.1:{service}",
    }


def pick(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            free: int = probe.getsockname()[1]
            return free
    raise SystemExit("no port is free")


def run(command: list[str], environment: dict[str, str], *, quiet: bool) -> str:
    """Run a command to its end; returns what it printed, if it was to be quiet."""
    done = subprocess.run(command, env=environment, check=False, capture_output=quiet, text=True)
    if done.returncode:
        raise SystemExit((done.stderr or "").strip() or f"{command[-1]} failed")
    return done.stdout or ""


def start(name: str, environment: dict[str, str], *, quiet: bool) -> subprocess.Popen[bytes]:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.Popen([*BOT, name], env=environment, stderr=output, start_new_session=True)


def call(environment: dict[str, str], path: str, body: dict[str, Any] | None = None) -> Any:
    """Call the sandbox's control interface."""
    url = f"http://127.0.0.1:{environment['BOT_SANDBOX_PORT']}/sandbox/api{path}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
        return json.load(answer)


def wait_for(environment: dict[str, str], seconds: float = 30.0) -> None:
    """Wait until the platform can verify the service's address."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if call(environment, "/verify", {}).get("ok"):
                return
        except (urllib.error.URLError, ConnectionError):
            pass  # not listening yet
        time.sleep(0.1)
    raise SystemExit("the service did not start; run it alone to see why: .venv/bin/bot serve")


def once(environment: dict[str, str], text: str) -> int:
    phone = call(environment, "/phones", {"name": "demo"})["openid"]
    call(environment, f"/phones/{phone}/follow", {})
    delivery = call(environment, f"/phones/{phone}/text", {"content": text})
    print(delivery["text"] or delivery["outcome"])
    for finding in delivery["findings"]:
        print(f"! {finding}", file=sys.stderr)
    return 0 if delivery["outcome"] == "reply" and not delivery["findings"] else 1


def show(environment: dict[str, str], prepared: str) -> None:
    """Say where everything is; the first time the console's line is a link that opens it."""
    sandbox = f"http://127.0.0.1:{environment['BOT_SANDBOX_PORT']}"
    service = f"http://127.0.0.1:{environment['BOT_PORT']}"
    announce(f"\n  Phone page   {sandbox}/")
    announce(f"  Webhook      {service}/wechat   (health: {service}/healthz)")
    announce(f"  Pages        {service}/h/   (parents get their links in the chat)")
    found = [line for line in prepared.splitlines() if line.startswith("console: ")]
    console = f"http://127.0.0.1:{environment['BOT_CONSOLE_PORT']}/console/"
    announce(f"  Console      {found[0].removeprefix('console: ') if found else console}")
    announce("\n  Ctrl-C ends the demo.\n")


def announce(text: str) -> None:
    print(text, flush=True)


def watch(processes: list[subprocess.Popen[bytes]]) -> int:
    while all(p.poll() is None for p in processes):
        time.sleep(0.3)
    announce("One process ended; the demo stops.")
    return 1


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    sys.exit(main())
