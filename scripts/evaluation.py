"""Write docs/evaluation.md from the held-out questions: .venv/bin/python scripts/evaluation.py."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from knowledge import files, fit, golden
from knowledge.entry import Status
from knowledge.evaluate import Question
from knowledge.judge import Band, load_judge
from knowledge.search import Found, search

TARGET = Path(__file__).parent.parent / "docs" / "evaluation.md"


def main() -> None:
    entries = [e for e in files.load() if e.status is Status.PUBLISHED]
    index, judge = fit.fit(entries), load_judge()
    slices = golden.read()
    inside = [q for name, qs in slices.items() if name != golden.OUT for q in qs]
    outside = slices[golden.OUT]
    found = {q.id: search(index, q.text, judge) for q in (*inside, *outside)}
    lines = [
        "# Evaluation of matching",
        "",
        "Made by `scripts/evaluation.py`; do not edit. The questions are held out: they were",
        "written apart from the entries' wordings, meant to be hard, nothing is trained on them",
        "(`knowledge/eval/questions`).",
        f"Base: {len(entries)} entries, {sum(len(e.askings()) for e in entries)} wordings.",
        f"Questions: {len(inside)} that an entry answers, {len(outside)} that none does.",
        "",
        "## Ranking, by style",
        "",
        "| style | questions | R@1 | R@3 | R@10 | MRR@10 | AUROC against out of scope |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, s in golden.evaluate(index, judge).items():
        figures = (s.recall_1, s.recall_3, s.recall_10, s.mrr_10, s.auroc)
        shown = " | ".join("" if f is None else f"{f:.3f}" for f in figures)
        lines.append(f"| {name} | {s.answerable} | {shown} |")
    lines += ["", "## What becomes of a question", ""]
    lines += bands("an entry answers it", inside, found) + bands("none does", outside, found)
    lines += ["", "## Is the probability honest?", ""]
    lines += reliability([*inside, *outside], found)
    lines += [
        "",
        "The judge is fitted on the base's own wordings, each taken out in turn, against the same",
        "wordings with their whole entry taken out (`scripts/fit-judge`). Half of its questions",
        "have no right answer, so it is pessimistic on questions the base does answer. The borders",
        "of the bands (`knowledge/judge.yaml`) were chosen on the tables above.",
        "",
    ]
    TARGET.write_text("\n".join(lines), encoding="utf-8")


def bands(name: str, questions: Sequence[Question], found: dict[str, Found]) -> list[str]:
    counts = golden.bands(questions, [found[q.id] for q in questions])
    parts = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in counts.items())
    return [f"- {name} ({len(questions)}): {parts}"]


def reliability(questions: Sequence[Question], found: dict[str, Found]) -> list[str]:
    """Return a table: predicted probability against the share that was right, in bins."""
    sure = np.array([found[q.id].probability for q in questions])
    right = np.array(
        [bool(found[q.id].hits) and found[q.id].hits[0].entry in q.expected for q in questions]
    )
    answered = np.array([found[q.id].band is Band.ANSWER for q in questions])
    lines = ["| predicted | questions | first hit right | answered outright |", "|---|---|---|---|"]
    edges = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.01)
    for low, high in pairwise(edges):
        inside = (sure >= low) & (sure < high)
        if inside.any():
            bin_name = f"{low:.2f} to {min(high, 1.0):.2f}"
            shares = f"{right[inside].mean():.2f} | {answered[inside].mean():.2f}"
            lines.append(f"| {bin_name} | {inside.sum()} | {shares} |")
    return lines


if __name__ == "__main__":
    main()
