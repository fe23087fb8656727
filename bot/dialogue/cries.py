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

    @classmethod
    def of(cls, found: Crisis) -> Cry:
        """Return what is kept of a crisis."""
        return cls(found.category, found.severity, words.is_soft(found))


class Cries:
    """Crises by pseudonym, each for as long as its question waits for an answer."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Cry, float]] = OrderedDict()

    def note(self, name: str, cry: Cry, now: datetime) -> None:
        """Remember a crisis."""
        until = now.timestamp() + rules().answer_minutes * 60
        self._known.pop(name, None)
        self._known[name] = (cry, until)
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def get(self, name: str, now: datetime) -> Cry | None:
        """Return the crisis whose question waits for this parent's answer."""
        found = self._known.get(name)
        if found is None:
            return None
        if found[1] < now.timestamp():
            del self._known[name]
            return None
        return found[0]

    def drop(self, name: str) -> None:
        """Forget what has been answered."""
        self._known.pop(name, None)

    def __len__(self) -> int:
        return len(self._known)


def kept(rt: Runtime) -> Cries:
    """Return the memory of this process."""
    found: Cries = rt.shelf.setdefault(_SHELF, Cries())
    return found
