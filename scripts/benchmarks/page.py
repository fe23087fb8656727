"""The tables, as they are printed and as docs/matching.md holds them."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import engines
import figures
import variants
from tasks import OWN, Task

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "docs" / "matching.md"
ABLATIONS = HERE / "ablations.md"
LIBRARIES = ("numpy", "scikit-learn", "jieba", "rjieba", "bm25s", "numba", "tantivy", "rapidfuzz")
BARRED = ("json", "write", "tasks", "core")
Row = Sequence[str]


def run_facts(options: argparse.Namespace) -> dict[str, Any]:
    """Return what a reader needs to know of the run; no path is kept."""
    kept = {k: v for k, v in vars(options).items() if k not in BARRED and v is not None}
    return {
        "day": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "options": kept,
    }


def task_facts(tasks: Iterable[Task]) -> dict[str, dict[str, int]]:
    return {
        t.name: {
            "entries": len(t.entries), "wordings": sum(map(len, t.entries)),
            "answered": len(t.inside), "far": len(t.far), "near": len(t.near),
        }
        for t in tasks
    }  # fmt: skip


def tables(found: dict[str, Any]) -> str:
    """Return every table there are figures for."""
    return "\n\n".join(body for body in parts(found).values() if body)


def parts(found: dict[str, Any]) -> dict[str, str]:
    """Return the parts of the page, each with its run; what was not measured is empty."""
    qualities, run = found.get("quality"), run_part(found)
    return {
        "quality": f"{run}\n\n{quality_part(found['sizes'], qualities)}" if qualities else "",
        "robustness": robust_part(qualities) if qualities else "",
        "speed": f"{run}\n\n{speed_part(found)}" if "speed" in found else "",
    }


def run_part(found: dict[str, Any]) -> str:
    run = found["run"]
    libraries = ", ".join(f"{name} {number}" for name, number in run["libraries"].items())
    options = ", ".join(f"{k} {v}" for k, v in run["options"].items())
    return (
        f"Measured on {run['day']}: {run['cores']} cores, Python {run['python']}, {libraries} "
        f"({options})."
    )


def table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def shown(value: float | None, form: str = ".3f") -> str:
    return "-" if value is None else format(value, form)


def bold(name: str) -> str:
    return f"**{name}**" if name == engines.OURS else name


def quality_part(sizes: dict[str, Any], found: dict[str, dict[str, Any]]) -> str:
    """Return the table of ranking and refusing, task by task, then the mean of the public ones."""
    rows: list[Row] = []
    public = [by_engine for name, by_engine in found.items() if name != OWN]
    groups = dict(found)
    if len(public) > 1:
        names = public[0]
        groups["mean without own"] = {n: figures.mean([g[n] for g in public]) for n in names}
    for task, by_engine in groups.items():
        rows += [
            [task, bold(name), *(shown(values[f]) for f in figures.NAMES)]
            for name, values in by_engine.items()
        ]
        rows += lead_row(task, by_engine)
    counts = [
        [t, *(str(sizes[t][k]) for k in ("entries", "wordings", "answered", "far", "near"))]
        for t in found
    ]
    head = ["task", "entries", "wordings", "questions with an answer", "far", "near"]
    return f"{table(head, counts)}\n\n{table(['task', 'engine', *figures.NAMES], rows)}"


def lead_row(task: str, by_engine: dict[str, Any]) -> list[Row]:
    peers = [{f: v[f] for f in figures.NAMES} for n, v in by_engine.items() if n != engines.OURS]
    if not peers or engines.OURS not in by_engine:
        return []
    ours = {f: by_engine[engines.OURS][f] for f in figures.NAMES}
    values = figures.lead(ours, peers)
    return [
        [task, "*ours minus the best peer*", *(shown(values[f], "+.3f") for f in figures.NAMES)]
    ]


def robust_part(found: dict[str, dict[str, Any]]) -> str:
    rows = [
        [task, bold(name), *(shown(values[v]) for v in variants.NAMES), shown(spread(values))]
        for task, by_engine in found.items()
        for name, values in by_engine.items()
        if "clean" in values
    ]
    return table(["R@1", "engine", *variants.NAMES, "mean"], rows)


def spread(values: dict[str, float]) -> float:
    return sum(values[v] for v in variants.NAMES) / len(variants.NAMES)


def speed_part(found: dict[str, Any]) -> str:
    """Return the table of speed: p50 and its ratio, p99, build and memory at each size."""
    timed, pool = found["speed"], found["pool"]
    head = ["entries", "engine", "p50 µs", "p50 / ours", "p99 µs", "build s", "memory MB"]
    rows = [
        [f"{size:,}", *speed_row(name, by_engine)]
        for size, by_engine in timed.items()
        for name in engines.ENGINES
        if any(name in others for others in timed.values())
    ]
    real = f"{min(pool['real'], pool['all']):,} of the {pool['all']:,} texts are real"
    notes = [f"{real}, the others spliced from two real ones.", *left_out(timed), small(found)]
    return f"{table(head, rows)}\n\n{' '.join(notes)}"


def left_out(timed: dict[int, Any]) -> list[str]:
    left = [f"{n} ({why})" for n, (at, why) in engines.TOO_MANY.items() if at < max(timed)]
    return [f"Left out (-): {', '.join(left)}."] if left else []


def small(found: dict[str, Any]) -> str:
    """Say what a wording of ours takes, and how soon a change is found."""
    timed, changed = found["speed"], found["visible"]
    size = max(s for s in timed if s <= max(min(timed), 100_000))
    each = timed[size][engines.OURS]["bytes"] / size
    return (
        f"Ours: {each:,.0f} bytes a wording at {size:,}; one changed entry among "
        f"{changed['entries']:,} is found after {changed['seconds'] * 1000:,.0f} ms "
        f"({changed['how']})."
    )


def speed_row(name: str, by_engine: dict[str, Any]) -> Row:
    values = by_engine.get(name)
    if values is None:
        return [bold(name), *["-"] * 5]
    ratio = values["p50_us"] / by_engine[engines.OURS]["p50_us"]
    return [
        bold(name), f"{values['p50_us']:,.0f}", f"{ratio:.2f}", f"{values['p99_us']:,.0f}",
        f"{values['build_s']:.2f}", megabytes(values),
    ]  # fmt: skip


def megabytes(values: dict[str, Any]) -> str:
    size = values["bytes"] / 1e6
    return "< 1" if size < 1 else f"{'' if values['apart'] else '~'}{size:,.0f}"


def write(found: dict[str, Any]) -> None:
    """Write the page; a part that was not measured now keeps the text it had."""
    old = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    new = {name: body or between(old, name) for name, body in parts(found).items()}
    text = (HERE / "matching.md").read_text(encoding="utf-8")
    for name, body in new.items():
        text = text.replace(mark(name), f"{mark(name)}\n{body}\n{mark('/' + name)}")
    if ABLATIONS.exists():
        text += "\n" + ABLATIONS.read_text(encoding="utf-8")
    TARGET.write_text(text, encoding="utf-8")


def mark(name: str) -> str:
    return f"<!-- {name} -->"


def between(text: str, name: str) -> str:
    """Return what stands between a part's two marks, empty when they are not there."""
    return text.partition(mark(name))[2].partition(mark("/" + name))[0].strip()
