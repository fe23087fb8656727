"""`scripts/bench understanding`: held-out messages, slots, and how long understanding takes.

With --write the tables go into docs/understanding.md.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import digest
import yaml

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import intents  # noqa: E402
from intents.moments import Moment  # noqa: E402
from intents.understand import Understander, Understanding  # noqa: E402
from knowledge import files, text  # noqa: E402

HERE = Path(__file__).parent
TARGET = ROOT / "docs" / "understanding.md"
MESSAGES, SLOTS = ROOT / "tests/intents/zh", ROOT / "tests/intents/slots"
_CANTONESE = re.compile("[唔冇咩嘅喺佢哋啲嚟睇嘢咗噉咁畀俾搵揾邊點係個這樣會說話課報後時嗎麼]")
_ROUNDS, _TEXTS, _SHORT, _LONG, _NEAR = 7, 60, 20, 300, 2
_MEMORY = """
import resource, intents
from knowledge import text
def size(): return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
text.normalise("a"); before = size(); kept = intents.load(); print(size() - before)
"""


class Told(NamedTuple):
    """A held-out message, the intent it should have, and what was understood."""

    intent: str
    text: str
    found: Understanding

    @property
    def right(self) -> bool:
        return (self.found.intent, self.found.crisis) == (self.intent, None)


class Slot(NamedTuple):
    """A sentence, a slot, what should be read and what was."""

    name: str
    text: str
    value: Any
    found: Any

    @property
    def right(self) -> bool:
        return bool(_same(self.value) == _same(self.found))


def _same(value: Any) -> Any:
    """Return a value in one form: a moment's default parts are written out."""
    if isinstance(value, Moment):
        value = value.to_json()
    if isinstance(value, dict):
        more = {"minute": 0} if "hour" in value else {}
        more |= {"weeks": 0} if "weekday" in value else {}
        return {**more, **({"side": "on"} if "event" in value else {}), **value}
    return sorted(value) if isinstance(value, tuple | list) else value  # several: in any order


def messages(engine: Understander) -> list[Told]:
    paths = sorted(p for p in MESSAGES.glob("*.yaml") if not p.stem.startswith("_"))
    return [Told(p.stem, t, engine.understand(t)) for p in paths for t in read(p)]


def slots(engine: Understander) -> list[Slot]:
    return [
        Slot(p.stem, item["text"], item["value"], engine.read(p.stem, item["text"]))
        for p in sorted(SLOTS.glob("*.yaml"))
        for item in read(p)
    ]


def read(path: Path) -> list[Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def accuracy(told: Sequence[Told | Slot]) -> str:
    right = sum(t.right for t in told)
    return f"{right / len(told):.3f} ({right} of {len(told)})" if told else "-"


def table(head: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {name} | {value} |" for name, value in rows]
    return "\n".join([f"| {head} | |", "|---|---|", *lines])


def intent_part(told: list[Told]) -> str:
    cantonese = [t for t in told if _CANTONESE.search(t.text)]
    by_rule = [t for t in told if t.found.rule.startswith("classifier:")]
    rows = [
        ("all messages", accuracy(told)),
        ("with Cantonese or traditional characters", accuracy(cantonese)),
        ("decided by the classifier", accuracy(by_rule)),
    ]
    by_intent = grouped(told, lambda t: t.intent)
    below = [(name, accuracy(part)) for name, part in by_intent if not all(t.right for t in part)]
    return table("intent is right", rows) + "\n\n" + table("intents below 1", below)


def grouped(told: list[Any], key: Callable[[Any], str]) -> list[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for each in told:
        found[key(each)].append(each)
    return sorted(found.items())


def failures(told: list[Told], read_slots: list[Slot]) -> str:
    lines = [
        f"- {t.intent}: {t.text} → {t.found.intent} ({t.found.rule})" for t in told if not t.right
    ]
    lines += [
        f"- {s.name}: {s.text} → {_same(s.found)} (should be {_same(s.value)})"
        for s in read_slots
        if not s.right
    ]
    return "\n".join(lines) or "None."


def slot_part(read_slots: list[Slot]) -> str:
    rows = [(name, accuracy(part)) for name, part in grouped(read_slots, lambda s: s.name)]
    return table("slot is exact", rows)


def texts(length: int) -> list[str]:
    """Return wordings of about that length; longer ones are several in a row."""
    asked = [a for entry in files.load() for a in entry.askings()]
    if length <= _SHORT:
        fitting = [a for a in asked if abs(len(a) - length) <= _NEAR]
        return fitting[:: max(1, len(fitting) // _TEXTS)][:_TEXTS]
    joined = " ".join(asked)
    return [joined[i : i + length] for i in range(0, len(joined) - length, length)][:_TEXTS]


def microseconds(call: Callable[[str], Any], told: list[str]) -> float:
    """Return the median time of a call, nothing remembered from one to the next."""
    times = []
    for _ in range(_ROUNDS):
        for each in told:
            text.normalise.cache_clear()
            began = time.perf_counter()
            call(each)
            times.append(time.perf_counter() - began)
    return median(times) * 1e6


def speed_part(engine: Understander) -> str:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.lcut("孩子")
    calls: dict[str, Callable[[str], Any]] = {
        "understand()": engine.understand,
        "of that: normalising": text.normalise,
        "of that: normalising and the crisis screen": lambda t: engine.screen(text.normalise(t)),
        "jieba.lcut alone": jieba.lcut,
    }
    told = {length: texts(length) for length in (_SHORT, _LONG)}
    lines = [f"| median, µs | {_SHORT} characters | {_LONG} characters |", "|---|---|---|"]
    for name, call in calls.items():
        short, long = (microseconds(call, told[length]) for length in (_SHORT, _LONG))
        lines.append(f"| {name} | {short:.0f} | {long:.0f} |")
    return "\n".join(lines)


def memory_part() -> str:
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return f"`intents.load()` takes {int(done.stdout) / 1e6:.1f} MB."


def run_part() -> str:
    cores = os.cpu_count()
    return (
        f"Measured on {time.strftime('%Y-%m-%d')}: one of {cores} cores, Python "
        f"{platform.python_version()}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench understanding", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/understanding.md")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    engine = intents.load()
    told, read_slots = messages(engine), slots(engine)
    parts = {
        "run": run_part(),
        "intents": intent_part(told),
        "slots": slot_part(read_slots),
        "speed": speed_part(engine),
        "memory": memory_part(),
        "failures": failures(told, read_slots),
    }
    print("\n\n".join(parts.values()))
    if options.write:
        page = (HERE / "understanding.md").read_text(encoding="utf-8")
        for name, part in parts.items():
            page = page.replace(f"<!-- {name} -->", part)
        TARGET.write_text(page, encoding="utf-8")
        digest.write()


if __name__ == "__main__":
    main()
