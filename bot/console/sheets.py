"""Tables to be saved: CSV that spreadsheets open as text, never as formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: What a spreadsheet may run: signs and their full-width twins, or white space that hides one.
_RISKY = re.compile("[\t\r\n]|\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
#: Excel takes a CSV for UTF-8 only with this in front.
_MARK = "\ufeff"


def guarded(cell: object) -> str:
    """Return the text of a cell as no spreadsheet takes it for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _RISKY.match(text) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file with its head."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([guarded(cell) for cell in head])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return (_MARK + kept.getvalue()).encode()
