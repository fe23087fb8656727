"""Entries to files: CSV and workbooks that start no formula, and an archive of Markdown."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from bot.curation.exchange import columns, problems
from bot.spreadsheet.limits import Limits
from bot.spreadsheet.writing import MADE, csv_of, xlsx_of
from knowledge import writing
from knowledge.entry import Entry


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
            member = zipfile.ZipInfo(name, date_time=MADE.timetuple()[:6])
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
