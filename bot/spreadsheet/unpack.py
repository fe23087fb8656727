"""Archives from outside: looked at before they are unpacked, and counted while they are."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.spreadsheet import problems
from bot.spreadsheet.limits import MEGABYTE, Limits

#: What zipfile raises for bytes that are no sound archive.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, LookupError,
    RuntimeError, OverflowError,
)  # fmt: skip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_CHUNK = 1 << 16
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")


def members(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive by name; folders are left out.

    Raises:
        InvalidInput: it is broken or encrypted, holds another archive or a name that leads
            elsewhere, or is larger than the limits, by what it says or by what it holds.
    """
    left = limits.unpacked
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            _check(listed, limits)
            for member in listed:
                if not member.is_dir():
                    content = _content(archive, member, left, limits)
                    left -= len(content)
                    yield member.filename, content
    except _BROKEN as error:
        raise problems.refuse("unreadable") from error


def _check(listed: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(listed) > limits.members:
        raise problems.refuse("too_many_members", most=limits.members)
    if sum(member.file_size for member in listed) > limits.unpacked:
        raise problems.refuse("too_much", most=limits.unpacked // MEGABYTE)
    for member in listed:
        if member.flag_bits & _ENCRYPTED:
            raise problems.refuse("encrypted")
        if member.compress_type not in _METHODS:
            raise problems.refuse("unreadable")
        if not _is_safe(member.orig_filename):
            raise problems.refuse("bad_name", value=member.filename)


def _is_safe(name: str) -> bool:
    strange = "\\" in name or ":" in name or not name.isprintable()
    path = PurePosixPath(name)
    return not (strange or path.is_absolute() or ".." in path.parts)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, limits: Limits) -> bytes:
    found = bytearray()
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            found += chunk
            if len(found) > left:
                raise problems.refuse("too_much", most=limits.unpacked // MEGABYTE)
    if found.startswith(_NESTED):
        raise problems.refuse("nested", value=member.filename)
    return bytes(found)
