"""The funnel: how many parents came how far, by unit and by course, and what must not be shown.

Counts are people who follow now. Each is in one place only, so the places add up, and what a reader
could subtract is known: between places, and between any two steps of which one holds the other. A
difference is a figure, too: 30 who began less 28 who finished are two who did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bot.analytics.cells import LEAST, Cell, stepped
from bot.analytics.suppression import Sum, hidden

#: As a course: all courses of the programme together.
WHOLE = "*"
_REST, _BESIDE = "\0rest", "\0beside:"


class Step(StrEnum):
    """How far a parent came, in the order of the funnel."""

    FOLLOWED = "followed"
    BOUND = "bound"  # a child with a class
    AGREED = "agreed"  # to the service
    LESSONS = "lessons"  # agreed to hear of lessons
    STARTED = "started"
    COMPLETED = "completed"
    CERTIFIED = "certified"


#: The step a rate is worked out from: its denominator.
BASES: Mapping[Step, Step] = {
    Step.BOUND: Step.FOLLOWED,
    Step.AGREED: Step.FOLLOWED,
    Step.LESSONS: Step.AGREED,
    Step.STARTED: Step.AGREED,
    Step.COMPLETED: Step.STARTED,
    Step.CERTIFIED: Step.AGREED,
}
_AGREED = (Step.BOUND, Step.LESSONS, Step.STARTED, Step.COMPLETED, Step.CERTIFIED)
#: Every pair of steps of which the first holds everybody of the second.
NESTED: Sequence[tuple[Step, Step]] = (
    *((Step.FOLLOWED, step) for step in Step if step is not Step.FOLLOWED),
    *((Step.AGREED, step) for step in _AGREED),
    (Step.STARTED, Step.COMPLETED),
)
_TAKEN: Sequence[tuple[Step, Step]] = ((Step.STARTED, Step.COMPLETED),)


class Key(NamedTuple):
    """One figure: where, of which programme and course (empty: of people), how far."""

    area: str
    programme: str
    course: str
    step: str


@dataclass(slots=True)
class Funnel:
    """Counts of one day and every way they add up; `root` holds all others."""

    root: str
    _cells: dict[Key, Cell] = field(default_factory=dict)
    _sums: list[Sum[Key]] = field(default_factory=list)
    _never: set[Key] = field(default_factory=set)
    _secret: set[Key] = field(default_factory=set)
    _covers: set[Key] = field(default_factory=set)

    def people(
        self, below: Mapping[str, Sequence[str]], counts: Mapping[str, Mapping[str, int]]
    ) -> None:
        """Take the people of each unit with all below it; `below` names the units right below."""
        for area in below:
            own = {Key(area, "", "", step): counts[area].get(step, 0) for step in Step}
            self._take(own, NESTED)
        for area, parts in below.items():
            for step in Step:
                self._split(Key(area, "", "", step), [Key(part, "", "", step) for part in parts])

    def courses(self, areas: Sequence[str], counts: Mapping[Key, int]) -> None:
        """Take who took each course, at the root and in the `areas` right below; after `people`."""
        listed = sorted({(key.programme, key.course) for key in counts})
        for area in (self.root, *areas):
            for programme in sorted({programme for programme, _ in listed}):
                own = [course for whose, course in listed if whose == programme]
                self._programme(area, programme, own, counts)
            self._link(area, sorted({programme for programme, _ in listed}))
        for programme, course in (*listed, *((p, WHOLE) for p in sorted({p for p, _ in listed}))):
            for step in _TAKEN[0]:
                parts = [Key(area, programme, course, step) for area in areas]
                self._split(Key(self.root, programme, course, step), parts)

    def figures(self) -> dict[Key, int | None]:
        """Return every figure as it may be shown; None must not be."""
        gone = hidden(
            self._cells, self._sums, never=self._never, secret=self._secret, covers=self._covers
        )
        shown = (key for key in self._cells if key not in self._never)
        return {key: None if key in gone else self._rounded(key) for key in shown}

    def _rounded(self, key: Key) -> int:
        count = self._cells[key].count
        return count if key.area == self.root else stepped(count)

    def _take(self, own: Mapping[Key, int], pairs: Iterable[tuple[Step, Step]]) -> None:
        """Take the steps of one line; what lies between two of them is a figure nobody shows."""
        for key, count in own.items():
            self._cells.setdefault(key, _cell(count))
        by_step = {key.step: key for key in own}
        for outer, inner in pairs:
            whole, part = by_step[outer], by_step[inner]
            rest = whole._replace(step=f"{outer}-{inner}")
            self._hide(rest, own[whole] - own[part])
            self._covers.add(rest)
            self._sums.append((whole, [part, rest]))
            if 0 < own[whole] < LEAST and not own[part]:
                self._secret.add(part)

    def _split(self, whole: Key, parts: Sequence[Key]) -> None:
        """Note that a figure is the sum of its parts and of what lies beside them."""
        if not parts:
            return
        rest = whole._replace(area=f"{_BESIDE}{whole.area}")
        self._hide(rest, self._cells[whole].count - sum(self._cells[p].count for p in parts))
        self._sums.append((whole, [*parts, rest]))

    def _hide(self, key: Key, count: int) -> None:
        self._cells[key] = Cell(count)
        self._never.add(key)

    def _programme(
        self, area: str, programme: str, own: Sequence[str], counts: Mapping[Key, int]
    ) -> None:
        for course in own:
            keys = [Key(area, programme, course, step) for step in _TAKEN[0]]
            self._take({key: counts.get(key, 0) for key in keys}, _TAKEN)
        whole = [Key(area, programme, WHOLE, step) for step in _TAKEN[0]]
        for key in whole:
            parts = [key._replace(course=course) for course in own]
            self._cells[key] = total = Cell()
            for part in parts:
                total.add(self._cells[part].count, self._cells[part].count, 0)
            self._sums.append((key, parts))
            if self._is_of_few(area):
                self._secret |= {k for k in (key, *parts) if not self._cells[k].count}
        self._take({key: self._cells[key].count for key in whole}, _TAKEN)

    def _is_of_few(self, area: str) -> bool:
        """Say whether so few people are there that even `nobody` would tell of them."""
        bases = (Step.FOLLOWED, Step.AGREED)
        return any(0 < self._cells[Key(area, "", "", step)].count < LEAST for step in bases)

    def _link(self, area: str, programmes: Sequence[str]) -> None:
        """Note that who took the courses are the people of the step, where nobody took two."""
        for step in _TAKEN[0]:
            people, parts = Key(area, "", "", step), [Key(area, p, WHOLE, step) for p in programmes]
            if sum(self._cells[part].count for part in parts) == self._cells[people].count:
                self._sums.append((people, parts))


def _cell(count: int) -> Cell:
    """Return the cell of so many different people."""
    return Cell(count, count)
