"""Pictures: the same bytes for ever, never a box for a sign, a code that proves itself."""

import io
import json
import random
from datetime import date

from PIL import Image, ImageFont

from bot.awards import picture, proving, rules, signing
from bot.drawing import canvas, glyphs
from tests.bot.awards.test_signing import CONTENT, PRIVATE, PUBLIC, known

WHOLE = CONTENT | {
    "issued": "2026-12-01", "issuer": "羊城家校社共育助手", "period": "2026-2027",
    "rule": "star-1", "rules": "2026-12", "template": 1, "text": "2026—2027 学年内学完 1 门课程",
}  # fmt: skip


def signed(**more):
    snapshot = signing.canonical(WHOLE | more)
    return snapshot, signing.sign(PRIVATE, snapshot)


def pixels(png):
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGB").copy()


def test_another_template_leaves_old_pictures_byte_for_byte(monkeypatch):
    old = signed()
    before = picture.paint(*old)

    def later(content, code):
        sheet = canvas.Canvas(400, 400, "#ffffff")
        sheet.text(content["title"], 40, 36, "#000000")
        return sheet.png(code)

    monkeypatch.setitem(picture.TEMPLATES, 2, later)
    assert picture.paint(*signed(template=2)) != before
    assert picture.paint(*old) == before


def test_the_code_on_it_proves_what_stands_on_it():
    snapshot, signature = signed()
    code = canvas.carried(picture.paint(snapshot, signature))
    assert code == proving.packed(snapshot, signature)
    assert proving.opened(code, known) == json.loads(snapshot)
    assert PUBLIC


def test_the_longest_texts_fit_their_code_and_their_sheet():
    needs = rules.asked(rules.levels(date(2026, 12, 1)).needs[-1])
    text = f"2026—2027 学年内{needs}"
    name = "珺" * 12
    snapshot, signature = signed(text=text, name=name, issuer="羊" * 30, rule="star-5")
    image = pixels(picture.paint(snapshot, signature))
    assert image.size == (1080, 1580)
    paper = (255, 253, 247)
    near = [image.getpixel((x, y)) for x in (54, 1025) for y in range(60, 1520)]
    assert all(max(abs(a - b) for a, b in zip(p, paper, strict=True)) < 12 for p in near)


def test_a_sign_the_font_lacks_is_a_star_never_a_box():
    assert glyphs.missing("刘龑龑😀") == "龑😀"
    assert glyphs.drawable("刘龑") == "刘*"
    assert glyphs.missing("堃犇燊玥珺") == ""
    drawn = picture.paint(*signed(name="刘龑", serial="GZ-2026-7K3QXMC"))
    starred = picture.paint(*signed(name="刘*"))
    box = (0, 395, 1080, 495)
    assert pixels(drawn).crop(box).tobytes() == pixels(starred).crop(box).tobytes()


def test_the_list_of_signs_is_that_of_the_font():
    font = ImageFont.truetype(str(canvas._FONT), 24, layout_engine=ImageFont.Layout.BASIC)
    lacking = bytes(font.getmask("\ue000"))
    among = sorted(p for p in glyphs.covered() if 0x4E00 <= p < 0xA000)
    draw = random.Random(7)
    for point in draw.sample(among, 200):
        assert bytes(font.getmask(chr(point))) != lacking, hex(point)
    others = [p for p in range(0x4E00, 0xA000) if p not in glyphs.covered()]
    for point in draw.sample(others, 200):
        assert bytes(font.getmask(chr(point))) == lacking, hex(point)


def test_a_printed_page_is_a_pdf_of_a4():
    content = canvas.on_a4(picture.paint(*signed()))
    assert content.startswith(b"%PDF")
    assert b"/MediaBox" in content
    assert b"595.2" in content.split(b"/MediaBox")[1][:60]


def test_other_files_carry_nothing():
    for content in (b"", b"\x89PNG\r\n\x1a\n", b"GIF89a"):
        assert canvas.carried(content) == ""
