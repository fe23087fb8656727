"""Who has just told of a crisis, in memory: so that the answer is understood without a database."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from bot.runtime import Runtime
from bot.safety import words
from bot.safety.rules import rules
from intents.crisis import Crisis

_SHELF = "dialogue.cries"
#: Parents remembered at most; the oldest go first.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Cry:
    """What the second reply needs to know of the first."""

    category: str
    severity: int
    is_soft: bool
    speaker: str = "other"

    @classmethod
    def of(cls, found: Crisis) -> Cry:
        """Return what is kept of a crisis."""
        return cls(found.category, found.severity, words.is_soft(found), found.speaker)


class Cries:
    """Crises by pseudonym, each for as long as its question waits for an answer."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Cry, float, str]] = OrderedDict()
        #: The last answer given from memory: the platform's repeats get it again.
        self._told: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def note(self, name: str, cry: Cry, now: datetime) -> None:
        """Remember a crisis."""
        until = now.timestamp() + rules().answer_minutes * 60
        self._known.pop(name, None)
        self._known[name] = (cry, until, "")
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def get(self, name: str, key: str, now: datetime) -> Cry | None:
        """Return the crisis whose question waits for this message, or was answered by it."""
        cry, until, answer = self._known.get(name, (None, 0.0, ""))
        return cry if until >= now.timestamp() and answer in ("", key) else None

    def answered(self, name: str, key: str) -> None:
        """Note which message answers the question; its transaction may still fail."""
        found = self._known.get(name)
        if found is not None:
            self._known[name] = (found[0], found[1], key)

    def tell(self, name: str, key: str, words: str) -> None:
        """Remember what was answered to a message."""
        self._told.pop(name, None)
        self._told[name] = (key, words)
        while len(self._told) > MOST:
            self._told.popitem(last=False)

    def told(self, name: str, key: str) -> str | None:
        """Return what was answered to this message before."""
        found = self._told.get(name)
        return found[1] if found is not None and found[0] == key else None

    def __len__(self) -> int:
        return len(self._known)


def kept(rt: Runtime) -> Cries:
    """Return the memory of this process."""
    found: Cries = rt.shelf.setdefault(_SHELF, Cries())
    return found
