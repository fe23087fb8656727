"""Run by itself: a workbook on standard input to one JSON list of texts a row, or an exit code.

One cell in the last corner of a sheet makes the parser ask for 400 GB and abort; so it does that
here, in a process of its own with little memory, and not in the service.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import python_calamine

#: Exit codes that say what is wrong; any other is a file that cannot be read.
ENCRYPTED, MANY_SHEETS, TOO_MANY_ROWS, TOO_MUCH = 11, 12, 13, 14
_WHOLE = 1e15  # above, a float is no count and no day


def main(rows: int, most: int, memory: int, seconds: int) -> int:
    """Write the rows of the one sheet that holds something; return the exit code."""
    _limit(memory, seconds)
    try:
        found = _filled(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(_read())))
    except python_calamine.PasswordError:
        return ENCRYPTED
    if len(found) > 1:
        return MANY_SHEETS
    table = found[0].to_python(skip_empty_area=False, nrows=rows + 2) if found else []
    if len(table) > rows + 1:
        return TOO_MANY_ROWS
    return _write(table, most)


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there a crash still stays in this process
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read() -> bytes:
    return sys.stdin.buffer.read()


def _filled(book: python_calamine.CalamineWorkbook) -> list[python_calamine.CalamineSheet]:
    kinds = [python_calamine.SheetTypeEnum.WorkSheet]
    listed = [n for n, sheet in enumerate(book.sheets_metadata) if sheet.typ in kinds]
    return [sheet for n in listed if (sheet := book.get_sheet_by_index(n)).end is not None]


def _write(table: Iterable[list[Any]], most: int) -> int:
    for row in table:
        line = json.dumps([_text(value) for value in row], ensure_ascii=False).encode()
        most -= len(line)
        if most < 0:
            return TOO_MUCH
        sys.stdout.buffer.write(line + b"\n")
    return 0


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    if isinstance(value, datetime) and value == datetime.combine(value, datetime.min.time()):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
