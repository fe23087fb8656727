"""A sheet to draw on: text in the committed font, lines, stars, a code; then PNG.

The only place that meets Pillow and segno. Drawing depends on what is asked alone: the same calls
give the same bytes, by the same versions of both libraries.
"""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from bot.drawing.glyphs import drawable

_FONT = Path(__file__).parent / "font" / "noto-sans-sc.woff2"
#: Name under which the picture carries the words of its code, for programs.
CHUNK = "certificate"
_PDF_DPI = 300
#: A4 in pixels at that.
_A4 = (2480, 3508)
_MARGIN = 200
#: A star is drawn so many times larger and made smaller, so that its edges are smooth.
_FINE = 4
#: Length of a dot of a line to cut along, and of the gap behind it.
_DOT = 18
#: Punctuation that never begins a line.
_CLOSING = "\uff0c\u3002\u3001\uff1b\uff1a\uff09\u300b\u201d"


class Canvas:
    """A sheet of so many pixels; all measures are pixels from its upper left corner."""

    def __init__(self, width: int, height: int, paper: str) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width, height), paper)
        self._draw = ImageDraw.Draw(self._image)

    def frame(self, inset: int, colour: str, thickness: int) -> None:
        """Draw a frame so far from the edge."""
        box = (inset, inset, self.width - inset - 1, self.height - inset - 1)
        self._draw.rectangle(box, outline=colour, width=thickness)

    def line(self, y: int, inset: int, colour: str, thickness: int = 2) -> None:
        """Draw a line across."""
        self._draw.line((inset, y, self.width - inset, y), fill=colour, width=thickness)

    def text(
        self, words: str, y: int, size: int, colour: str, *, bold: int = 0, x: int | None = None,
        is_centred: bool = False,
    ) -> None:  # fmt: skip
        """Draw one line around the middle, or `x`, or from `x` on; never a box for a sign."""
        at = self.width // 2 if x is None else x
        anchor = "ma" if x is None or is_centred else "la"
        self._draw.text(
            (at, y), drawable(words), font=_font(size), fill=colour, anchor=anchor,
            stroke_width=bold,
        )  # fmt: skip

    def size(self, words: str, wanted: int, width: int) -> int:
        """Return the largest size, up to the wanted one, in which a line is not wider."""
        length = _font(wanted).getlength(drawable(words))
        return wanted if length <= width else max(1, int(wanted * width / length))

    def dots(self, x: int, y: int, side: int, *, is_across: bool) -> None:
        """Draw a dotted line from a place on, across or down: along it one cuts."""
        for at in range(0, side, 2 * _DOT):
            end = min(at + _DOT, side) - 1
            ends = (x + at, y, x + end, y) if is_across else (x, y + at, x, y + end)
            self._draw.line(ends, fill="black", width=_DOT // 6)

    def lines(self, words: str, size: int, width: int) -> list[str]:
        """Return a text in lines that are not wider."""
        found, font = [""], _font(size)
        for sign in drawable(words):
            if font.getlength(found[-1] + sign) > width and sign not in _CLOSING:
                found.append("")
            found[-1] += sign
        return found

    def star(self, x: int, y: int, radius: int, colour: str) -> None:
        """Draw a star with five points around a place."""
        turns = [math.pi * (n / 5 - 0.5) for n in range(10)]
        reach = [radius if n % 2 == 0 else radius * 0.42 for n in range(10)]
        middle = radius * _FINE
        points = [
            (middle + _FINE * r * math.cos(a), middle + _FINE * r * math.sin(a))
            for r, a in zip(reach, turns, strict=True)
        ]
        mask = Image.new("L", (2 * middle, 2 * middle))
        ImageDraw.Draw(mask).polygon(points, fill=255)
        smooth = mask.resize((2 * radius, 2 * radius), Image.Resampling.BOX)
        self._image.paste(colour, (x - radius, y - radius), smooth)

    def code(
        self, words: str, y: int, most: int, colour: str, *, x: int | None = None, error: str = "l"
    ) -> int:
        """Draw a QR code around the middle or `x`, in the largest whole dots that fit; its side.

        `error` says how much may be lost of it: `l` 7 per cent, `m` 15.
        """
        made = segno.make_qr(words, error=error, boost_error=False)
        dot = max(1, most // made.symbol_size(border=0)[0])
        side = made.symbol_size(scale=dot, border=0)[0]
        left = (self.width // 2 if x is None else x) - side // 2
        for row, dots in enumerate(made.matrix):
            for column, is_dark in enumerate(dots):
                if is_dark:
                    at = (left + column * dot, y + row * dot)
                    self._draw.rectangle((*at, at[0] + dot - 1, at[1] + dot - 1), fill=colour)
        return int(side)

    def png(self, words: str) -> bytes:
        """Return the sheet as PNG; it carries the words of its code as text (PNG 11.3.4, iTXt)."""
        info, file = PngInfo(), io.BytesIO()
        info.add_itxt(CHUNK, words)
        few = self._image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(file, "PNG", pnginfo=info, compress_level=6)
        return file.getvalue()

    def bits(self) -> Image.Image:
        """Return the sheet in black and white, one bit a dot: what a printer makes of it."""
        return self._image.convert("1", dither=Image.Dither.NONE)


def carried(png: bytes) -> str:
    """Return the words of the code that a picture of ours carries; empty where it has none."""
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            return str(image.info.get(CHUNK, ""))
    except (OSError, ValueError, SyntaxError):
        return ""


def on_a4(png: bytes) -> bytes:
    """Return a picture in the middle of a PDF page: A4, 300 dots an inch."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        room = (_A4[0] - 2 * _MARGIN, _A4[1] - 2 * _MARGIN)
        scale = min(room[0] / image.width, room[1] / image.height)
        size = (round(image.width * scale), round(image.height * scale))
        drawn = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    page = Image.new("RGB", _A4, "white")
    page.paste(drawn, ((_A4[0] - size[0]) // 2, (_A4[1] - size[1]) // 2))
    page.save(file, "PDF", resolution=_PDF_DPI)
    return file.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size, layout_engine=ImageFont.Layout.BASIC)
