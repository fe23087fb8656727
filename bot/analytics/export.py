"""Sheets as files: CSV and XLSX whose cells a spreadsheet never takes for formulas.

Source: OWASP, CSV Injection; RELIABILITY 4: what begins like a formula gets a quote in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import xlsxwriter

from bot.analytics.sheet import Cell, Sheet

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What spreadsheets take for a formula's beginning, also as the wide forms that some turn narrow.
_FORMULA = (
    "=", "+", "-", "@", "\t", "\r", "\n",
    "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}",
)  # fmt: skip
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_WIDTH, _WIDTH_MAX = 12, 60


def safe(cell: Cell) -> Cell:
    """Return a cell that is shown as it stands; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def to_csv(about: Sequence[Sequence[Cell]], sheets: Sequence[Sheet]) -> bytes:
    """Return all sheets below each other, in UTF-8 with a mark that spreadsheets know it by."""
    out = io.StringIO()
    write = csv.writer(out)
    for row in (*about, *(row for sheet in sheets for row in _block(sheet))):
        write.writerow([safe(cell) for cell in row])
    return (_BOM + out.getvalue()).encode("utf-8")


def to_xlsx(title: str, about: Sequence[Sequence[Cell]], sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook: what it is about on the first page, then a page a sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    bold = book.add_format({"bold": True})
    _page(book, title, about, bold=None)
    for sheet in sheets:
        _page(book, sheet.title, list(_block(sheet))[1:], bold=bold)
    book.close()
    return out.getvalue()


def _block(sheet: Sheet) -> Iterator[Sequence[Cell]]:
    yield ()
    yield (sheet.title,)
    yield (sheet.how,)
    yield sheet.headers
    yield from sheet.rows


def _page(
    book: xlsxwriter.Workbook, name: str, rows: Sequence[Sequence[Cell]], *, bold: object
) -> None:
    page = book.add_worksheet(name[:31])
    page.set_column(0, 0, _WIDTH * 2)
    page.set_column(1, 8, _WIDTH)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(at, column, str(safe(cell)), bold if at == 2 else None)  # noqa: PLR2004
            else:
                page.write_number(at, column, cell)
