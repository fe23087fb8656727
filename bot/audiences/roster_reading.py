"""A file of schools and classes read row by row: nothing is written, and no person gets through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.org import grades
from bot.spreadsheet import problems
from bot.spreadsheet import reading as tables
from bot.spreadsheet.limits import Limits
from bot.spreadsheet.writing import Column

_FOLDER = Path(__file__).parent
_sentences = problems.Sentences(problems.FILE, _FOLDER / "roster_problems.yaml")
say, refuse = _sentences.say, _sentences.refuse
LIMITS = Limits(rows=20_000)
CLASSES_MAX = 60
#: Numbers of identity cards, of pupils (G and the card's number), and of mobile phones; and a
#: card's number as a workbook's float.
_PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)|\d\.\d+[eE]\+?1[4-8]")
_SPACE = re.compile(r"[\s\-]+")


@dataclass(frozen=True, slots=True)
class Words:
    """roster.yaml."""

    columns: tuple[Column, ...]
    most: Mapping[str, int]
    required: tuple[str, ...]
    example: tuple[tuple[str, ...], ...]
    personal: tuple[str, ...]

    def header(self, name: str) -> str:
        """Return the header of a field."""
        return next(c.header for c in self.columns if c.field == name)


@cache
def words() -> Words:
    """Read roster.yaml."""
    data: dict[str, Any] = yaml.safe_load((_FOLDER / "roster.yaml").read_text(encoding="utf-8"))
    columns = data["columns"]
    return Words(
        columns=tuple(Column(f, v["header"], v["width"]) for f, v in columns.items()),
        most={f: v["most"] for f, v in columns.items()},
        required=tuple(data["required"]),
        example=tuple(map(tuple, data["example"])),
        personal=tuple(data["personal"]),
    )


@dataclass(slots=True)
class Line:
    """One row of the file (the header is row 1): a cohort of a school and numbers of its classes.

    `district` and `street` are as typed; `stage` is a code.
    """

    row: int
    district: str = ""
    street: str = ""
    school: str = ""
    stage: str = ""
    entry_year: int = 0
    first: int = 0
    last: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    def wrong(self, name: str, key: str, **values: object) -> None:
        """Note what is wrong with a field; its first fault is kept."""
        self.faults.setdefault(name, say(key, **values))


def read(name: str, data: bytes, today: date) -> list[Line]:
    """Read a file.

    Raises:
        InvalidInput: the file as a whole cannot be taken; the message is for the uploader.
    """
    rows = tables.table(name, data, LIMITS)
    header = next(rows, None)
    if header is None:
        raise refuse("empty")
    for cell in header:
        if any(word in cell.lower() for word in words().personal):
            raise refuse("personal_header", value=cell.strip())
    known = {c.header: c.field for c in words().columns}
    required = {f: words().header(f) for f in words().required}
    heads = tables.heads(header, known, (), required)
    found = list(_lines(rows, heads, today))
    if not found:
        raise refuse("no_lines")
    return found


def _lines(rows: Iterator[list[str]], heads: list[str | None], today: date) -> Iterator[Line]:
    for number, row in tables.filled(rows, LIMITS):
        if any(_PERSONAL.search(_SPACE.sub("", cell)) for cell in row):
            raise refuse("personal_cell", row=number)
        line = _line(number, tables.given(heads, row), today)
        loose = tables.loose(heads, row)
        if loose is not None:
            line.wrong("", "extra_cell", value=loose)
        yield line


def _line(number: int, given: Mapping[str, str], today: date) -> Line:
    line = Line(number)
    texts = {name: " ".join(given.get(name, "").split()) for name in words().most}
    for name, text in texts.items():
        if not text and name in words().required:
            line.wrong(name, "required")
        if len(text) > words().most[name]:
            line.wrong(name, "too_long", value=len(text), most=words().most[name])
    line.district, line.street, line.school = texts["district"], texts["street"], texts["school"]
    line.stage = _stage(line, texts["stage"])
    line.entry_year = _year(line, texts["entry_year"], today)
    line.first, line.last = _numbers(line, texts["classes"], texts["number"])
    return line


def _stage(line: Line, text: str) -> str:
    named = {code: name for code, name in grades.words().stages.items()
             if grades.words().grades[code]}  # fmt: skip
    found = next((code for code, name in named.items() if text in (code, name)), "")
    if text and not found:
        line.wrong("stage", "unknown_code", value=text, allowed=" ".join(named.values()))
    return found


def _year(line: Line, text: str, today: date) -> int:
    """Return the year of entry of a cohort that is at school, or comes next September."""
    high = grades.school_year(today) + 1
    low = high - len(grades.words().grades.get(line.stage, ())) if line.stage else high - 6
    year = int(text) if text.isascii() and text.isdecimal() else 0
    if text and not low <= year <= high:
        line.wrong("entry_year", "year", low=low, high=high)
    return year


def _numbers(line: Line, classes: str, number: str) -> tuple[int, int]:
    if bool(classes) == bool(number):
        line.wrong("classes", "one_of_two")
        return 0, 0
    name, text = ("classes", classes) if classes else ("number", number)
    last = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= last <= CLASSES_MAX:
        line.wrong(name, "number")
        return 0, 0
    return (1, last) if classes else (last, last)
