"""The crisis screen: rules that name themselves, then a second look; and what is said first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from intents import crisis_kinds, crisis_replies, crisis_rules, folding, needles, second_look
from intents.crisis_rules import Rule, RuleBook
from intents.second_look import SecondLook
from knowledge import text as words

FOLDER = Path(__file__).parent / "crisis"
#: Alarms of the fitted model carry this in the place of a rule's category.
SECOND_LOOK = "second_look"
#: A guess of the model nearer to its bound than this (log odds) is weak.
WEAK = 2.5
_NOW = 3
_DANGER, _WORRIED, _SLIP = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Crisis:
    """A person may be in danger.

    `severity` is 3 (now), 2 (a human today) or 1 (watch). `needs_check` means that a harmless
    reading exists; the serious one was taken. `speaker` is `child` when a minor seems to write of
    himself or his home, `self` when an adult writes of himself or nobody can tell who writes of
    himself, `other` when the message is about somebody else. `is_weak`: the second look alone
    guesses it, near its bound, and not as urgent; who knows better may say so.
    """

    category: str
    severity: int
    rule: str
    needs_check: bool
    speaker: str = "other"
    is_weak: bool = False

    @property
    def by_rule(self) -> bool:
        """Whether a rule raised it; otherwise the second look did."""
        return not self.rule.startswith(SECOND_LOOK)


class Screen:
    """All rules with the cheap test in front, and the second look behind them."""

    def __init__(
        self, fold: folding.Folding, book: RuleBook, second: SecondLook | None = None
    ) -> None:
        self._folding, self._anchors, self._speakers = fold, book.anchors, book.speakers
        anchors = dict(enumerate(book.anchors))
        self._finder = needles.Finder(
            {at: anchor.needles for at, anchor in anchors.items()},
            {at: anchor.also for at, anchor in anchors.items()},
        )
        self._second = second

    def screen(self, normalised: str) -> Crisis | None:
        """Return the gravest crisis in normalised text; equals go to the category named first."""
        folded = self._folding.fold(normalised)
        best = self._gravest(folded)
        if best is None:
            return self._look_again(folded)
        return self._weighed(best, folded) or self._kept(folded)

    def firm(self, normalised: str) -> Crisis | None:
        """Return what the firm rules alone find, whatever the second look says."""
        return self._gravest(self._folding.fold(normalised), firm=True)

    def _gravest(self, folded: str, *, firm: bool = False) -> Crisis | None:
        """Return the gravest that the rules find, or that the firm ones among them find."""
        best: Rule | None = None
        severity = 0
        for at in self._finder.keys(folded):
            anchor = self._anchors[at]
            if anchor.rule.highest <= severity or (firm and not anchor.rule.firm):
                continue
            found = anchor.severity_in(folded)
            if found > severity:
                best, severity = anchor.rule, found
        if best is None:
            return None
        speaker = self._speaker(folded)
        return Crisis(best.category, severity, best.id, best.needs_check, speaker)

    def _look_again(self, folded: str) -> Crisis | None:
        """Ask the model about a message no rule names."""
        look = self._second.look(folded) if self._second else None
        if look is None:
            return None
        rule, speaker = f"{SECOND_LOOK}.{look.category}", self._speaker(folded)
        weak = look.above < WEAK and look.severity < _NOW
        kind, severity = look.category, look.severity
        return Crisis(kind, severity, rule, needs_check=True, speaker=speaker, is_weak=weak)

    def _weighed(self, found: Crisis, folded: str) -> Crisis | None:
        """Let the model judge what a rule found: it may be harmless, of another kind, or graver.

        What a firm rule finds (means at hand, a child's own words of dying) stays; see `_kept`. Of
        the kind of danger it knows more than the rule; of two severities the graver one counts.
        """
        if self._second is None:
            return found
        look = self._second.look(folded, ruled=True)
        if look is None:
            return None
        severity = max(found.severity, look.severity)
        return replace(found, category=look.category, severity=severity)

    def _kept(self, folded: str) -> Crisis | None:
        """Return what a firm rule finds, unless the model is sure that the message is harmless."""
        firm = self._gravest(folded, firm=True)
        if firm is None or (self._second is not None and self._second.rules_out(folded)):
            return None
        return firm

    def _speaker(self, folded: str) -> str:
        words = self._speakers
        if words["child"].search(folded) and not words["adult"].search(folded):
            return "child"
        return "other" if words["told_of"].search(folded) else "self"

    def why(self, normalised: str) -> tuple[tuple[str, float], ...]:
        """Return what speaks most for danger in the eyes of the second look, with its shares."""
        return self._second.why(self._folding.fold(normalised)) if self._second else ()


def load(folder: Path = FOLDER) -> Screen:
    """Read the rules and the second look.

    Raises:
        CatalogueError: a file under the folder is faulty.
    """
    fold = folding.load(folder / "fold.yaml")
    kinds = crisis_kinds.load(folder / "kinds.yaml", fold)
    second = second_look.load(folder / "second_look.npz", kinds)
    return Screen(fold, crisis_rules.load(folder, fold), second)


@cache
def _screen() -> Screen:
    return load()


def screen(text: str) -> Crisis | None:
    """Return the crisis in a message as the parent wrote it, or None."""
    return _screen().screen(words.normalise(text))


@cache
def _replies() -> crisis_replies.Replies:
    return crisis_replies.load(FOLDER / "replies.yaml")


def reply(crisis: Crisis, hotlines: Mapping[str, str]) -> str:
    """Return the first reply: at most 120 characters beside the numbers, then one question.

    `hotlines` maps `hotline_110`, `hotline_120`, `hotline_12356`, `hotline_12355` and
    `hotline_12338` to what parents dial.

    Raises:
        UnknownReply: a number is missing.
    """
    texts = _replies()
    first = texts.first[(crisis.category, crisis.speaker, crisis.severity)]
    return f"{crisis_replies.fill(first, hotlines)}\n{texts.question}"


def follow_up(
    category: str,
    severity: int,
    choice: int,
    hotlines: Mapping[str, str],
    speaker: str = "other",
) -> str:
    """Return the second reply, to the choice 1 (danger, unsure), 2 (worried) or 3 (a slip).

    Whatever is not understood counts as choice 1. A child is answered in words of its own.

    Raises:
        UnknownReply: a number is missing.
    """
    texts = _replies()
    child = speaker == "child"
    if choice == _SLIP:
        return texts.wrong
    kind = _WORRIED if choice == _WORRIED else _DANGER
    second = texts.second_child if child else texts.second
    text = crisis_replies.fill(second[(category, kind)], hotlines)
    if kind != _WORRIED or severity != _NOW:
        return text
    return f"{texts.still_urgent_child if child else texts.still_urgent}\n{text}"
