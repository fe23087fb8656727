"""Microseconds a question, seconds to build and memory, all engines interleaved in one process.

One text goes through all engines, in an order that rotates, then the next text: each engine finds
the caches as the others left them, as it would in a service that also does other work.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cutters
import engines
import numpy as np
from ours import changed_s

Measured = dict[str, Any]
#: Up to this many entries the memory is measured in children, before anything is built here.
CHILD = 100_000


def run(
    pool: Sequence[str], texts: Sequence[str], sizes: Sequence[int], names: Sequence[str],
    *, rounds: int, many: int,
) -> dict[int, dict[str, Measured]]:  # fmt: skip
    """Return the figures by size and engine; beyond `many` entries, fewer texts are asked."""
    warm(names, pool[:200], texts)
    kept = {size: [n for n in names if not too_many(n, size)] for size in sizes}
    memory = {s: in_children(pool[:s], kept[s]) for s in sizes if s <= CHILD}
    found: dict[int, dict[str, Measured]] = {}
    for size in sizes:
        ready, found[size] = build_all([[t] for t in pool[:size]], kept[size])
        for name, grown in memory.get(size, {}).items():
            found[size][name] |= {"bytes": grown, "apart": True}
        asked = texts if size <= many else texts[: len(texts) // 3]
        taken = interleaved(ready, asked, rounds if size <= many else min(rounds, 2))
        for name, values in taken.items():
            p50, p99 = np.percentile(values, (50, 99)) / 1000
            found[size][name] |= {"p50_us": float(p50), "p99_us": float(p99)}
            print(f"{size} entries: {name}: {p50:.0f} µs", flush=True)
        gc.unfreeze()
    return found


def too_many(name: str, size: int) -> bool:
    return name in engines.TOO_MANY and size > engines.TOO_MANY[name][0]


def visible(pool: Sequence[str], size: int = 5000) -> Measured:
    """Return how long a changed entry takes to be found, at this many entries: of three tries."""
    tries = [changed_s([[t] for t in pool[:size]]) for _ in range(3)]
    return {"entries": size, "how": tries[0][0], "seconds": sorted(s for _, s in tries)[1]}


def warm(names: Sequence[str], pool: Sequence[str], texts: Sequence[str]) -> None:
    """Import and compile everything once, so that it is in no figure."""
    entries = [[t] for t in pool]
    for name in names:
        engine = engines.ENGINES[name]()
        cut_and_build(engine, entries)
        for text in texts[:50]:
            engine.ask(text)


def build_all(
    entries: list[list[str]], names: Sequence[str]
) -> tuple[dict[str, engines.Engine], dict[str, Measured]]:
    """Build every engine; the texts are cut once, and the time counts for each that takes them."""
    docs: dict[str, tuple[list[list[str]], float]] = {}
    ready, found = {}, {}
    for name in names:
        engine = engines.ENGINES[name]()
        if engine.cutter not in docs:
            began = time.perf_counter()
            cut = cutters.cut_all(engine.cutter, entries)
            docs[engine.cutter] = cut, time.perf_counter() - began
        cut, cut_s = docs[engine.cutter]
        found[name] = measured_build(engine, entries, cut)
        found[name]["build_s"] += cut_s
        ready[name] = engine
        print(
            f"{len(entries)} entries: {name}: built in {found[name]['build_s']:.1f} s", flush=True
        )
    return ready, found


def measured_build(
    engine: engines.Engine, entries: list[list[str]], docs: list[list[str]]
) -> Measured:
    """Build, and note the seconds and by how much this process has grown."""
    before = private_bytes()
    began = time.perf_counter()
    engine.build(entries, docs)
    took = time.perf_counter() - began
    return {"build_s": took, "bytes": private_bytes() - before, "apart": False}


def cut_and_build(engine: engines.Engine, entries: list[list[str]]) -> None:
    engine.build(entries, cutters.cut_all(engine.cutter, entries))


def in_children(pool: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Return how much a child of this process grows that cuts and builds, one for each engine."""
    entries = [[t] for t in pool]
    found = {}
    for name in names:
        engine = engines.ENGINES[name]()
        found[name] = in_child(lambda engine=engine: growth(engine, entries))
        print(f"{len(pool)} entries: {name}: {found[name] / 1e6:.1f} MB", flush=True)
    return found


def growth(engine: engines.Engine, entries: list[list[str]]) -> int:
    before = private_bytes()
    cut_and_build(engine, entries)
    return private_bytes() - before


def private_bytes() -> int:
    """Return what this process alone holds, after all that is free has been given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Anonymous:"))


def in_child(work: Callable[[], Any]) -> Any:
    """Return what the work returns in a copy of this process, which then ends."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            os.write(writing, pickle.dumps(work()))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(answer)  # noqa: S301 - from our own child


def interleaved(
    ready: dict[str, engines.Engine], texts: Sequence[str], rounds: int
) -> dict[str, list[int]]:
    """Return the nanoseconds of each question by engine."""
    taken: dict[str, list[int]] = {name: [] for name in ready}
    running = list(ready.items())
    clock = time.perf_counter_ns
    gc.collect()
    gc.freeze()
    gc.disable()
    for number in range(rounds):
        order = random.Random(number).sample(texts, len(texts))  # noqa: S311 - seeded
        for at, text in enumerate(order):
            turn = (at + number) % len(running)
            for name, engine in running[turn:] + running[:turn]:
                engine.forget()
                began = clock()
                engine.ask(text)
                taken[name].append(clock() - began)
        gc.collect()
    gc.enable()
    return taken
