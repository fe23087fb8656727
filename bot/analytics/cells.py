"""A cell: how often something happened, and how many different people it surely was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

#: So many questions of so many people a shown figure stands for, at least.
LEAST = 10
#: Figures of a part of the city are shown to the nearest multiple.
STEP = 5

_LOTS = 60
_DIGITS = 8


class Kind(StrEnum):
    """What a fact counts. The first three are the ways a question can go."""

    ANSWER = "answer"
    CANDIDATES = "candidates"
    DECLINE = "decline"
    #: Beside the questions: were it one of them, few crises would hide what they add up with.
    CRISIS = "crisis"
    #: An entry opened by its number: no question of its own.
    CHOICE = "choice"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


QUESTIONS = (Kind.ANSWER, Kind.CANDIDATES, Kind.DECLINE)
VOTES = (Kind.HELPFUL, Kind.UNHELPFUL)


@dataclass(slots=True)
class Cell:
    """`count` events; `day_askers` on the day with most; `lots` of everybody, as bits."""

    count: int = 0
    day_askers: int = 0
    lots: int = 0

    def add(self, count: int, day_askers: int, lots: int) -> None:
        """Take in the same cell of another day, or another cell of the same days."""
        self.count += count
        self.day_askers = max(self.day_askers, day_askers)
        self.lots |= lots

    @property
    def askers(self) -> int:
        """Return how many different people there were at least."""
        return max(self.day_askers, self.lots.bit_count())

    @property
    def is_small(self) -> bool:
        """Say whether the figure could tell of somebody; nothing at all tells of nobody."""
        return self.count > 0 and min(self.count, self.askers) < LEAST


def lot(asker: str) -> int:
    """Return the one bit of 60 an asker falls on, the same for ever.

    Different bits are different people, and bits can be put together over days without keeping
    who it was: tens of thousands of the city's parents share each.
    """
    return 1 << (int(asker[:_DIGITS], 16) % _LOTS)


def lots(askers: Iterable[str]) -> int:
    """Return the bits of several askers."""
    found = 0
    for asker in askers:
        found |= lot(asker)
    return found


def stepped(count: int) -> int:
    """Return the nearest multiple of `STEP`; halves do not occur."""
    return STEP * round(count / STEP)
