"""The directory as a table that can be changed and brought back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.directory.fields import texts
from bot.directory.place import Place
from bot.directory.words import words
from bot.spreadsheet.writing import csv_of, xlsx_of

WRITERS = {"csv": (csv_of, "text/csv"), "xlsx": (
    xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)}  # fmt: skip


def write(kind: str, places: Iterable[Place], names: Mapping[str, str]) -> bytes:
    """Return a file with one row a place; `names` are the districts' by path."""
    columns = words().columns
    rows = (texts(place, names) for place in places)
    return WRITERS[kind][0](columns, ([row[c.field] for c in columns] for row in rows))
