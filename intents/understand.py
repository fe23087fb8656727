"""What a parent means: the crisis screen, sentence patterns, the classifier, then a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from intents import catalogue, classifier, crisis, patterns, slots
from intents.catalogue import Catalogue
from intents.crisis import Crisis
from intents.errors import CatalogueError, UnknownReply, UnknownSlot
from intents.patterns import Match
from intents.slots import Reading
from intents.template import Either, Literal

_NOTHING: Mapping[str, Any] = MappingProxyType({})
#: A question is what is left over; nobody recognised it.
_LEFT_OVER = 0.5


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message means.

    `slots` are those of the intent that the message names (`slots.NAMES`). `rule` is what decided:
    a crisis rule, `intent:line` of a pattern, `classifier:intent`, or `default`. `confidence` is
    the classifier's probability where it decided.
    """

    intent: str
    slots: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    crisis: Crisis | None = None
    confidence: float = _LEFT_OVER
    rule: str = "default"


class Understander:
    """Everything read from the files, ready to understand and to reply."""

    def __init__(self, folder: Path) -> None:
        self.catalogue: Catalogue = catalogue.load(folder)
        _check_slots(folder / "catalogue.yaml", self.catalogue)
        self.screen = crisis.load(folder / "crisis").screen
        self._choices = slots.load_choices()
        self._slots = slots.load()
        self._classifier = classifier.load(folder / "classifier.npz")
        choice = Either(tuple(Literal(written) for written in self._choices))
        self._patterns = patterns.Patterns(self.catalogue, {"choice": choice})

    def understand(self, text: str) -> Understanding:
        """Return what a message as written means; the same text always means the same."""
        reading = Reading(text)
        alarm = self.screen(reading.plain)
        match = self._match(reading)
        if match is not None:
            # the whole message is a known command; only a rule overrides that
            kept = alarm if alarm is not None and alarm.by_rule else None
            found = self._slots_of(match.intent, reading, match)
            return Understanding(match.intent, found, kept, match.confidence, match.rule)
        default = self.catalogue.default
        if alarm is not None:
            found = self._slots_of(default, reading)
            return Understanding(default, found, alarm, 1.0, alarm.rule)
        return self._guess(reading) or Understanding(default, self._slots_of(default, reading))

    def read(self, name: str, text: str) -> Any | None:
        """Return the value of one slot in any text, or None if it names none.

        Raises:
            UnknownSlot: nobody knows a slot of that name.
        """
        if name not in slots.NAMES:
            raise UnknownSlot(f"no slot is called `{name}`")
        reading = Reading(text)
        if name == "choice":
            match = self._match(reading)
            return self._choice(match) if match else None
        return self._slots.read(name, reading)

    def _match(self, reading: Reading) -> Match | None:
        """Match the message as written, then its second spelling."""
        if len(reading.plain) > patterns.LONGEST:
            return None
        match = self._patterns.match(reading.plain)
        if match is None and reading.mapped is not reading.plain:
            match = self._patterns.match(reading.mapped)
        return match

    def _guess(self, reading: Reading) -> Understanding | None:
        """Return what the classifier is sure of, or None for a question."""
        if len(reading.plain) > classifier.LONGEST:
            return None
        guess = self._classifier.guess(reading.plain, reading.mapped)
        known = self.catalogue.intents.get(guess.intent) if guess else None
        if guess is None or known is None or known.name == self.catalogue.default:
            return None
        found = self._slots_of(known.name, reading)
        rule = f"classifier:{known.name}"
        return Understanding(known.name, found, None, guess.probability, rule)

    def _slots_of(
        self, intent: str, reading: Reading, match: Match | None = None
    ) -> Mapping[str, Any]:
        found = {}
        for name in self.catalogue.intents[intent].slots:
            is_choice = name == "choice"
            value = self._choice(match) if is_choice else self._slots.read(name, reading)
            if value is not None:
                found[name] = value
        return found or _NOTHING

    def _choice(self, match: Match | None) -> int | None:
        written = dict(match.values).get("choice") if match else None
        return self._choices[written] if written else None

    def reply(self, intent: str, name: str = "main", **values: str) -> str:
        """Return a reply of an intent with its placeholders filled.

        Raises:
            UnknownReply: no such intent or reply, or a placeholder without a value.
        """
        known = self.catalogue.intents.get(intent)
        if known is None or name not in known.replies:
            raise UnknownReply(f"no reply {intent}.{name}")
        try:
            return known.replies[name].format_map(values)
        except KeyError as error:
            raise UnknownReply(f"{intent}.{name} needs {error}") from error


def _check_slots(path: Path, known: Catalogue) -> None:
    for intent in known.intents.values():
        for name in intent.slots:
            if name not in slots.NAMES:
                raise CatalogueError(path, None, f"`{intent.name}` lists no known slot: `{name}`")


def load(path: Path | None = None) -> Understander:
    """Read everything under intents/, or under another folder of the same shape.

    What stands under intents/ is read once a process and shared: nothing changes it.

    Raises:
        CatalogueError: the first fault, as one sentence with file and line.
    """
    return Understander(path) if path is not None else _shared()


@cache
def _shared() -> Understander:
    return Understander(catalogue.FOLDER)
