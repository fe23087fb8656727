"""Tables to files: CSV and workbooks that start no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.spreadsheet import cells

#: Equal rows give equal files: no file tells when it was made.
MADE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a row, the header above it, and its width in a workbook."""

    field: str
    header: str
    width: int


def csv_of(heads: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV; every cell is guarded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(column.header for column in heads)
    writer.writerows([cells.guard(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(heads: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as a workbook; cells are texts, and guarded for who saves it as CSV."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,  # the service may have no place for files
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": MADE})
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for at, column in enumerate(heads):
            sheet.set_column(at, at, column.width, wrapped)
            sheet.write_string(0, at, column.header, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                sheet.write_string(number, at, cells.guard(cell))
    return out.getvalue()
