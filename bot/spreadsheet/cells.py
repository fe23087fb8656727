"""The text of a cell: guarded against formulas, and lists of parts that come back as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: What a spreadsheet may run: signs and their full-width twins, or white space that hides one.
#: Apostrophes before it are of the text, or of a guard: one more goes on, one comes off.
_RISKY = re.compile("'*(?:[\t\r\n]|\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
_ESCAPE = {"\\": "\\\\", "|": "\\|", "\n": "\\n"}
_UNESCAPE = {"\\\\": "\\", "\\|": "|", "\\n": "\n"}
_SPECIAL = re.compile(r"[\\|\n]")
_ESCAPED = re.compile(r"\\[\\|n]")
_PART = re.compile(r"(?:\\.|[^\\|]|\\$)*")


def guard(text: str) -> str:
    """Return the text as no spreadsheet takes it for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def unguard(text: str) -> str:
    """Return the text that `guard` was given; an apostrophe a person wrote stays."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def line(parts: Iterable[str]) -> str:
    """Return one line of a list: parts between bars."""
    return "|".join(_SPECIAL.sub(lambda found: _ESCAPE[found[0]], part) for part in parts)


def parts(line: str) -> list[str]:
    """Take apart what `line` put together; space around a part is a person's, and goes."""
    found, at = list[str](), 0
    while at <= len(line):
        part = _PART.match(line, at)
        assert part is not None  # it matches the empty text too
        found.append(_ESCAPED.sub(lambda e: _UNESCAPE[e[0]], part[0].strip()).strip())
        at = part.end() + 1
    return found


def lines(cell: str) -> list[tuple[int, str]]:
    """Return the lines of a list that hold something, with their numbers from 1."""
    return [(n, one) for n, one in enumerate(cell.split("\n"), 1) if one.strip()]
