"""How sure the base is: evidence to a probability, a probability to one of three bands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import FileFault
from knowledge.ranking import Ranker

_PATH = Path(__file__).parent / "judge.yaml"
#: What the confidence rests on: the first's value, its lead over the second and over the fifth, its
#: best wording's likeness, its mass (log of its score), the question's length (log), 1 for a story.
SIGNS = ("value", "second", "fifth", "alike", "mass", "length", "long")
_FAR = 50.0
_PARTS = {"alone", "many", "answer_at", "candidates_at", "lead", "strange"}


class Band(StrEnum):
    """What is done with a question."""

    ANSWER = "answer"
    CANDIDATES = "candidates"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Logit:
    """A weighted sum of the signs and a constant."""

    bias: float
    weights: tuple[float, ...]

    @classmethod
    def of(cls, named: Mapping[str, float]) -> Logit:
        """Return the sum of named weights and `bias`.

        Raises:
            KeyError: a name is no sign.
        """
        if strange := set(named) - {"bias", *SIGNS}:
            raise KeyError(f"`{min(strange)}` is no sign")
        return cls(float(named["bias"]), tuple(float(named.get(sign, 0.0)) for sign in SIGNS))

    def mixed(self, other: Logit, part: float) -> Logit:
        """Return `part` of this sum and the rest of the other."""
        pairs = zip(self.weights, other.weights, strict=True)
        weights = tuple(a * part + b * (1 - part) for a, b in pairs)
        return Logit(self.bias * part + other.bias * (1 - part), weights)

    def chance(self, signs: tuple[float, ...]) -> float:
        """Return the logistic of the sum, in [0, 1]."""
        total = self.bias
        for weight, sign in zip(self.weights, signs, strict=True):
            total += weight * sign
        return 1.0 / (1.0 + math.exp(-max(min(total, _FAR), -_FAR)))


@dataclass(frozen=True, slots=True)
class Grounds:
    """What ranks the candidates of a base, and what makes it sure of the first.

    `known` is the chance that the base speaks of this at all, `right` that the first is what was
    asked for if it does; `floor` is the least of the second: even without a lead the first of
    several near entries is right now and then. `hit` turns an entry's value into its score.
    """

    ranker: Ranker
    known: Logit
    right: Logit
    hit: tuple[float, float]
    floor: float

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> Grounds:
        """Return the grounds of one part of judge.yaml.

        Raises:
            KeyError: a name is missing or strange.
        """
        return cls(
            Ranker.of(named["ranker"]),
            Logit.of(named["known"]),
            Logit.of(named["right"]),
            (float(named["hit"]["bias"]), float(named["hit"]["value"])),
            float(named["floor"]),
        )

    def mixed(self, other: Grounds, part: float) -> Grounds:
        """Return `part` of these grounds and the rest of the others."""
        rest = 1 - part
        return Grounds(
            self.ranker.mixed(other.ranker, part),
            self.known.mixed(other.known, part),
            self.right.mixed(other.right, part),
            (self.hit[0] * part + other.hit[0] * rest, self.hit[1] * part + other.hit[1] * rest),
            self.floor * part + other.floor * rest,
        )

    def probability(self, signs: tuple[float, ...]) -> float:
        """Return the chance that the first hit is what was asked for."""
        right = self.floor + (1 - self.floor) * self.right.chance(signs)
        return self.known.chance(signs) * right

    def score(self, value: float) -> float:
        """Return the score of an entry with this value, in [0, 1]: the chance that it is right."""
        bias, slope = self.hit
        return 1.0 / (1.0 + math.exp(-max(min(bias + slope * value, _FAR), -_FAR)))


@dataclass(frozen=True, slots=True)
class Judge:
    """Ranks and judges: `alone` is fitted on entries of one wording, `many` on those of many.

    `answer_at` is indexed by risk, 0 to 3: the riskier the topic, the more it takes to answer.
    `lead` is the least lead over the second, in value, that is answered outright. `strange` is what
    is left of the probability where a base is about children and no word of the
    question is. The grounds come from scripts/fit-matching, `strange` and the borders from
    docs/evaluation.md.
    """

    alone: Grounds
    many: Grounds
    answer_at: tuple[float, float, float, float]
    candidates_at: float
    lead: float
    strange: float
    _mixed: dict[float, Grounds] = field(default_factory=dict, compare=False, repr=False)

    def grounds(self, alone: float) -> Grounds:
        """Return the grounds for a base (`Index.alone`): 1 where every entry has one wording."""
        found = self._mixed.get(alone)
        if found is None:
            found = self._mixed[alone] = self.alone.mixed(self.many, alone)
        return found

    def band(self, probability: float, risk: int) -> Band:
        """Return the band of a probability for an entry of this risk."""
        if probability >= self.answer_at[risk]:
            return Band.ANSWER
        return Band.CANDIDATES if probability >= self.candidates_at else Band.DECLINE


@cache
def load_judge(path: Path = _PATH) -> Judge:
    """Read the judge's numbers.

    Raises:
        FileFault: the file is missing or a number is.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        answer_at = tuple(float(x) for x in data["answer_at"])
        assert len(answer_at) == 4  # noqa: PLR2004 - risks 0 to 3
        assert set(data) <= _PARTS, f"`{min(set(data) - _PARTS)}` is no part of a judge"
        return Judge(
            Grounds.of(data["alone"]),
            Grounds.of(data["many"]),
            answer_at,
            float(data["candidates_at"]),
            float(data["lead"]),
            float(data["strange"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AssertionError, yaml.YAMLError) as error:
        raise FileFault(path, None, f"is not a judge: {error}") from error
