"""The crisis screen: first, alone, by rules that name themselves; and what is said first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intents import crisis_replies, crisis_rules, folding, needles
from intents.crisis_rules import Rule, RuleBook
from knowledge import text as words

FOLDER = Path(__file__).parent / "crisis"
_NOW = 3
_DANGER, _WORRIED, _SLIP = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Crisis:
    """A person may be in danger.

    `severity` is 3 (now), 2 (a human today) or 1 (watch). `needs_check` means that a harmless
    reading exists; the serious one was taken. `speaker` is `self` when the message seems to tell of
    its writer, `other` when of somebody else.
    """

    category: str
    severity: int
    rule: str
    needs_check: bool
    speaker: str = "other"


class Screen:
    """All rules with the cheap test in front."""

    def __init__(self, fold: folding.Folding, book: RuleBook) -> None:
        self._folding, self._anchors, self._told_of = fold, book.anchors, book.told_of
        self._finder = needles.Finder({i: a.needles for i, a in enumerate(book.anchors)})

    def screen(self, normalised: str) -> Crisis | None:
        """Return the gravest crisis in normalised text; equals go to the category named first."""
        folded = self._folding.fold(normalised)
        best: Rule | None = None
        severity = 0
        for at in sorted(self._finder.keys(folded)):
            anchor = self._anchors[at]
            if anchor.rule.highest <= severity:
                continue
            found = anchor.severity_in(folded)
            if found > severity:
                best, severity = anchor.rule, found
        if best is None:
            return None
        speaker = "other" if self._told_of.search(folded) else "self"
        return Crisis(best.category, severity, best.id, best.needs_check, speaker)


def load(folder: Path = FOLDER) -> Screen:
    """Read the rules.

    Raises:
        CatalogueError: a file under the folder is faulty.
    """
    fold = folding.load(folder / "fold.yaml")
    return Screen(fold, crisis_rules.load(folder, fold))


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


def follow_up(category: str, severity: int, choice: int, hotlines: Mapping[str, str]) -> str:
    """Return the second reply, to the choice 1 (danger, unsure), 2 (worried) or 3 (a slip).

    Whatever is not understood counts as choice 1.

    Raises:
        UnknownReply: a number is missing.
    """
    texts = _replies()
    if choice == _SLIP:
        return texts.wrong
    kind = _WORRIED if choice == _WORRIED else _DANGER
    text = crisis_replies.fill(texts.second[(category, kind)], hotlines)
    return f"{texts.still_urgent}\n{text}" if kind == _WORRIED and severity == _NOW else text
