"""A cell's text to a value: days and lists as people write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?:\D|[ T][\d:.]+)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
#: Day 0 of a workbook's calendar; its serials are right from March 1900 on.
_ZERO = date(1899, 12, 30)
_LIST = re.compile("[\\s,;\u3001\uff0c\uff1b]+")


def day(text: str) -> date | None:
    """Read a day: ISO, with slashes, dots or the signs for year and month, or a serial number."""
    try:
        if _SERIAL.fullmatch(text):
            return _ZERO + timedelta(days=int(float(text)))
        found = _DAY.fullmatch(text)
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def items(text: str) -> list[str]:
    """Take a list of codes apart; any comma, semicolon or white space stands between two."""
    return [item for item in _LIST.split(text) if item]
