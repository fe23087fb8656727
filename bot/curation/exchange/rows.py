"""What was found in a file: its rows, each an entry or the faults it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.entry import Entry


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a person must mend: the row of the file, the column's header, a sentence."""

    row: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is the file's own (the header is row 1), or the place in an archive."""

    number: int
    id: str
    #: As a draft; None where a fault leaves no entry.
    entry: Entry | None
    faults: tuple[Fault, ...]
    #: The cells as they came, of a row with faults only: most rows have none, and none are kept.
    cells: Mapping[str, str]
    #: What it is asked by: (field, as written, normalised).
    wordings: tuple[tuple[str, str, str], ...]
    related: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read; `fields` are those it has columns for."""

    fields: tuple[str, ...]
    rows: tuple[Row, ...]
