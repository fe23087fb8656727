"""What a parent means: the crisis screen, then sentence patterns, then a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from intents import catalogue, crisis, patterns, slots
from intents.catalogue import Catalogue
from intents.crisis import Crisis
from intents.errors import UnknownReply
from intents.template import Either, Literal
from knowledge import text as words

_NOTHING: Mapping[str, Any] = MappingProxyType({})
#: A question is what is left over; nobody recognised it.
_LEFT_OVER = 0.5


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message means.

    `slots`: `choice` (int) for `number_choice`, `ages` (age bands) for a question. `rule` is what
    decided: a crisis rule, `intent:line` of a pattern, or `default`.
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
        self._screen = crisis.load(folder / "crisis")
        self._choices = slots.load_choices(folder / "slots" / "choice.yaml")
        self._ages = slots.load_ages(folder / "slots" / "ages.yaml")
        choice = Either(tuple(Literal(written) for written in self._choices))
        self._patterns = patterns.Patterns(self.catalogue, {"choice": choice})

    def understand(self, text: str) -> Understanding:
        """Return what a message as written means; the same text always means the same."""
        plain = words.normalise(text)
        alarm = self._screen.screen(plain)
        match = self._patterns.match(plain)
        if match is not None and alarm is not None and not alarm.by_rule:
            alarm = None  # the whole message is a known command; only a rule overrides that
        if alarm is not None and match is None:
            return Understanding(
                self.catalogue.default, self._ages_in(plain), alarm, 1.0, alarm.rule
            )
        if match is None:
            return Understanding(self.catalogue.default, self._ages_in(plain))
        values = {name: self._choices[value] for name, value in match.values if name == "choice"}
        return Understanding(match.intent, values, alarm, match.confidence, match.rule)

    def _ages_in(self, plain: str) -> Mapping[str, Any]:
        found = self._ages.find(plain)
        return {"ages": found} if found else _NOTHING

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


def load(path: Path | None = None) -> Understander:
    """Read everything under intents/, or under another folder of the same shape.

    Raises:
        CatalogueError: the first fault, as one sentence with file and line.
    """
    return Understander(path or catalogue.FOLDER)
