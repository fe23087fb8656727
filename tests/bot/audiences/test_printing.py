"""Printed sheets are read back: pages, paper, and each code under its names."""

from datetime import UTC, datetime

import pytest
from PIL.PdfParser import PdfParser

from bot.audiences import printing
from bot.audiences.packing import Sheet
from bot.people.code_tables import Code

A4_POINTS = (595.2, 841.92)
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def code(n):
    return Code(f"class:gz/x/{n}", f"http://weixin.qq.com/q/{n:020d}", True, "gz/x", "", NOW, None)


def sheets(count):
    return [Sheet(f"小学2024级{n}班", f"三年级{n}班" if n else "", code(n)) for n in range(count)]


def drawn(content):
    """Return each page as the bytes of its picture, unpacked."""
    with PdfParser(buf=content) as read:
        pages = [read.read_indirect(ref) for ref in read.pages]
        for page in pages:
            box = [float(side) for side in page[b"MediaBox"]]
            assert box == pytest.approx([0, 0, *A4_POINTS], abs=0.1)
        return [read.read_indirect(page[b"Resources"][b"XObject"][b"image"]) for page in pages]


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (6, 1), (7, 2), (13, 3)])
def test_six_codes_stand_on_a_sheet_of_a4(count, pages):
    content = printing.pdf("示范一小", sheets(count), "公众号")
    assert content.startswith(b"%PDF")
    assert len(drawn(content)) == pages
    assert len(content) < 200_000 * pages


def test_equal_codes_give_an_equal_file():
    once, again = (printing.pdf("示范一小", sheets(3), "公众号") for _ in range(2))
    assert once == again


def _page(school, some):
    """Return the first sheet in black and white."""
    return next(printing._pages(school, some, "公众号")).bits()


def test_each_cell_has_its_code_and_no_more():
    full, half = _page("示范一小", sheets(6)), _page("示范一小", sheets(3))
    for n in range(6):
        x, y = 118 + n % 2 * 1122 + 100, 118 + n // 2 * 1043 + 30
        box = (x, y, x + 900, y + 950)
        is_blank = half.crop(box).getextrema() == (255, 255)
        assert is_blank == (n >= 3)
        assert full.crop(box).getextrema() == (0, 255)


def test_a_sign_the_font_lacks_is_a_star_and_long_names_stay_in_their_cell():
    strange = [Sheet("龑".ljust(70, "长"), "", code(1))]
    starred = [Sheet("*".ljust(70, "长"), "", code(1))]
    assert printing.missing("一小", strange) == "龑"
    assert _page("一小", strange).tobytes() == _page("一小", starred).tobytes()
    beside = (1240 + 30, 130, 2480 - 130, 1100)
    assert _page("一小", strange).crop(beside).getextrema() == (255, 255)
