"""`scripts/bench ablation`: what each idea of the matching gives, by leaving it out.

Every variant is built, asked and scored anew on our own base and, with `--tasks`, on public ones;
R@1 and AUROC are printed as differences to the whole. What an idea costs is the difference of the
median time a question takes, over rounds in which the variants take turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

for _name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
import tasks  # noqa: E402
from ours import rows_of  # noqa: E402

from knowledge import fit, numbers, ranking, search, text  # noqa: E402
from knowledge.evaluate import auroc  # noqa: E402
from knowledge.forms import Document  # noqa: E402
from knowledge.judge import Grounds, Judge, load_judge  # noqa: E402
from knowledge.lexicons import Rule  # noqa: E402
from knowledge.ranking import EVIDENCE, Ranker  # noqa: E402
from knowledge.vocabulary import Asked, Vocabulary  # noqa: E402

TARGET = Path(__file__).parent / "ablations.md"
PAGE = Path(__file__).parent.parent.parent / "docs" / "matching.md"
HEAD = "## Each idea left out in turn"
INTRODUCTION = (
    "Made by `scripts/bench ablation --write`. The first line is the whole; the others are "
    "differences to it when one idea is left out: a minus is what it gives. Nothing is fitted "
    "anew, so that some AUROC rise where the probability was fitted on other values. µs is the "
    "median time of a question of our own base. What was tried and refused is in decision "
    "[0010](decisions/0010-matching.md)."
)
SPEED_TEXTS, SPEED_ROUNDS = 200, 5
Patches = Iterator[None]


def as_it_is(judge: Judge) -> Judge:
    return judge


@dataclass(frozen=True)
class Variant:
    """One idea left out: what is changed while a base is built and asked."""

    name: str
    change: Callable[[ExitStack], None]
    judge: Callable[[Judge], Judge] = as_it_is


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench ablation", description=__doc__)
    parser.add_argument("--tasks", type=Path, help="a folder of tasks")
    parser.add_argument("--names", help="only these tasks of the folder, with commas between")
    parser.add_argument("--write", action="store_true", help="write the table for docs/matching.md")
    options = parser.parse_args()
    found = [tasks.own(), *(tasks.read(options.tasks) if options.tasks else [])]
    if options.names:
        found = [t for t in found if t.name in {tasks.OWN, *options.names.split(",")}]
    figures = {v.name: measured(v, found) for v in VARIANTS}
    costs = timed(found[0])
    made = table(figures, costs, [t.name for t in found])
    print(made)
    if options.write:
        write(f"{HEAD}\n\n{INTRODUCTION}\n\n{made}\n")


def write(part: str) -> None:
    """Keep the part for later runs of `scripts/bench matching`, and put it at the page's end."""
    TARGET.write_text(part, encoding="utf-8")
    if PAGE.exists():
        kept = PAGE.read_text(encoding="utf-8").partition(HEAD)[0].rstrip()
        PAGE.write_text(f"{kept}\n\n{part}", encoding="utf-8")


@contextmanager
def changed(variant: Variant) -> Patches:
    """Put the variant in force; whatever was remembered of texts is forgotten."""
    with ExitStack() as stack:
        variant.change(stack)
        forget()
        yield
    forget()


def forget() -> None:
    for name in ("normalise", "filler_rules", "mapping_rules"):
        clear = getattr(getattr(text, name), "cache_clear", None)
        if clear is not None:
            clear()


def documents(task: tasks.Task) -> list[Document]:
    rows = rows_of(task.entries, task.answers)
    return [Document(r["id"], (r["question"], *r["similar"]), r["answer"]) for r in rows]


def measured(variant: Variant, found: Sequence[tasks.Task]) -> dict[str, tuple[float, float]]:
    """Return R@1 and AUROC against far questions, by task."""
    figures = {}
    with changed(variant):
        judge = variant.judge(load_judge())
        for task in found:
            index = fit.build(documents(task))
            inside = [search.search(index, q.text, judge) for q in task.inside]
            far = [search.search(index, q.text, judge).probability for q in task.far]
            first = [
                bool(f.hits) and int(f.hits[0].entry) in q.expected
                for f, q in zip(inside, task.inside, strict=True)
            ]
            sure = np.array([f.probability for f in inside])
            figures[task.name] = float(np.mean(first)), auroc(sure, np.array(far)) or 0.0
            print(f"{variant.name}: {task.name}: {figures[task.name]}", flush=True)
    return figures


def timed(task: tasks.Task) -> dict[str, float]:
    """Return the median microseconds a question takes on our own base, by variant."""
    texts = [q.text for q in task.inside][:SPEED_TEXTS]
    ready = []
    for variant in VARIANTS:
        with changed(variant):
            ready.append((variant, fit.build(documents(task)), variant.judge(load_judge())))
    taken: dict[str, list[float]] = {v.name: [] for v in VARIANTS}
    for _ in range(SPEED_ROUNDS):
        for variant, index, judge in ready:
            with changed(variant):
                for question in texts:
                    text.normalise.cache_clear()
                    began = time.perf_counter()
                    search.search(index, question, judge)
                    taken[variant.name].append(time.perf_counter() - began)
    return {name: statistics.median(times) * 1e6 for name, times in taken.items()}


def table(
    figures: dict[str, dict[str, tuple[float, float]]],
    costs: dict[str, float],
    names: Sequence[str],
) -> str:
    whole = figures[WHOLE]
    head = ["left out", *(f"{n} R@1" for n in names), *(f"{n} AUROC" for n in names), "µs"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, found in figures.items():
        cells = [
            f"{found[n][part]:.3f}" if name == WHOLE else f"{found[n][part] - whole[n][part]:+.3f}"
            for part in (0, 1)
            for n in names
        ]
        cost = costs[name] if name == WHOLE else costs[name] - costs[WHOLE]
        cells.append(f"{cost:.0f}" if name == WHOLE else f"{cost:+.0f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def constant(module: Any, name: str, value: Any) -> Callable[[ExitStack], None]:
    return lambda stack: stack.enter_context(patch.object(module, name, value))  # type: ignore[func-returns-value]


def nothing(_stack: ExitStack) -> None:
    """Leave everything as it is."""


def asked_without(*kinds: str) -> Callable[[ExitStack], None]:
    """Let questions have no features of these kinds in the first look."""
    plain = Vocabulary.asked

    def asked(vocabulary: Vocabulary, normalised: str, *, heard: bool = True) -> Asked:
        found = plain(vocabulary, normalised, heard=heard)
        chars, pairs, sounds, longer = found.counts
        pair, sound = found.splits
        if "chars" in kinds:
            seen, splits, chars = found.seen[pair:], (0, sound - pair), 0
        else:
            seen = np.concatenate([found.seen[:pair], found.seen[sound:]])
            splits, pairs = (pair, pair), 0
        words = [] if "longer" in kinds else found.longer
        counts = chars, pairs, sounds, longer * bool(words)
        return found._replace(seen=seen, splits=splits, longer=words, counts=counts)

    return constant(Vocabulary, "asked", asked)


def no_rule(_name: str) -> Rule:
    import re

    return Rule(re.compile(r"(?!)"), "")


def weighed(judge: Judge, allowed: Callable[[str], bool]) -> Judge:
    """Return the judge with the weights of some evidence taken away."""
    names = list(EVIDENCE)
    keep = np.array([float(allowed(n)) for n in names])

    def cut(grounds: Grounds) -> Grounds:
        kept = Ranker(grounds.ranker.short * keep, grounds.ranker.long * keep)
        return replace(grounds, ranker=kept)

    return replace(judge, alone=cut(judge.alone), many=cut(judge.many), _mixed={})


def without_stories(judge: Judge) -> Judge:
    def cut(grounds: Grounds) -> Grounds:
        return replace(grounds, ranker=Ranker(grounds.ranker.short, grounds.ranker.short))

    return replace(judge, alone=cut(judge.alone), many=cut(judge.many), _mixed={})


def without_lead(judge: Judge) -> Judge:
    """Return the judge whose confidence looks at the first hit alone."""
    return replace(
        judge,
        alone=replace(judge.alone, floor=1.0),
        many=replace(judge.many, floor=1.0),
        _mixed={},
    )


def even_idf(columns: Any, rows: Any, shape: tuple[int, int]) -> Any:
    del columns, rows
    return np.ones(shape[1])


WHOLE = "(nothing: the whole)"
VARIANTS = (
    Variant(WHOLE, nothing),
    Variant(
        "the second look",
        nothing,
        lambda j: weighed(j, lambda name: name == "share"),
    ),
    Variant("characters (words and pairs alone)", asked_without("chars")),
    Variant("pairs and words (characters alone)", asked_without("pairs", "longer")),
    Variant("IDF", constant(fit, "_idf", even_idf)),
    Variant("the count of wordings that hold a term", constant(fit, "COUNT_POWER", 0.0)),
    Variant("the length norm", constant(fit, "B", 0.0)),
    Variant("the answer as a field", constant(fit, "ANSWER_WEIGHT", 0.0)),
    Variant("the limit of busy terms", constant(fit, "BUSY", 10**9)),
    Variant("Cantonese, slips, synonyms", constant(text, "lexicon", lambda _: LEXICON_OFF)),
    Variant("numbers written out", constant(numbers, "rule", lambda: no_rule(""))),
    Variant("fillers and padding", constant(text, "filler_rules", lambda: ())),
    Variant("traditional to simplified", constant(text, "_simplified", dict)),
    Variant("sounds", nothing, lambda j: weighed(j, lambda name: not name.endswith("sounds"))),
    Variant(
        "likeness to the best wording",
        nothing,
        lambda j: weighed(j, lambda n: n not in ranking.OF_WORDING),
    ),
    Variant("the lead over the second", nothing, lambda j: weighed(j, lambda n: "lead" not in n)),
    Variant("other weights for stories", nothing, without_stories),
    Variant("leads in the confidence", nothing, without_lead),
    Variant("strange questions being less sure", nothing, lambda j: replace(j, strange=1.0)),
)


class LEXICON_OFF:  # noqa: N801 - stands where a lexicon would
    """A lexicon that replaces nothing."""

    rule = no_rule("")


if __name__ == "__main__":
    main()
