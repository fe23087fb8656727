"""A publish may not make a known question worse: what a change does to every check, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge import misplaced as answers
from knowledge.index import Index
from knowledge.misplaced import Misplaced
from knowledge.outcomes import Check, Kind, Outcome, Result, again
from knowledge.search import Hit

#: From this risk of its topic on a wrong answer may not be exchanged for another wrong one.
RISKY = 2
#: A question that stood close to a border may cross it: every change moves the IDF of all a little.
SLACK = 0.03
#: Steps down that may be such a slip; an answer to the wrong question never is one.
_SLIPS = {
    (Outcome.RIGHT, Outcome.OFFERED),
    (Outcome.OFFERED, Outcome.OFFERED_WITHOUT),
    (Outcome.OFFERED, Outcome.UNANSWERED),
    (Outcome.DECLINED, Outcome.OFFERED),
}


class Passed(NamedTuple):
    """How many checks there are, and how many of them did not become worse."""

    checks: int
    passed: int


@dataclass(frozen=True, slots=True)
class Regression:
    """A check whose outcome changed, with all that is needed to show it to a person."""

    check: Check
    before: Result
    after: Result
    #: The entry is found, but the answer under it no longer speaks of the question.
    is_misplaced: bool = False

    @property
    def before_hit(self) -> Hit | None:
        """Return what stood first before."""
        return self.before.hits[0] if self.before.hits else None

    @property
    def after_hit(self) -> Hit | None:
        """Return what stands first now."""
        return self.after.hits[0] if self.after.hits else None


@dataclass(frozen=True, slots=True)
class Report:
    """What a change does to the checks.

    `shaken` stood close to a border and crossed it without moving (`SLACK`): they are no reason to
    stop, and a person may want to see them.
    `orphaned` are checks all of whose entries this change takes out: they stand apart from
    `worse`, for retiring an answer that is asked for must be a conscious act. `silent` are texts
    of danger that alarm nobody; `risky` are newly answered wrong, or by another wrong entry, where
    that may do harm; `misplaced` are entries that hold the answer of another.
    """

    by_kind: Mapping[str, Passed]
    by_topic: Mapping[str, Passed]
    worse: tuple[Regression, ...]
    better: tuple[Regression, ...]
    shaken: tuple[Regression, ...]
    orphaned: tuple[Check, ...]
    silent: tuple[Check, ...]
    risky: tuple[Regression, ...]
    misplaced: tuple[Misplaced, ...]

    @property
    def lost(self) -> tuple[Regression, ...]:
        """Return those of `worse` that an offer does not soften: the parent sees no right entry."""
        return tuple(r for r in self.worse if r.after.outcome is not Outcome.OFFERED)

    @property
    def blocked(self) -> bool:
        """Say whether a person must look before this is published."""
        reasons = self.worse, self.orphaned, self.silent, self.risky, self.misplaced
        return any(reasons)


def compare(
    checks: Sequence[Check],
    before: Sequence[Result],
    after: Sequence[Result],
    *,
    entries: Collection[str] | None = None,
    had: Collection[str] | None = None,
    risks: Mapping[str, int] | None = None,
    misplaced: tuple[Misplaced, ...] = (),
    slack: float = SLACK,
) -> Report:
    """Compare the results of the published base and of the candidate, check by check.

    `entries` are the ids the candidate has (None: nothing is orphaned) and `had` those of the
    published base (None: all that is asked for), `risks` the risk by topic.
    With `slack` 0 nothing is shaken, everything is worse.
    """
    wrong = frozenset(m.entry for m in misplaced)
    held = None if entries is None else frozenset(entries)
    pairs = [
        _regression(check, old, new, wrong)
        for check, old, new in zip(checks, before, after, strict=True)
    ]
    lost = None if had is None else frozenset(had)
    gone = [held is not None and _is_orphan(p.check, held, lost) for p in pairs]
    kept = [p for p, is_gone in zip(pairs, gone, strict=True) if not is_gone]
    orphaned = tuple(p.check for p, is_gone in zip(pairs, gone, strict=True) if is_gone)
    shaken = tuple(p for p in kept if _is_shaken(p, slack))
    worse = tuple(p for p in kept if _step(p) < 0 and p not in shaken)
    failed = [*(p.check for p in worse), *orphaned]
    return Report(
        _passed((c.kind for c in checks), (c.kind for c in failed)),
        _passed((c.topic for c in checks if c.topic), (c.topic for c in failed if c.topic)),
        worse,
        tuple(p for p in kept if _step(p) > 0),
        shaken,
        orphaned,
        tuple(p.check for p in kept if p.after.outcome is Outcome.SILENT),
        tuple(p for p in kept if _is_risky(p, risks or {})),
        misplaced,
    )


def judge_change(
    checks: Sequence[Check],
    results: tuple[Sequence[Result], Sequence[Result]],
    indexes: tuple[Index, Index],
) -> Report:
    """Compare published and candidate with all the indexes tell: risks, lost and misplaced ones."""
    before, after = indexes
    risks: dict[str, int] = {}
    for index in indexes:
        for topic, risk in zip(index.topics, index.forms.risks.tolist(), strict=True):
            risks[topic] = max(risks.get(topic, 0), risk)
    return compare(
        checks,
        *results,
        entries=after.entries,
        had=before.entries,
        risks=risks,
        misplaced=answers.find(before, after),
    )


def _regression(check: Check, old: Result, new: Result, wrong: frozenset[str]) -> Regression:
    seen = again(check, new, wrong) if wrong & check.expected else new
    return Regression(check, old, seen, seen.outcome is not new.outcome)


def _step(pair: Regression) -> int:
    return pair.after.outcome.goodness - pair.before.outcome.goodness


def _is_shaken(pair: Regression, slack: float) -> bool:
    """Say whether a check slipped over a border, all it rests on being nearly where it was."""
    old, new = pair.before, pair.after
    if pair.is_misplaced or (old.outcome, new.outcome) not in _SLIPS:
        return False
    moved = (
        abs(new.probability - old.probability),
        _right(pair.check, old) - _right(pair.check, new),
    )
    return max(moved) < slack


def _right(check: Check, result: Result) -> float:
    """Return the score of the best right hit."""
    return max((hit.score for hit in result.hits if hit.entry in check.expected), default=0.0)


def _is_orphan(check: Check, held: frozenset[str], had: frozenset[str] | None) -> bool:
    was = check.expected if had is None else check.expected & had
    return check.kind is Kind.GOLDEN and bool(was) and not check.expected & held


def _is_risky(pair: Regression, risks: Mapping[str, int]) -> bool:
    if pair.after.outcome is not Outcome.WRONG or risks.get(pair.check.topic, 0) < RISKY:
        return False
    old, new = pair.before.hits[:1], pair.after.hits[:1]
    is_old = pair.before.outcome is Outcome.WRONG and old and new and old[0].entry == new[0].entry
    return not is_old


def _passed(names: Iterable[str], failed: Iterable[str]) -> dict[str, Passed]:
    every, lost = Counter(names), Counter(failed)
    return {name: Passed(count, count - lost[name]) for name, count in sorted(every.items())}
