"""What is said of an engine on a task: ranking, refusing, and both together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.evaluate import auroc, coverage

FALSE_ANSWERS = 0.05
NAMES = (
    "R@1", "R@3", "R@10", "MRR@10", "AUROC far", "AUROC near", "answered at 5 % far",
    "coverage at 95 %",
)  # fmt: skip


def rank(hits: Sequence[tuple[int, float]], expected: frozenset[int]) -> int:
    """Return the place of the first right hit, 0 when there is none."""
    return next((n for n, (row, _) in enumerate(hits, 1) if row in expected), 0)


def answered_at(inside: Any, right: Any, far: Any, part: float = FALSE_ANSWERS) -> float | None:
    """Return the part of `inside` that is answered, and right, when `part` of `far` is answered.

    All three are arrays; a question is answered when its confidence is above a border, and the
    border is the lowest that lets no more than `part` of the far questions through.
    """
    if not len(far) or not len(inside):
        return None
    border = np.sort(far)[::-1][int(part * len(far))]
    return float(((inside > border) & right).mean())


def figures(ranks: Sequence[int], inside: Any, far: Any, near: Any) -> dict[str, float | None]:
    """Return every figure; the confidences are arrays, `ranks` belong to `inside`."""
    places = np.array(ranks)
    right = places == 1
    everything = np.concatenate([inside, far])
    fine = np.concatenate([right, np.zeros(len(far), bool)])
    values = (
        float(right.mean()),
        float(((places > 0) & (places <= 3)).mean()),  # noqa: PLR2004 - the figure's own name
        float((places > 0).mean()),
        float(np.where(places > 0, 1 / np.maximum(places, 1), 0.0).mean()),
        auroc(inside, far),
        auroc(inside, near),
        answered_at(inside, right, far),
        coverage(everything, fine) if len(far) else None,
    )
    return dict(zip(NAMES, values, strict=True))


def mean(listed: Sequence[dict[str, float | None]]) -> dict[str, float | None]:
    """Return the mean of each figure over the tasks that have it."""
    kept = {n: [f[n] for f in listed if f[n] is not None] for n in NAMES}
    return {n: sum(v) / len(v) if v else None for n, v in kept.items()}


def lead(
    ours: dict[str, float | None], peers: Sequence[dict[str, float | None]]
) -> dict[str, float | None]:
    """Return each figure of ours minus the best of the peers'."""
    found: dict[str, float | None] = {}
    for name, value in ours.items():
        best = max((p[name] for p in peers if p[name] is not None), default=None)
        found[name] = None if value is None or best is None else value - best
    return found
