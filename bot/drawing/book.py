"""Sheets as the pages of a PDF, black and white, for a printer.

One bit a dot keeps the edges of codes sharp and a page below 100 KB (CCITT group 4). The pages wait
as frames of a TIFF, so that one of them is unpacked at a time: 40 pages take 50 MB, not 350.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from PIL import Image
from PIL.TiffImagePlugin import AppendingTiffWriter

from bot.drawing.canvas import Canvas

DPI = 300
#: A4 in dots at that.
_WIDTH, _HEIGHT = 2480, 3508
#: No time in the file: equal sheets give an equal file.
_UNDATED = {"creationDate": None, "modDate": None}


def a4() -> Canvas:
    """Return an empty white sheet of A4."""
    return Canvas(_WIDTH, _HEIGHT, "white")


def pdf(sheets: Iterable[Canvas]) -> bytes:
    """Return sheets, at least one, as a PDF."""
    frames, file = io.BytesIO(), io.BytesIO()
    with AppendingTiffWriter(frames, new=True) as writer:
        for one in sheets:
            one.bits().save(writer, "TIFF", compression="group4")
            writer.newFrame()
    frames.seek(0)
    with Image.open(frames, formats=("TIFF",)) as pages:
        pages.save(file, "PDF", resolution=DPI, save_all=True, **_UNDATED)
    return file.getvalue()
