"""How many stars, and what the next one asks for, in one sentence; nobody else is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.awards import rules


@dataclass(frozen=True, slots=True)
class Stars:
    """A parent's stars, and what is still asked for the next one; nothing: there is none."""

    star: int
    missing: Mapping[str, int]

    @property
    def sentence(self) -> str:
        """Return how the next star is reached."""
        texts = rules.stars()["texts"]
        if not self.missing:
            return str(texts["top"])
        needs = rules.asked(self.missing)
        name = "next" if self.star else "first"
        return str(texts[name].format(needs=needs, star=rules.number(self.star + 1)))


def reached(counts: Mapping[str, int], today: date) -> int:
    """Return the highest star whose needs, and those of all below, are met."""
    star = 0
    for needs in rules.levels(today).needs:
        if _missing(needs, counts):
            break
        star += 1
    return star


def of(counts: Mapping[str, int], today: date, *, least: int = 0) -> Stars:
    """Return the stars of these counts; `least` were reached before and are never taken away."""
    needs = rules.levels(today).needs
    star = max(reached(counts, today), least)
    while star < len(needs) and not _missing(needs[star], counts):
        star += 1
    return Stars(star, _missing(needs[star], counts) if star < len(needs) else {})


def _missing(needs: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, int]:
    left = {name: n - counts.get(name, 0) for name, n in needs.items()}
    return {name: n for name, n in left.items() if n > 0}
