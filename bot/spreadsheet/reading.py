"""A table from outside: its rows by file kind, and what its headers stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath

from bot.spreadsheet import cells, csvs, problems, workbooks
from bot.spreadsheet.limits import MEGABYTE, Limits

KINDS = (".csv", *workbooks.KINDS)


def bounded(data: bytes, limits: Limits) -> None:
    """Refuse a file that is empty or too large.

    Raises:
        InvalidInput: it is.
    """
    if len(data) > limits.size:
        megabytes, most = len(data) // MEGABYTE + 1, limits.size // MEGABYTE
        raise problems.refuse("too_big", value=megabytes, most=most)
    if not data:
        raise problems.refuse("empty")


def table(name: str, data: bytes, limits: Limits) -> Iterator[list[str]]:
    """Return the rows of a table from its header on; the file's name tells the kind.

    Raises:
        InvalidInput: the file as a whole cannot be taken; the message is for the uploader.
    """
    bounded(data, limits)
    kind = PurePosixPath(name).suffix.lower()
    if kind == ".csv":
        return csvs.rows(data)
    if kind in workbooks.KINDS:
        return workbooks.rows(kind, data, limits)
    raise problems.refuse("unknown_sheet", value=kind or name)


def heads(
    header: Sequence[str],
    known: Mapping[str, str],
    passed: Collection[str],
    required: Mapping[str, str],
) -> list[str | None]:
    """Return the field of each column: None where there is no header, empty where it is passed.

    `known` are fields by header, `passed` headers of columns that are not read, `required` headers
    by field.

    Raises:
        InvalidInput: a header is unknown, stands twice, or is missing.
    """
    found: list[str | None] = []
    for cell in (cells.unguard(cell).strip() for cell in header):
        if cell and cell not in passed and cell not in known:
            raise problems.refuse("header_unknown", value=cell)
        if known.get(cell) in found and cell in known:
            raise problems.refuse("header_twice", value=cell)
        found.append("" if cell in passed else known.get(cell))
    missing = [shown for field, shown in required.items() if field not in found]
    if missing:
        raise problems.refuse("header_missing", value=" ".join(missing))
    return found


def filled(rows: Iterator[list[str]], limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, with the file's own numbers (the header is row 1).

    Raises:
        InvalidInput: there are more than the limits allow.
    """
    found = ((n, row) for n, row in enumerate(rows, 2) if any(cell.strip() for cell in row))
    for count, pair in enumerate(islice(found, limits.rows + 1), 1):
        if count > limits.rows:
            raise problems.refuse("too_many_rows", most=limits.rows)
        yield pair


def given(header: Sequence[str | None], row: Sequence[str]) -> dict[str, str]:
    """Return the texts of a row by field."""
    return {
        head: cells.unguard(cell.replace("\r\n", "\n").replace("\r", "\n"))
        for head, cell in zip(header, row, strict=False)
        if head
    }


def loose(header: Sequence[str | None], row: Sequence[str]) -> int | None:
    """Return the number of the first filled cell that stands under no header."""
    for n, cell in enumerate(row, 1):
        if cell.strip() and (n > len(header) or header[n - 1] is None):
            return n
    return None
