"""Photos from strangers: looked at before they are opened, drawn anew, kept under random names.

What is kept is a JPEG of our own making: no place, no camera, no thumbnail, nothing that was hung
on behind the picture. Source: OWASP ASVS 5.0.0, 5.2 and 5.3 (RELIABILITY 4, upload).
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import secrets
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InvalidInput
from bot.runtime import Runtime

#: Photos of one story, bytes of one photo and of a whole form, and the longer side we keep.
COUNT_MAX = 9
FILE_BYTES = 10 * 1024 * 1024
FORM_BYTES = 40 * 1024 * 1024
SIDE_MAX = 1600
#: Pixels a picture may say it has. JPEGs are read at a fraction, the others as a whole.
PIXELS_MAX = {"JPEG": 120_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
SIDE_LEAST = 32

_QUALITY = 85
_NAME_BYTES = 16
_SHELF = "week.photos"
_FOLDER = "wall"


class NotAPhoto(InvalidInput):
    """The file is no picture that can be taken; the message is a key of words."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it is kept: a JPEG and its measures."""

    content: bytes
    width: int
    height: int


async def drawn(rt: Runtime, files: Iterable[bytes]) -> list[Photo]:
    """Draw each file anew, one at a time in this process: a picture costs up to 100 MB meanwhile.

    Raises:
        NotAPhoto: one of them is too large, or no JPEG, PNG or WebP.
    """
    listed = list(files)
    if len(listed) > COUNT_MAX:
        raise NotAPhoto("too_many")
    gate: asyncio.Semaphore = rt.shelf.setdefault(_SHELF, asyncio.Semaphore(1))
    found = []
    for content in listed:
        async with gate:
            found.append(await asyncio.to_thread(draw, content))
    return found


def draw(content: bytes) -> Photo:
    """Return a file drawn anew, upright, at most 1,600 pixels on its longer side.

    Raises:
        NotAPhoto: as `drawn`.
    """
    from PIL import Image, ImageOps

    if len(content) > FILE_BYTES:
        raise NotAPhoto("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own, larger limit of pixels; ours is checked here
            with Image.open(io.BytesIO(content), formats=tuple(PIXELS_MAX)) as opened:
                _check(opened.format or "", *opened.size)
                opened.draft("RGB", (SIDE_MAX, SIDE_MAX))
                upright = ImageOps.exif_transpose(opened)
                whole = upright.convert("RGBA") if "A" in upright.getbands() else upright
                plain = Image.new("RGB", whole.size, "white")
                plain.paste(whole, mask=whole if whole.mode == "RGBA" else None)
        plain.thumbnail((SIDE_MAX, SIDE_MAX))
        made = io.BytesIO()
        plain.save(made, "JPEG", quality=_QUALITY, optimize=True)
    except NotAPhoto:
        raise
    except Exception as error:  # whatever a broken file makes the decoder do, it is no photo
        raise NotAPhoto("broken") from error
    return Photo(made.getvalue(), *plain.size)


def _check(kind: str, width: int, height: int) -> None:
    if width * height > PIXELS_MAX.get(kind, 0):
        raise NotAPhoto("too_many_pixels")
    if min(width, height) < SIDE_LEAST:
        raise NotAPhoto("too_small")


def keep(rt: Runtime, photo: Photo) -> str:
    """Write a photo; returns its name. It must be called in a thread."""
    name = secrets.token_hex(_NAME_BYTES)
    folder = _folder(rt)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.jpg"
    path.touch(mode=0o600)
    path.write_bytes(photo.content)
    return name


def read(rt: Runtime, name: str) -> bytes | None:
    """Return a photo, None where there is none (any more). It must be called in a thread."""
    try:
        return (_folder(rt) / f"{_safe(name)}.jpg").read_bytes()
    except FileNotFoundError:
        return None


def drop(rt: Runtime, names: Iterable[str]) -> None:
    """Delete photos; what is gone already is fine. It must be called in a thread."""
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            (_folder(rt) / f"{_safe(name)}.jpg").unlink()


def there(rt: Runtime) -> dict[str, float]:
    """Return the names of all kept photos with the second each was written at."""
    folder = _folder(rt)
    if not folder.is_dir():
        return {}
    found = {}
    for path in folder.glob("*.jpg"):
        with contextlib.suppress(FileNotFoundError):
            found[path.stem] = path.stat().st_mtime
    return found


def _folder(rt: Runtime) -> Path:
    return rt.settings.data / _FOLDER


def _safe(name: str) -> str:
    """Return a name that is one of ours; anything else names no file."""
    is_ours = len(name) == 2 * _NAME_BYTES and set(name) <= set("0123456789abcdef")
    return name if is_ours else "none"
