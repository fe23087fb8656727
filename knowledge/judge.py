"""How sure the base is: evidence to a probability, a probability to one of three bands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from knowledge.errors import FileFault

_PATH = Path(__file__).parent / "judge.yaml"


class Band(StrEnum):
    """What is done with a question."""

    ANSWER = "answer"
    CANDIDATES = "candidates"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Judge:
    """Weights of a logistic model on a few honest features, and the bands' borders.

    `share` is the part of the question the first hit accounts for, `margin` its lead over the
    second, both in [0, 1]; `length` counts features. `answer_at` is indexed by risk, 0 to 3: the
    riskier the topic, the more it takes to answer. Where no word of the text is about a child, a
    school or a family, `strange_answer_at` is the least that is answered and `strange_at` the
    least that is offered. Fitted by `scripts/fit-judge`.
    """

    bias: float
    share: float
    margin: float
    length: float
    answer_at: tuple[float, float, float, float]
    candidates_at: float
    strange_at: float
    strange_answer_at: float

    def probability(self, share: float, margin: float, length: int) -> float:
        """Return the chance that the first hit is what was asked for."""
        z = self.bias + self.share * share + self.margin * margin + self.length * math.log1p(length)
        return 1.0 / (1.0 + math.exp(-max(min(z, 50.0), -50.0)))

    def band(self, probability: float, risk: int, *, strange: bool = False) -> Band:
        """Return the band of a probability for an entry of this risk."""
        least = max(self.answer_at[risk], self.strange_answer_at if strange else 0.0)
        if probability >= least:
            return Band.ANSWER
        least = self.strange_at if strange else self.candidates_at
        return Band.CANDIDATES if probability >= least else Band.DECLINE


@cache
def load_judge(path: Path = _PATH) -> Judge:
    """Read the judge's numbers.

    Raises:
        FileFault: the file is missing or a number is.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        answer_at = tuple(float(x) for x in data.pop("answer_at"))
        assert len(answer_at) == 4  # noqa: PLR2004 - risks 0 to 3
        return Judge(answer_at=answer_at, **{k: float(v) for k, v in data.items()})
    except (OSError, ValueError, TypeError, KeyError, AssertionError, yaml.YAMLError) as error:
        raise FileFault(path, None, f"is not a judge: {error}") from error
