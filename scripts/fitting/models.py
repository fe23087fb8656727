"""Two small convex models, fitted with SciPy: a ranking by softmax, a chance by a logistic.

Both keep the sign of every weight that has one by nature: more evidence is never worse.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from fitting.samples import Sample
from numpy.typing import NDArray
from scipy.optimize import minimize

from knowledge.judge import SIGNS
from knowledge.ranking import EVIDENCE, LONG, OF_WORDING

Floats = NDArray[np.float64]
#: How strongly weights are held small, per standard deviation of their evidence.
RIDGE_RANK, RIDGE_CHANCE = 0.1, 0.001
_ROUNDS = 3
_LEADS = (6.0, 8.0)
_FREE = ("length", "long")


def ranker(weighted: Sequence[tuple[Sample, float]], allowed: Collection[str]) -> dict[str, float]:
    """Return the weights that put right candidates first; only `allowed` evidence has one."""
    groups = [(s, w) for s, w in weighted if s.right.any() and not s.right.all()]
    names = [*EVIDENCE, *(f"long_{name}" for name in EVIDENCE)]
    use = [n for n, name in enumerate(names) if name.removeprefix("long_") in allowed]
    weights = np.zeros(len(names))
    weights[[n for n, name in enumerate(names) if name.startswith("alike_")]] = 1.0
    for _ in range(_ROUNDS):
        rows = [_rows(sample, weights) for sample, _ in groups]
        fitted = _softmax([r[:, use] for r in rows], groups)
        weights = np.zeros(len(names))
        weights[use] = fitted
    return {n: round(float(w), 3) for n, w in zip(names, weights, strict=True) if w > 0.01}  # noqa: PLR2004


def _rows(sample: Sample, weights: Floats) -> Floats:
    """Return the evidence of each candidate with its best wording, and all of it again if long."""
    half = len(EVIDENCE)
    now = weights[:half] + (weights[half:] if sample.long else 0.0)
    values = sample.of_wordings @ now[: len(OF_WORDING)]
    order = np.lexsort((-values, sample.owners))
    firsts = order[np.unique(sample.owners[order], return_index=True)[1]]
    evidence = np.hstack([sample.of_wordings[firsts], sample.of_entries])
    return np.hstack([evidence, evidence * float(sample.long)])


def _softmax(rows: Sequence[Floats], groups: Sequence[tuple[Sample, float]]) -> Floats:
    evidence = np.concatenate(rows)
    right = np.concatenate([sample.right for sample, _ in groups])
    lengths = [len(r) for r in rows]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    group = np.repeat(np.arange(len(rows)), lengths)
    share = np.array([w for _, w in groups])
    share /= share.sum()
    scale = evidence.std(0)
    scale[scale < 1e-6] = 1.0  # noqa: PLR2004
    scaled = evidence / scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        values = scaled @ weights
        powers = np.exp(values - np.maximum.reduceat(values, starts)[group])
        every, good = np.add.reduceat(powers, starts), np.add.reduceat(powers * right, starts)
        chance, good_chance = powers / every[group], powers * right / good[group]
        slope = scaled.T @ ((chance - good_chance) * share[group])
        total = (share * (np.log(every) - np.log(good))).sum()
        return total + RIDGE_RANK * weights @ weights / 2, slope + RIDGE_RANK * weights

    bounds = [(0.0, None)] * evidence.shape[1]
    found = minimize(loss, np.zeros(evidence.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x / scale, float)


def signs(sample: Sample, weights: dict[str, float]) -> tuple[list[float], bool]:
    """Return the signs of a sample's first candidate (as search does), and whether it is right."""
    vector = np.array([weights.get(n, 0.0) for n in (*EVIDENCE, *(f"long_{e}" for e in EVIDENCE))])
    rows = _rows(sample, vector)
    values = rows @ vector
    order = np.lexsort((sample.found.rows, -values))
    first, top = order[0], float(values[order[0]])
    leads = [
        min(top - float(values[order[n]]) if len(order) > n else top, most)
        for n, most in zip((1, 4), _LEADS, strict=True)
    ]
    own = sample.of_wordings[sample.owners == first]
    alike = float(own[:, EVIDENCE.index("alike_chars")].max())
    mass = float(np.log1p(sample.found.scores[first]))
    length = float(np.log1p(sample.length))
    return [top, *leads, alike, mass, length, float(sample.length > LONG)], bool(
        sample.right[first]
    )


def chance(
    parts: Sequence[tuple[Floats, NDArray[np.bool_], float]], use: Sequence[str]
) -> dict[str, float]:
    """Return the logistic weights of these signs; each part counts as much as its weight says."""
    columns = [SIGNS.index(name) for name in use]
    seen = np.concatenate([p[0] for p in parts])[:, columns]
    true = np.concatenate([p[1] for p in parts])
    share = np.concatenate([np.full(len(p[1]), p[2] / len(p[1])) for p in parts])
    share /= share.sum()
    mean, scale = seen.mean(0), seen.std(0) + 1e-9
    scaled = (seen - mean) / scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        guess = 1 / (1 + np.exp(-(scaled @ weights[:-1] + weights[-1])))
        off = (guess - true) * share
        total = -(share * np.log(np.where(true, guess, 1 - guess) + 1e-12)).sum()
        ridge = RIDGE_CHANCE * weights[:-1]
        return total + ridge @ weights[:-1] / 2, np.append(scaled.T @ off + ridge, off.sum())

    bounds = [(None, None) if name in _FREE else (0.0, None) for name in use]
    start = np.zeros(len(columns) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    weights = found[:-1] / scale
    bias = float(found[-1] - weights @ mean)
    fitted = {name: round(float(w), 3) for name, w in zip(use, weights, strict=True)}
    return {"bias": round(bias, 3)} | fitted


def hit(samples: Sequence[Sample], weights: dict[str, float]) -> dict[str, float]:
    """Return the logistic of a candidate's value alone: the chance that it is right."""
    vector = np.array([weights.get(n, 0.0) for n in (*EVIDENCE, *(f"long_{e}" for e in EVIDENCE))])
    values = np.concatenate([_rows(s, vector) @ vector for s in samples])
    true = np.concatenate([s.right for s in samples])
    seen = np.zeros((len(values), len(SIGNS)))
    seen[:, SIGNS.index("value")] = values
    return chance([(seen, true, 1.0)], ["value"])
