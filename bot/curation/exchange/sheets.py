"""Entries to files: CSV and workbooks that start no formula, and an archive of Markdown."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from bot.curation.exchange import cells, columns, problems
from bot.curation.exchange.columns import Column
from bot.curation.exchange.limits import Limits
from knowledge import writing
from knowledge.entry import Entry

#: Equal entries give equal files: no file tells when it was made.
_MADE = datetime(2000, 1, 1, tzinfo=UTC)


def to_csv(entries: Iterable[Entry]) -> bytes:
    """Return the entries as CSV that Excel and WPS open: UTF-8 with its mark.

    Raises:
        InvalidInput: a text is too long for a cell.
    """
    return csv_of(columns.columns(), _rows(entries))


def to_xlsx(entries: Iterable[Entry]) -> bytes:
    """Return the entries as a workbook of one sheet, every cell a text.

    Raises:
        InvalidInput: a text is too long for a cell.
    """
    return xlsx_of(columns.columns(), _rows(entries))


def to_zip(entries: Iterable[Entry]) -> bytes:
    """Return the entries as an archive laid out as knowledge/content is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            name = f"{entry.topic}/{entry.id.rpartition('.')[2]}.md"
            member = zipfile.ZipInfo(name, date_time=_MADE.timetuple()[:6])
            member.external_attr = 0o644 << 16
            archive.writestr(member, writing.markdown(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _rows(entries: Iterable[Entry]) -> Iterator[Sequence[str]]:
    most = Limits().cell
    for entry in entries:
        row = columns.row(entry)
        for field, value in row.items():
            if len(value) > most:
                said = {"entry": entry.id, "column": columns.header(field)}
                raise problems.refuse("cell_too_long_to_write", value=len(value), most=most, **said)
        yield [row[column.field] for column in columns.columns()]


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
        book.set_properties({"created": _MADE})
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
