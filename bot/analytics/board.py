"""All cells of one page and every way they add up, so that they are hidden together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.analytics.cells import QUESTIONS, VOTES, Cell, Kind, stepped
from bot.analytics.suppression import Sum, hidden

#: Sums of kinds; they are figures like the kinds themselves.
ASKED, VOTED = "questions", "votes"
_KINDS = (*QUESTIONS, ASKED, *VOTES, VOTED, Kind.CRISIS, Kind.CHOICE)
_SUMS = ((ASKED, QUESTIONS), (VOTED, VOTES))
_TOTAL, _REST = "total", "\0rest"


class Key(NamedTuple):
    """One cell: of which table, in which line, what is counted."""

    table: str
    name: Any
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one line by kind; None is too small to be shown, or would give one away."""

    name: Any
    counts: Mapping[str, int | None]

    def share(self, kind: str, of: str = ASKED) -> float | None:
        """Return a kind's part of a sum, worked out from shown figures alone."""
        part, whole = self.counts.get(kind), self.counts.get(of)
        return None if part is None or not whole else part / whole


@dataclass(slots=True)
class Board:
    """`is_part`: all figures are stepped, not only those of tables that are parts by nature."""

    is_part: bool
    _cells: dict[Key, Cell] = field(default_factory=dict)
    _sums: list[Sum[Key]] = field(default_factory=list)
    _never: set[Key] = field(default_factory=set)
    _stepped: set[str] = field(default_factory=set)
    _gone: frozenset[Key] | None = None

    def total(self, cells: Mapping[tuple[Any, str], Cell]) -> None:
        """Take the cells of the whole: those of any table, added up over its lines."""
        found: dict[str, Cell] = {}
        for (_, kind), cell in cells.items():
            found.setdefault(kind, Cell()).add(cell.count, cell.day_askers, cell.lots)
        self._line(_TOTAL, "", found)

    def table(
        self,
        table: str,
        cells: Mapping[tuple[Any, str], Cell],
        names: Sequence[Any],
        *,
        never: Collection[str] = (),
        steps: bool = False,
    ) -> None:
        """Take the lines of a table, after the total; kinds of `never` have no column in it.

        What the total holds beside these lines is kept as a line that is never shown.
        """
        for name in names:
            found = {k: cells[name, k] for k in _KINDS if (name, k) in cells}
            self._line(table, name, found)
            self._never |= {Key(table, name, kind) for kind in never}
        for kind in _KINDS:
            self._add_rest(table, names, kind)
        if steps:
            self._stepped.add(table)

    def _line(self, table: str, name: Any, found: Mapping[str, Cell]) -> None:
        for kind in _KINDS:
            self._cells[Key(table, name, kind)] = found.get(kind, Cell())
        for whole, parts in _SUMS:
            cell = Cell()
            for kind in parts:
                part = self._cells[Key(table, name, kind)]
                cell.add(part.count, part.day_askers, part.lots)
            self._cells[Key(table, name, whole)] = cell
            self._sums.append((Key(table, name, whole), [Key(table, name, k) for k in parts]))

    def _add_rest(self, table: str, names: Sequence[Any], kind: str) -> None:
        total, rest = Key(_TOTAL, "", kind), Key(table, _REST, kind)
        lines = [Key(table, name, kind) for name in names]
        counted = sum(self._cells[key].count for key in lines)
        self._cells[rest] = Cell(self._cells[total].count - counted)
        self._never.add(rest)
        self._sums.append((total, [*lines, rest]))

    def whole(self) -> Line:
        """Return the line of the total."""
        return self.line(_TOTAL, "")

    def line(self, table: str, name: Any) -> Line:
        """Return a line as it may be shown; nothing can be added to the board any more."""
        if self._gone is None:
            self._gone = hidden(self._cells, self._sums, never=self._never)
        return Line(name, {kind: self._shown(Key(table, name, kind)) for kind in _KINDS})

    def _shown(self, key: Key) -> int | None:
        assert self._gone is not None
        if key in self._gone:
            return None
        count = self._cells[key].count
        return stepped(count) if self.is_part or key.table in self._stepped else count
