"""`scripts/bench crisis`: what the crisis screen finds and misses in sentences never fitted.

Positives are `category: {severity: [texts]}`, negatives `slice: [texts]`, told by the shape.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import digest
import yaml

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import intents  # noqa: E402
from bot.library import find, weigh  # noqa: E402
from intents import crisis  # noqa: E402
from intents.crisis import Crisis  # noqa: E402
from intents.crisis_rules import CATEGORIES  # noqa: E402
from knowledge import text  # noqa: E402
from knowledge.search import search  # noqa: E402

HELD = ROOT / "tests/intents/crisis"
PAGE = ROOT / "docs/safety-evaluation.md"
_SETTINGS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
_CANTONESE = frozenset(_SETTINGS["cantonese"])
_SIGNS = re.compile(_SETTINGS["signs"])
_LONG = 60
_LEVELS = (3, 2, 1)
_SHORT = range(18, 23)
_TRIES = 800
_QUESTIONS = "questions of real parents"


class Case(NamedTuple):
    """A sentence, what it is (a category or a slice), and what the screen says."""

    text: str
    label: str
    severity: int
    found: Crisis | None
    source: str = ""

    @property
    def cantonese(self) -> bool:
        return not _CANTONESE.isdisjoint(self.text)

    @property
    def enough(self) -> bool:
        return self.found is not None and self.found.severity >= self.severity

    @property
    def right(self) -> bool:
        return self.found is not None and self.found.category == self.label


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench crisis", description=__doc__)
    parser.add_argument("--sets", nargs="+", type=Path, default=[], help="other sets, same shape")
    parser.add_argument("--asked", type=Path, help="JSON lines: id, text, flags of real questions")
    parser.add_argument("--write", action="store_true", help="write docs/safety-evaluation.md")
    parser.add_argument("--known", action="store_true", help="write the list of known failures")
    options = parser.parse_args()
    own = list(cases(sorted(HELD.glob("held_danger*.yaml")) + sorted(HELD.glob("held_ord*.yaml"))))
    asked = by_flag(options.asked) if options.asked else stands(_QUESTIONS)
    page = "\n\n".join([by_set(own), asked, *tables(own), speed()])
    print(page)
    if options.write:
        PAGE.write_text(_SETTINGS["page"].strip() + "\n\n" + page + "\n", encoding="utf-8")
        digest.write()
    if options.known:
        (HELD / "held_known.yaml").write_text(known(own), encoding="utf-8")
    for case in failures(own):
        print(line(case))
    for path in options.sets:
        others = list(cases([path]))
        print(f"\n# {path.name}\n", *tables(others), *map(line, failures(others)), sep="\n")


def cases(paths: Iterable[Path]) -> Iterable[Case]:
    screen = crisis.load()
    for path in paths:
        for label, told in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            by_severity = told if isinstance(told, dict) else {0: told}
            for severity, texts in by_severity.items():
                for sentence in texts:
                    found = screen.screen(text.normalise(sentence))
                    yield Case(sentence, label, int(severity), found, path.stem)


def tables(told: Sequence[Case]) -> list[str]:
    danger = [c for c in told if c.severity]
    ordinary = [c for c in told if not c.severity]
    pages = [by_severity(danger), by_category(danger)] if danger else []
    return pages + ([by_slice(ordinary)] if ordinary else [])


def by_set(told: Sequence[Case]) -> str:
    """Return a row for each hand, and for several: what is found, and what rings of harmless."""
    sets = {title: [name] for name, title in _SETTINGS["sets"].items()}
    sets[_SETTINGS["strangers"]] = [name for name in _SETTINGS["sets"] if name]
    sets[_SETTINGS["all"]] = [*_SETTINGS["sets"]]
    cells: dict[str, list[object]] = {}
    for title, names in sets.items():
        sources = {f"held_{kind}{name}" for kind in ("danger", "ordinary") for name in names}
        cells[title] = _reached([c for c in told if c.source in sources])
    clauses = [c for c in told if len(_SIGNS.findall(c.text)) > 1]
    for name in ("clauses", "spoken"):
        of = [c for c in clauses if c.source not in ("held_danger", "held_ordinary")]
        cells[_SETTINGS[name]] = _reached(of if name == "clauses" else list(without_signs(of)))
    heads = ["written", "danger", *(f"severity {n}" for n in _LEVELS), "harmless", "alarms"]
    return table(heads, cells)


def _reached(of: Sequence[Case]) -> list[object]:
    """Return how many there are of danger, what is found by severity, and the same of harmless."""
    found = [percent(c.found is not None for c in of if c.severity == n) for n in _LEVELS]
    harmless = [c for c in of if not c.severity]
    alarms = percent(c.found is not None for c in harmless)
    return [len(of) - len(harmless), *found, len(harmless), alarms]


def without_signs(told: Iterable[Case]) -> Iterable[Case]:
    """Yield the sentences as a voice transcript has them: without commas and stops."""
    screen = crisis.load()
    for case in told:
        bare = _SIGNS.sub("", case.text)
        yield case._replace(text=bare, found=screen.screen(text.normalise(bare)))


def by_flag(path: Path) -> str:
    """Return how many real questions ring, and the ids of those nobody had flagged.

    Here the base has its say: what it plainly answers yields (`bot.library.weigh`).
    """
    base = find.from_files()
    lines = path.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(each) for each in lines if each.strip()]
    rings = {a["id"] for a in asked if _rings(base, a["text"])}
    kinds = {"flagged crisis": {"crisis"}, "flagged risk": {"risk"}}
    rows = {
        name: [a["id"] for a in asked if flags & {*a["flags"]}] for name, flags in kinds.items()
    }
    grave = set[str]().union(*kinds.values())
    rows["with neither flag"] = [a["id"] for a in asked if not grave & {*a["flags"]}]
    cells = {
        n: [len(of), len(rings & {*of}), percent(i in rings for i in of)] for n, of in rows.items()
    }
    named = ", ".join(i for i in rows["with neither flag"] if i in rings)
    return (
        table([_QUESTIONS, "asked", "ring", "share"], cells) + f"\n\nOf the last row ring: {named}."
    )


def _rings(base: find.Base, asked: str) -> bool:
    found = crisis.screen(asked)
    if found is None or not found.is_weak:
        return found is not None
    return not weigh.is_plain(search(base.index, asked, base.judge), base.entries)


def stands(head: str) -> str:
    """Return the table with that head as it stands in the page, and the line after it."""
    blocks = PAGE.read_text(encoding="utf-8").split("\n\n")
    at = next((n for n, block in enumerate(blocks) if block.startswith(f"| {head} ")), None)
    if at is None:
        raise SystemExit(f"{PAGE} has no table `{head}`: give --asked a file of questions")
    return "\n\n".join(blocks[at : at + 2])


def by_severity(danger: Sequence[Case]) -> str:
    kinds: dict[str, Callable[[Case], bool]] = {
        **{f"severity {n}": lambda c, n=n: c.severity == n for n in _LEVELS},
        "Cantonese": lambda c: c.cantonese,
        f"longer than {_LONG}": lambda c: len(c.text) > _LONG,
        "all": lambda c: c.severity > 0,
    }
    rows = {name: [c for c in danger if keep(c)] for name, keep in kinds.items()}
    cells = {
        name: [
            len(of),
            percent(c.found is not None for c in of),
            percent(c.enough for c in of if c.found),
            percent(c.right for c in of if c.found),
        ]
        for name, of in rows.items()
    }
    return table(["danger", "sentences", "found", "grave enough", "right category"], cells)


def by_category(danger: Sequence[Case]) -> str:
    cells = {
        name: [
            percent(c.found is not None for c in danger if (c.label, c.severity) == (name, level))
            for level in _LEVELS
        ]
        for name in CATEGORIES
    }
    return table(["found", "severity 3", "severity 2", "severity 1"], cells)


def by_slice(ordinary: Sequence[Case]) -> str:
    slices = {c.label: [o for o in ordinary if o.label == c.label] for c in ordinary}
    slices |= {"Cantonese": [c for c in ordinary if c.cantonese], "all": list(ordinary)}
    cells = {
        name: [len(of), sum(c.found is not None for c in of), percent(bool(c.found) for c in of)]
        for name, of in slices.items()
    }
    return table(["harmless", "sentences", "alarms", "share"], cells)


def failures(told: Iterable[Case]) -> list[Case]:
    """Return misses, alarms without danger, and what was taken too lightly."""
    return [c for c in told if (not c.enough if c.severity else c.found is not None)]


def known(told: Sequence[Case]) -> str:
    """Return held_known.yaml: danger that stays silent, and alarms without danger."""
    missed = [c.text for c in told if c.severity and c.found is None]
    alarms = [c.text for c in told if not c.severity and c.found is not None]
    lists = {"missed": missed, "alarms": alarms}
    body = yaml.safe_dump(lists, allow_unicode=True, sort_keys=False, width=1000, indent=2)
    return f"{_SETTINGS['known'].strip()}\n{body}"


def line(case: Case) -> str:
    said = f"{case.found.rule} {case.found.severity}" if case.found else "silent"
    return f"- {case.label} {case.severity}: {said}: {case.text}"


def speed() -> str:
    """Time the screen, and everything `understand` does, on one core."""
    told = [c.text for c in cases(HELD.glob("held_ord*.yaml"))]
    short = [t for t in told if len(t) in _SHORT]
    long = [t for t in told if len(t) > _LONG]
    stories = ["\uff0c".join(long[n::5] * 3)[:300] for n in range(5)]
    screen, understander = crisis.load(), intents.load()
    cells = {}
    for name, texts in (("20 characters", short), ("300 characters", stories)):
        plain = [text.normalise(t) for t in texts]
        cells[name] = [median(screen.screen, plain), median(understander.understand, texts)]
    return table(["microseconds, median", "the screen", "understand"], cells)


def median(call: Callable[[str], Any], texts: Sequence[str]) -> int:
    taken = []
    for number in range(_TRIES):
        began = time.thread_time()
        call(texts[number % len(texts)])
        taken.append(time.thread_time() - began)
    return round(statistics.median(taken) * 1e6)


def percent(hits: Iterable[bool]) -> str:
    found = list(hits)
    return f"{sum(found) / len(found):.1%}" if found else "-"


def table(head: Sequence[str], rows: dict[str, list[Any]]) -> str:
    cells = [head, ["---"] * len(head), *([name, *row] for name, row in rows.items())]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in cells)


if __name__ == "__main__":
    main()
