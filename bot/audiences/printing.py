"""The codes of a school on sheets of A4, six a sheet, as a PDF: no browser is needed to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.audiences.packing import Sheet
from bot.drawing import book, glyphs
from bot.drawing.canvas import Canvas

_ACROSS, _DOWN = 2, 3
A_SHEET = _ACROSS * _DOWN
#: Millimetres in dots: the edge of the sheet, and where things stand in a cell.
_MM = book.DPI / 25.4
_EDGE, _FOOT = round(10 * _MM), round(12 * _MM)
_SMALL, _TEXT, _LARGE, _NOTE = (round(mm * _MM) for mm in (4, 4.6, 6.6, 2.9))
_CODE_MOST = round(42 * _MM)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a sheet: its middle, its top, its width; dots."""

    x: int
    y: int
    width: int


def pdf(school: str, sheets: Sequence[Sheet], product: str) -> bytes:
    """Return the codes, at least one, as a PDF; equal codes give an equal file."""
    return book.pdf(_pages(school, sheets, product))


def missing(school: str, sheets: Sequence[Sheet]) -> str:
    """Return the signs of the names that cannot be drawn: a star stands for each."""
    return glyphs.missing(school + "".join(one.title + one.today for one in sheets))


def _pages(school: str, sheets: Sequence[Sheet], product: str) -> Iterator[Canvas]:
    count = -(-len(sheets) // A_SHEET)
    for number in range(count):
        page = book.a4()
        some = sheets[number * A_SHEET : (number + 1) * A_SHEET]
        for one, cell in zip(some, _cells(page), strict=False):
            _paint(page, cell, school, one)
        _cut(page)
        foot = _words()["foot"].format(product=product, school=school, page=number + 1, pages=count)
        size = page.size(foot, _NOTE, page.width - 2 * _EDGE)
        page.text(foot, page.height - _FOOT, size, "black")
        yield page


def _cells(page: Canvas) -> Iterator[_Cell]:
    width, height = (page.width - 2 * _EDGE) // _ACROSS, _height(page)
    for n in range(A_SHEET):
        left, top = _EDGE + n % _ACROSS * width, _EDGE + n // _ACROSS * height
        yield _Cell(left + width // 2, top, width - 2 * _EDGE)


def _height(page: Canvas) -> int:
    return (page.height - 2 * _EDGE - _FOOT) // _DOWN


def _cut(page: Canvas) -> None:
    """Draw the dotted lines between the cells."""
    height = _height(page)
    for n in range(1, _DOWN):
        page.dots(_EDGE, _EDGE + n * height, page.width - 2 * _EDGE, is_across=True)
    page.dots(page.width // 2, _EDGE, _DOWN * height, is_across=False)


def _paint(page: Canvas, cell: _Cell, school: str, one: Sheet) -> None:
    """Draw a code with the names above it and what to do below it."""
    words, y = _words(), cell.y + round(4 * _MM)
    if one.today:
        _line(page, cell, school, y, _SMALL)
    _line(page, cell, one.title, y + round(5 * _MM), _LARGE, bold=2)
    if one.today:
        _line(page, cell, words["today"].format(today=one.today), y + round(14 * _MM), _SMALL)
    top = y + round(23 * _MM)
    side = page.code(one.code.url, top, _CODE_MOST, "black", x=cell.x, error="m")
    below = top + side + round(5 * _MM)
    _line(page, cell, words["scan"], below, _TEXT)
    _line(page, cell, words["class" if one.today else "place"], below + round(7 * _MM), _TEXT)


def _line(page: Canvas, cell: _Cell, words: str, y: int, size: int, *, bold: int = 0) -> None:
    """Write one line around the middle of a cell, smaller where it is long."""
    fitting = page.size(words, size, cell.width)
    page.text(words, y, fitting, "black", bold=bold, x=cell.x, is_centred=True)


@cache
def _words() -> Mapping[str, str]:
    found: dict[str, str] = yaml.safe_load(
        Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    )
    return found
