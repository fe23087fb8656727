"""The rows of a CSV file as Excel, WPS and others write them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from bot.spreadsheet import problems

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = ",\t;"


def rows(data: bytes) -> Iterator[list[str]]:
    """Yield the rows; the header tells which sign stands between two cells.

    Raises:
        InvalidInput: it is not text in UTF-8 or GB18030, or its quotes do not match.
    """
    text = decoded(data)
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=head.count), strict=True
    )
    try:
        yield from reader
    except csv.Error as error:
        raise problems.refuse("csv_broken", line=reader.line_num) from error


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, with or without its mark, or in GB18030.

    Raises:
        InvalidInput: it is in neither.
    """
    if data.startswith(_WIDE):
        raise problems.refuse("utf16")
    if b"\0" in data:
        raise problems.refuse("binary")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise problems.refuse("encoding")
