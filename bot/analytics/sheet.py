"""One table of the dashboard, and how its cells are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.analytics.board import Line
from bot.analytics.queries import RISES, SMOOTH

Say = Callable[..., str]
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One chart: its figures as a table, how they are worked out, and what is drawn of them.

    `series` maps a name to values beside `labels`; None draws nothing. `form` is how: days, bars
    (lying) or columns; `unit` stands behind a value.
    """

    key: str
    title: str
    how: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    labels: Sequence[str] = ()
    series: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    form: str = "columns"
    stacked: bool = False
    unit: str = ""

    @property
    def is_blank(self) -> bool:
        """Say whether there is nothing to draw: every figure is too small to be shown."""
        return not any(value for values in self.series.values() for value in values)


@dataclass(frozen=True, slots=True)
class Names:
    """How keys are called: topics and districts by their names, everything else by a sentence."""

    say: Say
    topics: Mapping[str, str]
    districts: Mapping[str, str]

    def topic(self, key: str) -> str:
        """Return the name of a topic; an unknown one keeps its key."""
        return self.topics.get(key, key)


def make(
    key: str,
    names: Names,
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    smooth: float = SMOOTH,
    rises: float = RISES,
    titled: str = "",
    **drawn: Any,
) -> Sheet:
    """Return a sheet with its title and how it is worked out; `drawn` are fields of `Sheet`."""
    how = names.say(f"dashboard.how.{key}", smooth=smooth, rises=rises)
    title = names.say(f"dashboard.title.{titled or key}")
    return Sheet(key, title, how, headers, rows, **drawn)


def called(names: Names, kinds: Sequence[str]) -> list[str]:
    """Return the names of kinds."""
    return [names.say(f"dashboard.kind.{kind}") for kind in kinds]


def counts(line: Line, kinds: Sequence[str], names: Names) -> list[Cell]:
    """Return the cells of a line for these kinds."""
    return [count(line.counts[kind], names) for kind in kinds]


def count(value: int | None, names: Names) -> Cell:
    """Return a figure, or what stands for one that is not shown."""
    return names.say("dashboard.small") if value is None else value


def rate(share: float | None, names: Names) -> Cell:
    """Return a share in per cent, or what stands for one that cannot be worked out."""
    return names.say("dashboard.none") if share is None else f"{share * 100:.1f}%"


def hundredths(shares: Sequence[float | None]) -> list[float | None]:
    """Return shares as charts draw them: of a hundred."""
    return [None if share is None else round(share * 100, 1) for share in shares]
