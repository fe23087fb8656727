"""Ranking, refusing and robustness: every engine on every task, the work shared by all cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import product

import cutters
import engines
import figures
import numpy as np
import variants
from ours import Ours
from tasks import OWN, Question, Task

Figures = dict[str, float | None]
#: On which tasks the questions are also asked in other forms.
ROBUST = (OWN, "family")


def run(tasks: Sequence[Task], names: Sequence[str]) -> dict[str, dict[str, Figures]]:
    """Return the figures by task and engine; those of the variants stand beside the others."""
    found: dict[str, dict[str, Figures]] = {t.name: {} for t in tasks}
    jobs = list(product(range(len(tasks)), names))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, _take, (list(tasks),)) as workers:
        for (at, name), values in zip(jobs, workers.map(_one, jobs), strict=True):
            found[tasks[at].name][name] = values
            print(f"{tasks[at].name}: {name}: R@1 {values['R@1']:.3f}", flush=True)
    return found


_TASKS: list[Task] = []


def _take(tasks: list[Task]) -> None:
    _TASKS.extend(tasks)


def _one(job: tuple[int, str]) -> Figures:
    task, name = _TASKS[job[0]], job[1]
    engine = built(task, name)
    values = measured(engine, task)
    if task.name in ROBUST:
        values |= robust(engine, task)
    return values


def built(task: Task, name: str) -> engines.Engine:
    """Return the engine with the task's entries in it; ours knows the answers too."""
    engine = Ours(task.answers) if name == engines.OURS else engines.ENGINES[name]()
    engine.build(task.entries, cutters.cut_all(engine.cutter, task.entries))
    return engine


def measured(engine: engines.Engine, task: Task) -> Figures:
    answers = [engine.ask(q.text) for q in task.inside]
    ranks = [figures.rank(hits, q.expected) for q, (hits, _) in zip(task.inside, answers)]  # noqa: B905
    far, near = (confidences(engine, qs) for qs in (task.far, task.near))
    return figures.figures(ranks, np.array([c for _, c in answers]), far, near)


def confidences(engine: engines.Engine, questions: Sequence[Question]) -> np.ndarray:
    return np.array([engine.ask(q.text)[1] for q in questions])


def robust(engine: engines.Engine, task: Task) -> Figures:
    """Return R@1 of each variant of the questions that have an answer."""
    return {name: hit_rate(engine, asked) for name, asked in variants_of(task.name).items()}


@cache
def variants_of(name: str) -> dict[str, list[Question]]:
    task = next(t for t in _TASKS if t.name == name)
    makers = variants.makers(w for e in task.entries for w in e)
    return {
        kind: [Question(make(q.text), q.expected) for q in task.inside]
        for kind, make in makers.items()
    }


def hit_rate(engine: engines.Engine, asked: Sequence[Question]) -> float:
    ranks = [figures.rank(engine.ask(q.text)[0][:1], q.expected) for q in asked]
    return sum(ranks) / len(ranks)
