"""What the second look learns with: windows of sentences as rows of runs, and linear models."""

from __future__ import annotations

import os
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np
from crisis_sentences import Told
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from intents import crisis, crisis_kinds, crisis_runs, folding, second_look
from intents.crisis_rules import CATEGORIES
from intents.crisis_runs import NONE, Hashes
from knowledge import text

#: Weight of a window of an ordinary story that is not its gravest.
_ASIDE = 0.3
#: Weight of what a parent wants of the account, and of what parents plainly ask: most messages are
#: such, and must not be taken for danger.
_PLAIN = {"intent": 3.0, "base": 3.0, "ordinary_days": 2.0}
_ASKS, _ASKED = "ordinary_ask", 2.0
_STRENGTH, _DANGER_STRENGTH, _BIAS_SCALE = 0.003, 0.002, 50
_SEEN_IN, _VOTES_FROM, _FOLDS, _ROUNDS = 2, 3, 5, 2
TODAY, NOW = 2, 3
#: What a forked process works on.
_given: list[tuple[Pool, list[Told], np.ndarray, np.ndarray]] = []


class Seer:
    """Sentences as the second look reads them."""

    def __init__(self) -> None:
        self.fold = folding.load(crisis.FOLDER / "fold.yaml")
        self.kinds = crisis_kinds.load(crisis.FOLDER / "kinds.yaml", self.fold)

    def told(self, sentence: str) -> crisis_kinds.Told:
        return self.kinds.write(self.fold.fold(text.normalise(sentence)))

    def windows(self, sentence: str) -> tuple[list[Hashes], int]:
        """Return the runs of each window, the wide ones first, and how many those are."""
        told = self.told(sentence)
        found = crisis_runs.runs(told)
        wide, narrow = second_look.windows(told.signs)
        parts = (crisis_runs.within(found, told, begin, end) for begin, end in wide + narrow)
        return [part[part != NONE] for part in parts], len(wide)


class Pool(NamedTuple):
    """Every window of every sentence as a row; `owner` is the sentence of a row.

    `rows` counts runs, `runs` are the numbers of its columns, `wide` says which rows are wide
    windows; `weight` is that of a sentence and `longer` what second_look.longer says of it.
    """

    rows: sparse.csr_matrix
    runs: Hashes
    owner: np.ndarray
    wide: np.ndarray
    short: np.ndarray
    longer: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, sentences: list[Told], seer: Seer) -> Pool:
        told = [seer.windows(s.text) for s in sentences]
        parts = [windows for windows, _ in told]
        wide = np.concatenate([np.arange(len(windows)) < many for windows, many in told])
        counted = [np.unique(w, return_counts=True) for windows in parts for w in windows]
        found = np.concatenate([runs for runs, _ in counted])
        times = np.concatenate([count for _, count in counted]).astype(np.float32)
        known, seen = np.unique(found, return_counts=True)
        known = known[seen >= _SEEN_IN]
        at = np.minimum(known.searchsorted(found), len(known) - 1)
        row = np.repeat(np.arange(len(counted)), [len(runs) for runs, _ in counted])
        keep = known[at] == found
        shape = len(counted), len(known)
        rows = sparse.csr_matrix((times[keep], (row[keep], at[keep])), shape=shape)
        owner = np.repeat(np.arange(len(parts)), [len(windows) for windows in parts])
        short = np.array([len(windows) == 1 for windows in parts])
        longer = np.array([second_look.longer(len(seer.told(s.text).signs)) for s in sentences])
        weight = np.array([weight_of(s.source) for s in sentences])
        return cls(rows, known, owner, wide, short, longer, weight)

    def best(self, scores: np.ndarray) -> np.ndarray:
        """Return the row with the highest score of each sentence."""
        order = np.lexsort((scores, self.owner))
        last = np.searchsorted(self.owner[order], np.arange(len(self.short)), side="right") - 1
        return order[last]

    def together(self, scores: np.ndarray) -> np.ndarray:
        """Return the score of each sentence by those of its windows."""
        owner, told = self.owner[self.wide], np.maximum(scores[self.wide], second_look.FLOOR)
        mean = np.bincount(owner, told) / np.bincount(owner)
        return second_look.together(scores[self.best(scores)], mean)

    def telling(self, labels: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Return how much a count of each run tells.

        More if few windows hold it (an inverse document frequency), and if the chosen sentences
        hold it with one label only (the log ratio of naive Bayes; Wang and Manning, ACL 2012).
        """
        held = self.rows > 0
        rare = np.log(held.shape[0] / (1.0 + held.sum(axis=0).A1))
        danger = chosen[self.owner] & labels[self.owner]
        ordinary = chosen[self.owner] & ~labels[self.owner]
        told, not_told = (1.0 + held[use].sum(axis=0).A1 for use in (danger, ordinary))
        leaning = np.abs(np.log((told / told.sum()) / (not_told / not_told.sum())))
        return rare * (1.0 + leaning) / (1.0 + leaning.mean())


def weight_of(source: str) -> float:
    return _PLAIN.get(source, _ASKED if source.startswith(_ASKS) else 1.0)


class Model(NamedTuple):
    """Weights by column, and a bias."""

    coef: np.ndarray
    bias: float

    def scores(self, rows: sparse.csr_matrix) -> np.ndarray:
        return rows @ self.coef + self.bias


def fitted(
    rows: sparse.csr_matrix, labels: np.ndarray, strength: float, weights: np.ndarray | None = None
) -> Model:
    # the bias is no weight of a run: as good as unpunished
    model = LogisticRegression(
        C=strength, max_iter=300, solver="liblinear", intercept_scaling=_BIAS_SCALE
    )
    model.fit(rows, labels, sample_weight=weights)
    return Model(model.coef_[0], float(model.intercept_[0]))


def learn(pool: Pool, labels: np.ndarray, chosen: np.ndarray) -> tuple[Model, np.ndarray]:
    """Fit on the chosen sentences: a long one by its gravest window, if ordinary by all of them.

    Returns the model for plain counts, and the row of each sentence that it finds gravest.
    """
    telling = pool.telling(labels, chosen)
    weighed = (pool.rows @ sparse.diags(telling)).tocsr()
    owner = pool.owner
    rest = np.nonzero(chosen[owner] & ~labels[owner] & ~pool.short[owner])[0]
    picked, here = pool.best(np.zeros(len(owner))), chosen & pool.short
    for _ in range(_ROUNDS + 1):
        rows = np.concatenate([picked[here], rest])
        weights = np.concatenate([pool.weight[here], _ASIDE * pool.weight[owner[rest]]])
        model = fitted(weighed[rows], labels[owner[rows]], _DANGER_STRENGTH, weights)
        picked, here = pool.best(model.scores(weighed)), chosen
    return Model(model.coef * telling, model.bias), picked


class Heads(NamedTuple):
    """What is asked of danger alone: a model a category, for today or not, now or not."""

    models: list[Model]

    @classmethod
    def fit(cls, rows: sparse.csr_matrix, sentences: list[Told]) -> Heads:
        """Fit on one row a sentence; runs that few of them hold have no vote."""
        seen = (rows > 0).sum(axis=0).A1
        known = np.flatnonzero(seen >= _VOTES_FROM)
        rare = np.log(rows.shape[0] / (1.0 + seen[known]))
        weighed = (rows[:, known] @ sparse.diags(rare)).tocsr()
        labels = [np.array([s.category == c for s in sentences]) for c in CATEGORIES]
        labels += [np.array([s.severity >= level for s in sentences]) for level in (TODAY, NOW)]
        models = []
        for label in labels:
            coef, model = np.zeros(rows.shape[1]), fitted(weighed, label, _STRENGTH)
            coef[known] = model.coef * rare
            models.append(Model(coef, model.bias))
        return cls(models)

    def votes(self, rows: sparse.csr_matrix) -> np.ndarray:
        return np.array([model.scores(rows) for model in self.models]).T


def out_of_fold(
    pool: Pool, sentences: list[Told], labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the score of each sentence and its votes, by models that never saw its group.

    The folds share the processors; each process holds some 3 GB beside what all of them share.
    """
    fold = folds(sentences)
    scores, votes = np.zeros(len(labels)), np.zeros((len(labels), len(CATEGORIES) + 2))
    _given.append((pool, sentences, labels, fold))  # a forked process finds it, nothing is copied
    with get_context("fork").Pool(min(_FOLDS, os.cpu_count() or 1)) as processes:
        for number, scored, voted in processes.imap_unordered(_without, range(_FOLDS)):
            scores[fold == number], votes[fold == number] = scored, voted
    _given.clear()
    return scores, votes


def _without(number: int) -> tuple[int, np.ndarray, np.ndarray]:
    """Return scores and votes of one fold by models that never saw it."""
    pool, sentences, labels, fold = _given[0]
    rest = fold == number
    model, best = learn(pool, labels, ~rest)
    told = np.nonzero(~rest & labels)[0]
    heads = Heads.fit(pool.rows[best[told]], [sentences[n] for n in told])
    scores = pool.together(model.scores(pool.rows))[rest]
    return number, scores, heads.votes(pool.rows[best[rest]])


def folds(sentences: list[Told]) -> np.ndarray:
    groups = {g: n for n, g in enumerate(dict.fromkeys(s.group for s in sentences))}
    drawn = np.random.default_rng(0).integers(0, _FOLDS, len(groups))
    return np.array([drawn[groups[s.group]] for s in sentences])
