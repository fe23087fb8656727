"""Pictures and files for messages and articles.

Sizes and kinds are checked before the call. Source: WECHAT.md 5.6, R19.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from bot.errors import InvalidInput
from bot.wechat.caller import Caller, fields, needed
from bot.wechat.upload import File

Kind: TypeAlias = Literal["image", "voice", "video", "thumb"]

MEBIBYTE = 1_048_576
ARTICLE_IMAGE_MAX = MEBIBYTE
#: Bytes; a picture by the smaller of the two numbers on the page (R19).
SIZE_MAX: Mapping[str, int] = {
    "image": 2 * MEBIBYTE,
    "voice": 2 * MEBIBYTE,
    "video": 10 * MEBIBYTE,
    "thumb": 65_536,
}
#: First bytes, and what they mean: content type and the end of the name.
_SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
    (b"#!AMR", "audio/amr", "amr"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
)
_MP4_AT, _MP4_SIGN = 4, b"ftyp"
_ENDS: Mapping[str, frozenset[str]] = {
    "image": frozenset({"jpg", "png", "gif", "bmp"}),
    "voice": frozenset({"amr", "mp3"}),
    "video": frozenset({"mp4"}),
    "thumb": frozenset({"jpg"}),
}


class Media(Caller):
    """Verbs about files."""

    async def upload_image(self, content: bytes, name: str) -> str:
        """Keep a picture for articles; return its address, good for ever and not counted.

        Raises:
            InvalidInput: not a JPEG or PNG below 1 MiB.
        """
        kind, end = _type_of(content)
        if end not in {"jpg", "png"}:
            raise InvalidInput("media.format")
        if len(content) >= ARTICLE_IMAGE_MAX:
            raise InvalidInput("media.size")
        answer = await self._upload("media/uploadimg", {}, (_ascii(name, end), content, kind))
        return needed("media/uploadimg", "POST", answer, "url")[0]

    async def upload_temporary(self, kind: Kind, content: bytes, name: str) -> str:
        """Keep a file for three days; return its media id.

        Raises:
            InvalidInput: too large, or not a format of its kind.
        """
        answer = await self._upload("media/upload", {"type": kind}, _file(kind, content, name))
        return needed("media/upload", "POST", answer, _id_field(kind, answer))[0]

    async def add_material(
        self, kind: Kind, content: bytes, name: str, title: str = "", introduction: str = ""
    ) -> tuple[str, str]:
        """Keep a file for ever; return its media id and, for a picture, its address.

        Args:
            kind: what it is; covers of articles are `image` or `thumb`.
            content: the file.
            name: its name; only letters, digits, `-` and `_` of it are sent.
            title: of a video.
            introduction: of a video.

        Raises:
            InvalidInput: too large, or not a format of its kind.
        """
        about = {"title": title, "introduction": introduction}
        words = {"description": json.dumps(about, ensure_ascii=False)} if kind == "video" else {}
        api = "material/add_material"
        answer = await self._upload(api, {"type": kind}, _file(kind, content, name), words)
        return needed(api, "POST", answer, "media_id")[0], str(answer.get("url", ""))

    async def _upload(
        self, api: str, asked: dict[str, str], file: File, words: dict[str, str] | None = None
    ) -> Mapping[str, Any]:
        answer = await self.client.post(api, params=asked, data=words, files={"media": file})
        return fields(api, "POST", answer)


def _id_field(kind: Kind, answer: Mapping[str, Any]) -> str:
    return "thumb_media_id" if kind == "thumb" and "thumb_media_id" in answer else "media_id"


def _file(kind: Kind, content: bytes, name: str) -> File:
    content_type, end = _type_of(content)
    if end not in _ENDS[kind]:
        raise InvalidInput("media.format")
    if len(content) > SIZE_MAX[kind]:
        raise InvalidInput("media.size")
    return _ascii(name, end), content, content_type


def _type_of(content: bytes) -> tuple[str, str]:
    """Return content type and ending by the first bytes; a name proves nothing."""
    if content[_MP4_AT : _MP4_AT + len(_MP4_SIGN)] == _MP4_SIGN:
        return "video/mp4", "mp4"
    for sign, kind, end in _SIGNS:
        if content.startswith(sign):
            return kind, end
    return "", ""


def _ascii(name: str, end: str) -> str:
    """Return a name of ASCII letters: others arrive as percent signs (WECHAT.md 5.6)."""
    stem = name.rpartition(".")[0] or name
    kept = "".join(sign for sign in stem if sign.isascii() and (sign.isalnum() or sign in "-_"))
    return f"{kept[:40] or 'file'}.{end}"
