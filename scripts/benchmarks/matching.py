"""`scripts/bench matching`: our index beside engines from PyPI: how good, how robust, how fast.

Without `--tasks` our own base and held-out questions are all there is; a folder of tasks (each a
folder with entries.jsonl, queries.jsonl and perhaps near.jsonl) adds others.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

for _name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"

import engines  # noqa: E402 - the libraries read their number of threads when imported
import page  # noqa: E402
import pools  # noqa: E402
import quality  # noqa: E402
import speed  # noqa: E402
import tasks  # noqa: E402

PARTS = ("quality", "speed")
SIZES = "500,5000,100000,1000000"


def options_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench matching", description=__doc__)
    parser.add_argument("--tasks", type=Path, help="a folder of tasks")
    parser.add_argument("--names", help="only these tasks of the folder, with commas between")
    parser.add_argument("--queries", type=int, help="at most so many questions of each kind a task")
    parser.add_argument("--sizes", default=SIZES, help=f"entries for the speed ({SIZES})")
    parser.add_argument("--texts", type=int, default=300, help="questions for the speed (300)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked (3)")
    parser.add_argument("--core", type=int, default=0, help="the core the speed is measured on")
    parser.add_argument("--engines", help="only those with one of these parts in their name")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--write", action="store_true", help="write docs/matching.md")
    return parser.parse_args()


def main() -> None:
    options = options_of()
    parts = options.engines.split(",") if options.engines else [""]
    names = [n for n in engines.ENGINES if n == engines.OURS or any(p in n for p in parts)]
    found = [tasks.own(), *(tasks.read(options.tasks) if options.tasks else [])]
    if options.names:
        found = [t for t in found if t.name in {tasks.OWN, *options.names.split(",")}]
    capped = [tasks.capped(t, options.queries) for t in found]
    figures: dict[str, Any] = {"run": page.run_facts(options), "sizes": page.task_facts(capped)}
    if options.only != "speed":
        figures["quality"] = quality.run(capped, names)
    if options.only != "quality":
        figures |= speeds(found, names, options)
    print("\n" + page.tables(figures))
    if options.json:
        text = json.dumps(figures, indent=1, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")
    if options.write:
        page.write(figures)


def speeds(
    found: Sequence[tasks.Task], names: Sequence[str], options: argparse.Namespace
) -> dict[str, Any]:
    """Measure on one core: the wordings of all tasks, and synthetic ones where they do not do."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {options.core})
    sizes = [int(s) for s in options.sizes.split(",")]
    others = [t for t in found if t.name != tasks.OWN]
    real = list(dict.fromkeys(e[0] for t in others for e in t.entries))
    real = real or [w for e in found[0].entries for w in e]
    pool = pools.pool(real, max(sizes))
    texts = texts_of(found, options.texts)
    timed = speed.run(pool, texts, sizes, names, rounds=options.rounds, many=100_000)
    return {
        "pool": {"real": len(real), "all": len(pool)},
        "speed": timed,
        "visible": speed.visible(pool, min(5000, len(pool))),
    }


def texts_of(found: Sequence[tasks.Task], count: int) -> list[str]:
    """Return questions of our own base and of `family`, the same ones every time."""
    asked = [q.text for t in found if t.name in quality.ROBUST for q in t.inside]
    listed = list(dict.fromkeys(asked))
    chance = random.Random(3)  # noqa: S311 - a seeded choice
    return chance.sample(listed, min(count, len(listed)))


if __name__ == "__main__":
    main()
