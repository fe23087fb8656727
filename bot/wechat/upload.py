"""Request bodies: unescaped UTF-8 JSON and multipart forms that a retry can send again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, TypeAlias

import aiohttp

File: TypeAlias = tuple[str, bytes, str]  # name, content, content type
DEFAULT_TYPE = "application/octet-stream"


def json_bytes(data: Any) -> bytes:
    r"""Return JSON in UTF-8 without `\u` escapes, which the platform refuses (40033, 47002)."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def body(data: Any, files: Any) -> Callable[[], Any]:
    """Return a maker of the request body; each call gives a fresh one with the same content."""
    if files:
        read = read_files(files)
        return lambda: form(data or {}, read)
    encoded = json_bytes(data) if isinstance(data, dict) else data
    return lambda: encoded


def read_files(files: Any) -> dict[str, File]:
    """Read what wechatpy was given as files: objects, contents, or tuples with name and type."""
    pairs = files.items() if isinstance(files, Mapping) else files
    return {field: _read(field, value) for field, value in pairs}


def form(data: Mapping[str, Any], files: Mapping[str, File]) -> aiohttp.FormData:
    """Return a multipart form; names are not percent-encoded, since WeChat does not undo that."""
    made = aiohttp.FormData(quote_fields=False)
    for name, value in data.items():
        made.add_field(name, value if isinstance(value, str | bytes) else str(value))
    for field, (name, content, kind) in files.items():
        made.add_field(field, content, filename=name, content_type=kind)
    return made


def _read(field: str, value: Any) -> File:
    name, content, kind = field, value, DEFAULT_TYPE
    if isinstance(value, tuple | list):
        name, content = value[0], value[1]
        kind = value[2] if len(value) > 2 else DEFAULT_TYPE  # noqa: PLR2004 - (name, content, type)
    elif isinstance(getattr(value, "name", None), str):
        name = PurePath(value.name).name
    if hasattr(content, "read"):
        content = content.read()
    return name, content.encode() if isinstance(content, str) else content, kind
