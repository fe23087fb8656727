"""Files from strangers: attacks are refused, photos are drawn anew without what hung on them."""

import io
import struct
import zlib

import pytest
from PIL import Image

from bot.week import photos
from tests.support.samples import picture

PAYLOAD = b"<script>alert(1)</script><?php system($_GET['c']); ?>PK\x03\x04evil.sh"


def bomb(width, height):
    """Return a PNG of a few kilobytes that says it is enormous."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def with_place(size=(3000, 2000)):
    """Return a JPEG that tells where and with what it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SecretCamera", 6
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (23.0, 7.0, 0.0)
    return picture("JPEG", size, exif=exif, comment=b"secret comment")


ATTACKS = {
    "empty": b"",
    "text": b"hello, I am a photo",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "gif": picture("GIF"),
    "tiff": picture("TIFF"),
    "pdf": b"%PDF-1.7 " + PAYLOAD,
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
    "zip": b"PK\x03\x04" + b"\0" * 200,
    "exe": b"MZ" + b"\0" * 500,
    "magic only": b"\xff\xd8\xff\xe0" + PAYLOAD,
    "png magic only": b"\x89PNG\r\n\x1a\n" + PAYLOAD,
    "cut off": picture("JPEG", (800, 600))[:300],
    "bomb": bomb(60_000, 60_000),
    "wide bomb": bomb(2_000_000, 1),
    "lying head": bomb(4000, 4000),
    "tiny": picture("PNG", (1, 1)),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_no_photo_is_refused(name):
    with pytest.raises(photos.NotAPhoto) as refused:
        photos.draw(ATTACKS[name])
    assert str(refused.value) in {"broken", "too_many_pixels", "too_small"}


def test_a_file_that_is_too_large_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(photos.NotAPhoto, match="too_large"):
        photos.draw(b"\xff" * (photos.FILE_BYTES + 1))


def test_place_camera_and_comment_are_gone_and_the_picture_stands_upright():
    sent = with_place()
    assert b"SecretCamera" in sent
    made = photos.draw(sent)
    assert b"Secret" not in made.content
    assert b"secret" not in made.content
    assert b"Exif" not in made.content
    with Image.open(io.BytesIO(made.content)) as kept:
        assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (1067, 1600))
        assert not kept.getexif()
    assert (made.width, made.height) == (1067, 1600)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_hangs_on_behind_a_picture_is_left_behind(kind):
    made = photos.draw(picture(kind, (200, 100)) + PAYLOAD)
    assert b"script" not in made.content
    assert b"PK\x03\x04" not in made.content
    assert (made.width, made.height) == (200, 100)


def test_a_picture_with_holes_stands_on_white():
    whole = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(whole, "PNG")
    with Image.open(io.BytesIO(photos.draw(whole.getvalue()).content)) as kept:
        assert kept.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16"])
def test_pictures_of_other_colours_are_taken(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    whole = io.BytesIO()
    Image.new(mode, (64, 64)).save(whole, kind)
    assert photos.draw(whole.getvalue()).width == 64


async def test_names_lead_nowhere_else(bureau):
    secret = bureau.rt.settings.data / "secret.jpg"
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.write_bytes(b"x")
    for name in ("../secret", "..%2fsecret", "/etc/passwd", "", "a" * 31, "g" * 32, "A" * 32):
        assert photos.read(bureau.rt, name) is None
        photos.drop(bureau.rt, [name])
    assert secret.exists()


async def test_files_belong_to_their_owner_alone_and_ten_are_too_many(bureau):
    (made,) = await photos.drawn(bureau.rt, [picture()])
    name = photos.keep(bureau.rt, made)
    path = bureau.rt.settings.data / "wall" / f"{name}.jpg"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    photos.drop(bureau.rt, [name, name])
    assert not path.exists()
    with pytest.raises(photos.NotAPhoto, match="too_many"):
        await photos.drawn(bureau.rt, [picture()] * 10)
