"""What becomes of a labelled question, from best to worst, and what was found for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

from knowledge.evaluate import Question
from knowledge.index import Index
from knowledge.judge import Band, Judge
from knowledge.scope import EVERYWHERE, Scope
from knowledge.search import NOTHING, Found, Hit, search

#: So many candidates are offered to a parent.
OFFERED = 3


class Kind(StrEnum):
    """What a check asks of the base."""

    GOLDEN = "golden"
    OUTSIDE = "outside"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Check:
    """A labelled question; `expected` lists every right entry, empty when there is none."""

    id: str
    text: str
    expected: frozenset[str]
    kind: Kind
    topic: str = ""


class Outcome(IntEnum):
    """What became of a check; the higher the better among those of one kind."""

    #: An answer outright, of another entry.
    WRONG = 0
    #: An answer outright to what the base has no answer for.
    ANSWERED = 1
    #: A text of danger that alarms nobody.
    SILENT = 2
    #: Candidates, the right one not among the first three.
    OFFERED_WITHOUT = 3
    #: No answer to what the base has one for: as good as candidates that do not help.
    UNANSWERED = 4
    #: Candidates: the right one among the first three, or any where there is no right one.
    OFFERED = 5
    RIGHT = 6
    #: Declined, and rightly.
    DECLINED = 7
    ALARM = 8

    @property
    def goodness(self) -> int:
        """Return the rank that is compared: two outcomes that help nobody are equal."""
        return int(Outcome.OFFERED_WITHOUT if self is Outcome.UNANSWERED else self)


class Result(NamedTuple):
    """The outcome of a check and what it rests on: the hits, with their scores, best first."""

    outcome: Outcome
    band: Band
    probability: float
    hits: tuple[Hit, ...]


def outcome(check: Check, found: Found, misplaced: Collection[str] = ()) -> Outcome:
    """Return what became of a check that is no danger.

    An entry that holds the answer of another (`misplaced`) is no right one, though found.
    """
    return _outcome(check, found.band, found.hits, misplaced)


def again(check: Check, result: Result, misplaced: Collection[str]) -> Result:
    """Return a result in the light of misplaced answers."""
    if check.kind is Kind.DANGER:
        return result
    return result._replace(outcome=_outcome(check, result.band, result.hits, misplaced))


def run(
    index: Index,
    judge: Judge,
    checks: Iterable[Check],
    scope: Scope = EVERYWHERE,
    is_alarm: Callable[[str], bool] | None = None,
) -> list[Result]:
    """Return the results in the order of the checks.

    They follow from `index.version`, the judge, the checks and the scope: whoever has them for the
    published base need not run it again. Danger needs `is_alarm`: without it nothing alarms.
    """
    return [_result(index, judge, check, scope, is_alarm) for check in checks]


def _result(
    index: Index,
    judge: Judge,
    check: Check,
    scope: Scope,
    is_alarm: Callable[[str], bool] | None,
) -> Result:
    if check.kind is Kind.DANGER:
        alarms = is_alarm is not None and is_alarm(check.text)
        return Result(Outcome.ALARM if alarms else Outcome.SILENT, NOTHING.band, 0.0, ())
    found = search(index, check.text, judge, scope=scope)
    return Result(outcome(check, found), found.band, found.probability, found.hits)


def _outcome(
    check: Check, band: Band, hits: tuple[Hit, ...], misplaced: Collection[str]
) -> Outcome:
    right = [hit.entry in check.expected and hit.entry not in misplaced for hit in hits]
    if check.kind is Kind.OUTSIDE:
        outside = {Band.ANSWER: Outcome.ANSWERED, Band.CANDIDATES: Outcome.OFFERED}
        return outside.get(band, Outcome.DECLINED)
    if band is Band.ANSWER:
        return Outcome.RIGHT if right[0] else Outcome.WRONG
    if band is Band.CANDIDATES:
        return Outcome.OFFERED if any(right[:OFFERED]) else Outcome.OFFERED_WITHOUT
    return Outcome.UNANSWERED


def checks_of(slices: Mapping[str, Iterable[Question]], topics: Mapping[str, str]) -> list[Check]:
    """Return the checks of labelled questions by slice (`golden.read`); `topics` are by entry."""
    found = []
    for question in (q for questions in slices.values() for q in questions):
        named = sorted(topics[e] for e in question.expected if e in topics)
        kind = Kind.GOLDEN if question.expected else Kind.OUTSIDE
        topic = named[0] if named else ""
        found.append(Check(question.id, question.text, question.expected, kind, topic))
    return found
