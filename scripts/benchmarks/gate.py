"""`scripts/bench gate`: what the gate catches, what it lets pass, how long it takes; clusters.

The large base is our own wordings spliced (pools.py); mistakes and edits are made on our own base.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import grouping  # noqa: E402
import pools  # noqa: E402

from knowledge import files, fit, gate, golden, misplaced, outcomes  # noqa: E402
from knowledge.entry import Asking, Entry, Status  # noqa: E402
from knowledge.forms import Document  # noqa: E402
from knowledge.index import Index  # noqa: E402
from knowledge.judge import load_judge  # noqa: E402

ENTRIES, CHECKS, WORDINGS = 1_000, 5_000, 6
Edit = Callable[[Entry, Entry, random.Random], Sequence[Entry]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench gate", description=__doc__)
    parser.add_argument(
        "--mistakes",
        type=int,
        default=500,
        help="pairs of answers swapped, and five times the pairs of other mistakes (500)",
    )
    parser.add_argument("--edits", type=int, default=40, help="harmless edits of each kind (40)")
    options = parser.parse_args()
    entries = [e for e in files.load() if e.status is Status.PUBLISHED]
    print(table("seconds of one core", speed(entries)))
    print(table("mistakes: part that is caught", mistakes(entries, options.mistakes)))
    print(table("edits that harm nothing: part that is stopped", edits(entries, options.edits)))
    print(table("clusters", grouping.quality(entries)))
    print(table("clusters, seconds of one core", grouping.speed(entries)))


def table(title: str, rows: dict[str, Any]) -> str:
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join([f"\n| {title} | |", "|---|---|", *lines])


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    return call(), time.process_time() - began


def own_checks(entries: Sequence[Entry]) -> list[outcomes.Check]:
    return outcomes.checks_of(golden.read(), {e.id: e.topic for e in entries})


def speed(entries: Sequence[Entry]) -> dict[str, Any]:
    """Time one changed entry in a large base, and the same without keeping anything."""
    texts = pools.pool([w for e in entries for w in e.askings()], ENTRIES * WORDINGS)
    listed = [
        Document(f"e{n:04}", tuple(texts[n::ENTRIES]), entries[n % len(entries)].answer)
        for n in range(ENTRIES)
    ]
    changed = replace(listed[0], wordings=(*listed[0].wordings, texts[-1]))
    asked = [(d.id, w[1:]) for d in listed for w in d.wordings][:CHECKS]
    checks = [
        outcomes.Check(str(n), text, frozenset([name]), outcomes.Kind.GOLDEN)
        for n, (name, text) in enumerate(asked)
    ]
    before, judge = fit.build(listed), load_judge()
    kept = outcomes.run(before, judge, checks)
    after, update_s = timed(lambda: fit.update(before, [changed]))
    results, run_s = timed(lambda: outcomes.run(after, judge, checks))
    _, compare_s = timed(lambda: gate.judge_change(checks, (kept, results), (before, after)))
    _, naive_s = timed(lambda: naive(listed, [changed, *listed[1:]], checks))
    ours = update_s + run_s + compare_s
    return {
        "entries, checks": f"{len(listed):,}, {len(checks):,}",
        "candidate index": f"{update_s:.2f}",
        "run": f"{run_s:.2f}",
        "compare (answers too)": f"{compare_s:.2f}",
        "**all of it**": f"**{ours:.2f}**",
        "both sides fitted and run anew": f"{naive_s:.2f} ({naive_s / ours:.1f} times ours)",
    }


def naive(one: list[Document], other: list[Document], checks: list[outcomes.Check]) -> None:
    """Do what a gate does that keeps nothing."""
    for listed in (one, other):
        outcomes.run(fit.build(listed), load_judge(), checks)


def swap(a: Entry, b: Entry, _: random.Random) -> list[Entry]:
    return [replace(a, answer=b.answer), replace(b, answer=a.answer)]


MISTAKES: dict[str, Edit] = {
    "two answers swapped": swap,
    "an answer pasted over another": lambda a, b, _: [replace(b, answer=a.answer)],
    "six of ten lines of it pasted": lambda a, b, r: [replace(b, answer=part(a.answer, 0.6, r))],
    "all wordings of two swapped": lambda a, b, _: [
        replace(a, question=b.question, similar=b.similar),
        replace(b, question=a.question, similar=a.similar),
    ],
}


def part(answer: str, share: float, dice: random.Random) -> str:
    lines = answer.split("\n")
    return "\n".join(line for line in lines if dice.random() < share) or lines[0]


def mistakes(entries: Sequence[Entry], count: int) -> dict[str, str]:
    """Make each mistake on random pairs; answers alone are looked at, no question is asked.

    Two more rows leave the comparison of answers with each other out, so that only the words of
    the wordings can tell.
    """
    found = {
        f"{name}, {kind} topic{'s' * (kind == 'two')}": caught(
            entries, edit, count if edit is swap else count // 5, kind
        )
        for name, edit in MISTAKES.items()
        for kind in ("two", "one")
    }
    border, misplaced.COPIED = misplaced.COPIED, 2.0
    for kind in ("two", "one"):
        name = f"two answers swapped, {kind} topic{'s' * (kind == 'two')}, by wordings alone"
        found[name] = caught(entries, swap, count, kind)
    misplaced.COPIED = border
    return found


def caught(entries: Sequence[Entry], edit: Edit, count: int, kind: str) -> str:
    dice, index = random.Random(5), fit.fit(entries)  # noqa: S311 - seeded draws
    pairs: list[tuple[Entry, Entry]] = []
    while len(pairs) < count:
        a, b = dice.sample(list(entries), 2)
        if (a.topic == b.topic) == (kind == "one"):
            pairs.append((a, b))
    hits = sum(bool(misplaced.find(index, candidate(index, edit(a, b, dice)))) for a, b in pairs)
    return f"{hits / count:.3f}"


def candidate(index: Index, changed: Sequence[Entry]) -> Index:
    return fit.update(index, [Document.of(e) for e in changed])


EDITS: dict[str, Edit] = {
    "a sentence rephrased": lambda a, _, r: [replace(a, answer=rephrased(a.answer, r))],
    "half of the lines left out": lambda a, _, r: [replace(a, answer=part(a.answer, 0.5, r))],
    "a line of another entry added": lambda a, b, r: [
        replace(a, answer=f"{a.answer}\n{r.choice(b.answer.split())}")
    ],
    "a wording added": lambda a, _, r: [
        replace(a, similar=(*a.similar, Asking(joined(a, r), "plain")))
    ],
}


def rephrased(answer: str, dice: random.Random) -> str:
    """Return the answer with the two halves of one line exchanged."""
    lines = answer.split("\n")
    at = dice.randrange(len(lines))
    half = len(lines[at]) // 2
    lines[at] = lines[at][half:] + lines[at][:half]
    return "\n".join(lines)


def joined(entry: Entry, dice: random.Random) -> str:
    """Return a wording made of two halves of the entry's own."""
    one, other = dice.sample(entry.askings(), 2)
    return one[: len(one) // 2] + other[len(other) // 2 :]


def edits(entries: Sequence[Entry], count: int) -> dict[str, str]:
    """Run the whole gate on edits that do no harm, and on entries that are new to the base."""
    dice, index, judge = random.Random(6), fit.fit(entries), load_judge()  # noqa: S311
    checks = own_checks(entries)
    kept = outcomes.run(index, judge, checks)

    def report(before: Index, after: Index, old: list[outcomes.Result]) -> gate.Report:
        new = outcomes.run(after, judge, checks)
        return gate.judge_change(checks, (old, new), (before, after))

    found = {}
    for name, edit in EDITS.items():
        pairs = [dice.sample(list(entries), 2) for _ in range(count)]
        afters = [candidate(index, edit(a, b, dice)) for a, b in pairs]
        found[name] = stopped([report(index, after, kept) for after in afters])
    fewer = [fit.update(index, [], {e.id}) for e in dice.sample(list(entries), count)]
    added = [report(less, index, outcomes.run(less, judge, checks)) for less in fewer]
    found["a new entry"] = stopped(added)
    return found


def stopped(reports: Sequence[gate.Report]) -> str:
    """Say how many are blocked, by answers or by questions, and how many questions that takes."""
    blocked = [r for r in reports if r.blocked]
    by_answer = sum(bool(r.misplaced) for r in blocked)
    worse = sum(len(r.worse) for r in blocked)
    return (
        f"{len(blocked) / len(reports):.2f} ({by_answer} of {len(reports)} by its answer; "
        f"{worse} questions worse, {sum(len(r.lost) for r in blocked)} of them lost)"
    )


if __name__ == "__main__":
    main()
