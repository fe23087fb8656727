"""The rows of .xlsx, .xls and .ods: read by a process that may fail without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from bot.errors import InvalidInput
from bot.spreadsheet import problems, taken_apart, unpack
from bot.spreadsheet.limits import MEGABYTE, Limits

_PROGRAM = Path(__file__).with_name("taken_apart.py")
#: An encrypted workbook is an old one on the outside, whatever its name.
OLD, ZIPPED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_MAGIC = {".xls": OLD, ".xlsx": ZIPPED, ".ods": ZIPPED}
KINDS = tuple(_MAGIC)


def rows(kind: str, data: bytes, limits: Limits) -> Iterator[list[str]]:
    """Yield the rows of the one sheet that holds something, from the first row of the sheet on.

    Raises:
        InvalidInput: it is not of this kind, cannot be read, or is larger than the limits.
    """
    if not data.startswith(_MAGIC[kind]):
        hidden = kind == ".xlsx" and data.startswith(OLD)
        raise problems.refuse("encrypted" if hidden else "wrong_magic", value=kind)
    if _MAGIC[kind] == ZIPPED:
        deque(unpack.members(data, limits), maxlen=0)  # only to count; the process unpacks anew
    for line in _taken_apart(data, limits).splitlines():
        yield json.loads(line)


def _taken_apart(data: bytes, limits: Limits) -> bytes:
    given = (limits.rows, limits.unpacked, limits.memory, limits.seconds)
    try:
        done = subprocess.run(  # noqa: S603 - this program, numbers, and the file on its input
            [sys.executable, "-I", str(_PROGRAM), *map(str, given)],
            input=data,
            capture_output=True,
            timeout=limits.seconds,
            check=False,
            env={k: v for k, v in os.environ.items() if k == "SYSTEMROOT"},  # and no secrets
        )
    except subprocess.TimeoutExpired as error:
        raise problems.refuse("too_slow") from error
    if done.returncode:
        raise _refused(done.returncode, limits)
    return done.stdout


def _refused(code: int, limits: Limits) -> InvalidInput:
    if code == taken_apart.ENCRYPTED:
        return problems.refuse("encrypted")
    if code == taken_apart.MANY_SHEETS:
        return problems.refuse("many_sheets")
    if code == taken_apart.TOO_MANY_ROWS:
        return problems.refuse("too_many_rows", most=limits.rows)
    if code == taken_apart.TOO_MUCH:
        return problems.refuse("too_much", most=limits.unpacked // MEGABYTE)
    return problems.refuse("unreadable")
