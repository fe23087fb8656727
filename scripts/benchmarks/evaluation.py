"""`scripts/bench evaluation`: our held-out questions, style by style, into docs/evaluation.md.

Two pictures go beside it: whether the probability is honest, and what precision costs. With
`--parents FILE` the file's questions (topics.py) are asked anew; without, their section stays.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import digest
import matplotlib as mpl
import numpy as np
import topics

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from knowledge import files, fit, golden  # noqa: E402
from knowledge.entry import Status  # noqa: E402
from knowledge.evaluate import Question  # noqa: E402
from knowledge.judge import Band, Judge, load_judge  # noqa: E402
from knowledge.search import Found, search  # noqa: E402

TARGET = ROOT / "docs" / "evaluation.md"
IMAGES = ROOT / "docs" / "images"
HERE = Path(__file__).parent
BEGIN, END = "<!-- begin parents -->", "<!-- end parents -->"
EDGES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.01)
Rows = list[tuple[Question, Found]]


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--parents", type=Path, help="JSON lines: text, topic, age, flags")
    file = given.parse_args().parents
    entries = [e for e in files.load() if e.status is Status.PUBLISHED]
    index, judge = fit.fit(entries), load_judge()
    slices = golden.read()
    asked = {n: [(q, search(index, q.text, judge)) for q in qs] for n, qs in slices.items()}
    inside = [row for name, rows in asked.items() if name != golden.OUT for row in rows]
    outside = asked[golden.OUT]
    risks = {e.id: e.risk for e in entries}
    parts = {
        "base": f"Base: {len(entries)} entries, {sum(len(e.askings()) for e in entries)} wordings. "
        f"Questions: {len(inside)} that an entry answers, {len(outside)} that none does.",
        "parents": topics.table(topics.ask(file, index, judge)) if file else parents(),
        "styles": styles(golden.evaluate(index, judge)),
        "bands": bands({"an entry answers it": inside, "none does": outside}),
        "risks": by_risk([*inside, *outside], risks, judge),
        "reliability": reliability([*inside, *outside], inside),
    }
    reliability_picture([*inside, *outside], inside, IMAGES / "reliability.svg")
    coverage_picture([*inside, *outside], inside, IMAGES / "coverage.svg")
    text = (HERE / "evaluation.md").read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    TARGET.write_text(digest.filled(text), encoding="utf-8")
    print(parts["styles"], parts["bands"], sep="\n\n")


def parents() -> str:
    """Return the section of the parents' questions as it stands in the page."""
    _, _, rest = TARGET.read_text(encoding="utf-8").partition(BEGIN)
    return rest.partition(END)[0].strip()


def styles(found: dict[str, golden.Scores]) -> str:
    lines = [
        "| style | questions | R@1 | R@3 | R@10 | MRR@10 | AUROC | coverage at 95 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, s in found.items():
        figures = (s.recall_1, s.recall_3, s.recall_10, s.mrr_10, s.auroc, s.coverage_95)
        shown = " | ".join("" if f is None else f"{f:.3f}" for f in figures)
        lines.append(f"| {name} | {s.answerable} | {shown} |")
    return "\n".join(lines)


def bands(kinds: dict[str, Rows]) -> str:
    lines = [
        "| question | answered right | answered wrong | right one offered | others offered | declined |",  # noqa: E501
        "|---|---|---|---|---|---|",
    ]
    for name, rows in kinds.items():
        counts = golden.bands([q for q, _ in rows], [f for _, f in rows])
        lines.append(f"| {name} ({len(rows)}) | {' | '.join(map(str, counts.values()))} |")
    return "\n".join(lines)


def by_risk(rows: Rows, risks: dict[str, int], judge: Judge) -> str:
    lines = ["| risk of the first hit | answered from | answered | right |", "|---|---|---|---|"]
    for risk, border in enumerate(judge.answer_at):
        here = [(q, f) for q, f in rows if f.band is Band.ANSWER and risks[f.hits[0].entry] == risk]
        share = f"{np.mean([is_right(row) for row in here]):.2f}" if here else ""
        lines.append(f"| {risk} | {border:.2f} | {len(here)} | {share} |")
    return "\n".join(lines)


def is_right(row: tuple[Question, Found]) -> bool:
    question, found = row
    return bool(found.hits) and found.hits[0].entry in question.expected


def binned(rows: Rows) -> list[tuple[float, float, int, float, float]]:
    """Return of each bin: from, to, how many, mean probability, share of right ones."""
    sure = np.array([f.probability for _, f in rows])
    right = np.array([is_right(row) for row in rows])
    found = []
    for low, high in pairwise(EDGES):
        here = (sure >= low) & (sure < high)
        if here.any():
            share = float(right[here].mean())
            found.append((low, min(high, 1.0), int(here.sum()), float(sure[here].mean()), share))
    return found


def reliability(every: Rows, inside: Rows) -> str:
    lines = [
        "| predicted | all questions | right | questions with an answer | right |",
        "|---|---|---|---|---|",
    ]
    answered = {low: (count, share) for low, _, count, _, share in binned(inside)}
    for low, high, count, _, share in binned(every):
        own, own_share = answered.get(low, (0, 0.0))
        row = f"| {low:.2f} to {high:.2f} | {count} | {share:.2f} | {own} | "
        lines.append(row + (f"{own_share:.2f} |" if own else " |"))
    return "\n".join(lines)


def figure() -> tuple[mpl.figure.Figure, mpl.axes.Axes]:
    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "evaluation", "font.size": 10})
    from matplotlib import pyplot as plt

    drawn, axes = plt.subplots(figsize=(5.2, 4.2), layout="constrained")
    axes.grid(alpha=0.3)
    return drawn, axes


def save(drawn: mpl.figure.Figure, path: Path) -> None:
    drawn.savefig(path, metadata={"Date": None})
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")


def reliability_picture(every: Rows, inside: Rows, path: Path) -> None:
    drawn, axes = figure()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, label="honest")
    for name, rows, mark in (("all questions", every, "o"), ("with an answer", inside, "s")):
        bins = binned(rows)
        axes.plot([b[3] for b in bins], [b[4] for b in bins], marker=mark, label=name)
    axes.set(xlabel="predicted probability", ylabel="first hit right", xlim=(0, 1), ylim=(0, 1.02))
    axes.legend()
    save(drawn, path)


def coverage_picture(every: Rows, inside: Rows, path: Path) -> None:
    drawn, axes = figure()
    for name, rows in (("all questions", every), ("with an answer", inside)):
        share, precision = curve(rows)
        axes.plot(share, precision, label=name)
    axes.set(xlabel="part answered, surest first", ylabel="right among them", ylim=(0.4, 1.02))
    axes.axhline(0.95, color="grey", linewidth=1, linestyle="dotted")
    axes.legend()
    save(drawn, path)


def curve(rows: Rows) -> tuple[Sequence[float], Sequence[float]]:
    ordered = sorted(rows, key=lambda row: -row[1].probability)
    right = np.cumsum([is_right(row) for row in ordered])
    counts = np.arange(1, len(rows) + 1)
    shown = counts >= 10  # noqa: PLR2004 - below, one question is more than a tenth
    return (counts / len(rows))[shown].tolist(), (right / counts)[shown].tolist()


if __name__ == "__main__":
    main()
